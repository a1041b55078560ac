// Back finds an area where it was left: <div id="diary" data-keeps-scroll> has its place remembered for each address of
// this tab. Browsers do that for pages, not for what scrolls within them.
let returning = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

const name = (area) => `scrolled ${location.pathname} ${area.id}`;

document.addEventListener("scroll", ({ target }) => {
  if (!target.matches?.("[data-keeps-scroll]")) return;
  sessionStorage.setItem(name(target), JSON.stringify([target.scrollLeft, target.scrollTop]));
}, { capture: true, passive: true });

function restore() {
  if (!returning) return;
  returning = false;
  for (const area of document.querySelectorAll("[data-keeps-scroll]")) {
    const place = sessionStorage.getItem(name(area));
    if (place) area.scrollTo(...JSON.parse(place));
  }
}

restore();
document.addEventListener("htmx:before:history:restore", () => { returning = true; });
document.addEventListener("htmx:after:settle", restore);
