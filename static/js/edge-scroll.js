// What is dragged near an edge of the area that it lies in (data-drags) scrolls that area, so that any place can be reached.
const NEAR = 32; // px
const MOST = 14; // px in a frame, at the edge itself and beyond
let at = null;
let area = null;

// How fast, from what is left between the pointer and the two edges.
function speed(before, after) {
  if (before < NEAR) return -MOST * Math.min(1 - before / NEAR, 1);
  return after < NEAR ? MOST * Math.min(1 - after / NEAR, 1) : 0;
}

function step() {
  if (!area) return;
  const { left, right, top, bottom } = area.getBoundingClientRect();
  const covered = getComputedStyle(area); // by heads that stay in view
  const [head, gutter] = [covered.scrollPaddingTop, covered.scrollPaddingLeft].map(Number.parseFloat);
  area.scrollBy(speed(at.x - left - gutter, right - at.x), speed(at.y - top - head, bottom - at.y));
  requestAnimationFrame(step);
}

document.addEventListener("drag:move", ({ target, detail }) => {
  if (!area) requestAnimationFrame(step);
  [area, at] = [target.closest("[data-drags]"), detail];
});

for (const end of ["drag:drop", "drag:cancel"]) document.addEventListener(end, () => { area = null; });
