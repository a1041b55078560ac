// One key does what a link or button does: <a data-key="t">, <a data-key="arrowleft">, as long as the page has data-keys.
// Not while something is typed or open over the page, nor with Ctrl, Alt or ⌘, which are the browser's. It is asked last:
// whatever has the focus may need the key itself, and what can be scrolled needs the arrows.
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (!document.querySelector("[data-keys]") || document.querySelector("dialog:modal")) return;
  const { target } = event;
  if (target.closest("input, select, textarea, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const scrolled = target.closest("[tabindex]");
  if (key.startsWith("arrow") && scrolled?.scrollWidth > scrolled?.clientWidth) return;
  const does = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!does) return;
  event.preventDefault();
  does.click();
});
