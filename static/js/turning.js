// Pages are turned one after the other: a press on a link within <nav data-turns> waits for the turn that is still under way,
// so that two quick presses turn two pages.
const waiting = [];
let turning = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-turns] a");
  if (!link || !turning || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting.push(link);
}, { capture: true });

document.addEventListener("htmx:before:request", ({ detail }) => {
  const { sourceElement } = detail.ctx;
  if (sourceElement.closest("[data-turns]")) turning = sourceElement;
});

document.addEventListener("htmx:finally:request", ({ detail }) => {
  const { sourceElement, status } = detail.ctx;
  if (sourceElement !== turning) return;
  turning = null;
  if (status !== "swapped") waiting.length = 0; // it failed, or leads elsewhere
  waiting.shift()?.click();
});
