// <button data-reveal="field-password" aria-pressed="false" hidden>Show</button> shows what is typed into that field.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", shown);
  field.focus();
});

// A password that is sent while it can be read must not be remembered as ordinary text.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("[data-reveal][aria-pressed='true']")) button.click();
}, { capture: true });

htmx.onLoad((loaded) => {
  for (const button of loaded.querySelectorAll("[data-reveal]")) button.hidden = false;
});
