// A request that came too late, because its user's session is over or locked, is answered with a dialog into #over: they show
// who they are, and the page beneath, its forms as they were typed, can be used again.
// <div id="over-page" data-door="/login?next=…">: where to, if nothing would be lost; data-writes: a form was sent.
// <div id="over-page" data-back="7" data-token="…">: user 7 is back, and forms are sent with this token.
const over = document.getElementById("over");

const typed = () => !("shared" in document.body.dataset)
  && document.querySelector("form[data-typed], form[method=post] [aria-invalid='true']") !== null;

document.addEventListener("input", ({ target, isTrusted }) => {
  const form = target.form;
  if (isTrusted && form?.method === "post" && !over?.contains(form)) form.dataset.typed = "";
});

function cover(found) {
  const dialog = found.querySelector("dialog");
  const kept = "writes" in found.dataset && !("shared" in document.body.dataset);
  if (!kept && !typed()) location.replace(found.dataset.door);
  else dialog.showModal();
}

function uncover({ dataset }) {
  if (document.body.dataset.viewer !== dataset.back) { // somebody else has come: they see nothing of it while it goes
    document.documentElement.classList.add("is-covered");
    return location.replace("/");
  }
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "x-csrftoken": dataset.token }));
  for (const field of document.querySelectorAll("[name=_csrf_token]")) field.value = dataset.token;
  over.replaceChildren();
  document.dispatchEvent(new CustomEvent("uncovered"));
}

// There is no way around it: neither Escape nor the browser's own gesture.
over?.addEventListener("cancel", (event) => event.preventDefault(), { capture: true });

// What the page fetches by itself waits until it is uncovered.
document.addEventListener("htmx:before:request", (event) => {
  if (over?.querySelector("dialog:modal") && !over.contains(event.detail.ctx.sourceElement)) event.preventDefault();
});

// A log-in of several steps takes them within the dialog.
document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  if (!over?.contains(ctx.sourceElement) || !ctx.hx.redirect || ctx.sourceElement === over) return;
  const next = ctx.hx.redirect;
  delete ctx.hx.redirect;
  htmx.ajax("GET", next, { source: "#over-form", target: "#over-form" });
});

htmx.onLoad((loaded) => {
  const found = loaded.id === "over-page" ? loaded : loaded.querySelector?.("#over-page");
  if (!found) return over?.contains(loaded) && loaded.querySelector("[autofocus]")?.focus();
  if ("back" in found.dataset) uncover(found);
  else cover(found);
});
