// What lies in an area with data-drags can be dragged. A mouse begins after a few pixels; a finger after resting for a moment,
// so that it still scrolls, or at once where it can't (touch-action: none). What was pressed is told, as events that bubble:
//   drag:press                        whoever has something to drag there prevents the default
//   drag:start, drag:move             with the place of the pointer in the detail, as in all of them
//   drag:drop, drag:cancel            the end; after a drop whose default is prevented, it was a click after all
const SLACK = 4;
const RESTS = 300; // ms
let press = null;
let swallows = false;

function tell(name) {
  return press.target.dispatchEvent(new CustomEvent(`drag:${name}`, { bubbles: true, cancelable: true, detail: press }));
}

function begin() {
  if (!press.target.isConnected) return end("cancel");
  press.begun = swallows = true;
  press.target.setPointerCapture(press.id);
  document.documentElement.classList.add("is-dragging");
  tell("start");
}

function end(how) {
  clearTimeout(press.rests);
  document.documentElement.classList.remove("is-dragging");
  if (press.begun && !tell(how)) swallows = false;
  press = null;
}

document.addEventListener("pointerdown", (event) => {
  swallows = false;
  if (press) end("cancel"); // by a second finger
  const { target, pointerId: id, pointerType: kind, clientX: x, clientY: y } = event;
  if (!event.isPrimary || event.button || event.ctrlKey || !target.closest("[data-drags]")) return;
  press = { target, id, kind, x, y };
  if (tell("press")) press = null;
  else if (kind !== "mouse" && getComputedStyle(target).touchAction !== "none") press.rests = setTimeout(begin, RESTS);
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== press?.id) return;
  if (!event.buttons) return end("cancel"); // let go where we couldn't see it
  const { clientX: x, clientY: y } = event;
  if (!press.begun) {
    if (Math.hypot(x - press.x, y - press.y) < SLACK) return;
    if (press.rests) return end("cancel");
    begin();
    if (!press) return;
  }
  Object.assign(press, { x, y });
  tell("move");
});

document.addEventListener("pointerup", (event) => { if (event.pointerId === press?.id) end("drop"); });
document.addEventListener("pointercancel", (event) => { if (event.pointerId === press?.id) end("cancel"); });
document.addEventListener("scroll", () => { if (press?.begun) tell("move"); }, { capture: true, passive: true });
document.addEventListener("touchmove", (event) => { if (press?.begun) event.preventDefault(); }, { passive: false });
for (const other of ["contextmenu", "dragstart"]) {
  document.addEventListener(other, (event) => { if (press && (press.begun || other === "dragstart")) event.preventDefault(); });
}

addEventListener("keydown", (event) => {
  if (!press?.begun) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === "Escape") end("cancel");
}, { capture: true });

// The click that follows a drag is none. One without detail is a key's, or another script's.
addEventListener("click", (event) => {
  if (!swallows || !event.detail) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });
