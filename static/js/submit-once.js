// A form is sent once: while its answer is awaited, a second click or Enter does nothing. (The server keeps what a replay
// would create from being created twice; this only spares people the question.)
function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

function hold(form, button) {
  form.dataset.sent = "";
  button?.setAttribute("aria-disabled", "true");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  hold(form, event.submitter);
}, { capture: true });

// An answer that leads to another page keeps the form until the browser is there.
document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form");
  if (form && !event.detail.ctx.keepIndicators) free(form);
});

// Back from the next page: the form is as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
