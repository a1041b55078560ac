// Dialogs: a link or button with data-opens="id" opens that dialog as a modal; data-closes within it closes it.
// A dialog that the server sends open (<dialog data-dialog open>) becomes a modal.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog")?.close();
  }
});

// A modal that an answer takes away is closed first, which gives the focus back to whatever opened it.
document.addEventListener("htmx:before:swap", ({ detail }) => {
  for (const { target } of detail.tasks) {
    for (const dialog of target?.querySelectorAll("dialog:modal") ?? []) dialog.close();
  }
});

htmx.onLoad((loaded) => {
  const dialogs = [loaded, ...loaded.querySelectorAll("dialog[data-dialog][open]")];
  for (const dialog of dialogs) {
    if (!dialog.matches("dialog[data-dialog][open]:not(:modal)")) continue;
    dialog.removeAttribute("open");
    dialog.showModal();
  }
});
