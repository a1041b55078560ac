// <button data-fills="field-portal_url" value="https://…" hidden>Use this address</button> puts its value into that field.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fills]");
  if (!button) return;
  const field = document.getElementById(button.dataset.fills);
  field.value = button.value;
  field.focus();
});

htmx.onLoad((loaded) => {
  for (const button of loaded.querySelectorAll("[data-fills]")) button.hidden = false;
});
