// A finger can't hit a block's edge: one that rests on a block and leaves gives it a grip to stretch it by (has-grip), which the
// next touch elsewhere takes away again. See diary-spans.js.
let finger = false;

function take() {
  for (const block of document.querySelectorAll(".has-grip")) block.classList.remove("has-grip");
}

document.addEventListener("drag:start", ({ detail }) => { finger = detail.kind !== "mouse"; });
document.addEventListener("drag:cancel", () => { finger = false; }, { capture: true });

document.addEventListener("span:gone", ({ detail: { kind, block, same } }) => {
  if (finger && kind === "move" && same) block.classList.add("has-grip");
});

document.addEventListener("pointerdown", ({ target }) => { if (!target.closest?.(".has-grip")) take(); });
addEventListener("keydown", ({ key }) => { if (key === "Escape") take(); });
