// <button data-print hidden> prints the page.
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
});

htmx.onLoad((loaded) => {
  for (const button of loaded.querySelectorAll("[data-print]")) button.hidden = false;
});
