// Runs in every page that a browser test opens. What is wrong with a page, or with a part that came later, is said as an
// error on its console, where the test hears it. Its Python sister holds the HTML; this one what only layout shows.
(() => {
  if (window !== top) return; // a mail in the tray
  const TARGETS = "a[href], button, summary, select, input:not([type=hidden]), textarea";
  const told = new Set();

  function complain(sentence) {
    if (!told.has(sentence)) console.error(`${location.pathname} at ${innerWidth} px: ${sentence}`);
    told.add(sentence);
  }

  function described(element) {
    return `<${element.localName}> “${(element.ariaLabel || element.textContent || element.name || "").trim().slice(0, 40)}”`;
  }

  function isShown(element) {
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest(".visually-hidden, .skip-link");
  }

  // By touch a target is 44 px (DESIGN §8), by pointer WCAG's 24. A link in a sentence is as high as its line, a row's link
  // as its row, and an appointment in the diary's grid as high as it is long.
  function isTooSmall(element, least) {
    if (getComputedStyle(element).display === "inline" || element.closest(".diary-blocks")) return false;
    const row = element.matches(".row-link") ? [element.closest("tr")] : [];
    const boxes = [element, ...row, ...(element.labels ?? [])].map((each) => each.getBoundingClientRect());
    return Math.max(...boxes.map(({ height }) => height)) < least - 0.5 || Math.max(...boxes.map(({ width }) => width)) < 23.5;
  }

  function check() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) complain(`it scrolls sideways, by ${scrollWidth - clientWidth} px`);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) complain(`two elements have the id ${id}`);
    for (const tag of ["h1", "main"]) {
      const found = document.querySelectorAll(tag).length;
      if (found !== 1) complain(`${found} <${tag}>`);
    }
    const least = matchMedia("(pointer: coarse)").matches ? 44 : 24;
    for (const element of [...document.querySelectorAll(TARGETS)].filter(isShown)) {
      if (isTooSmall(element, least)) complain(`${described(element)} is smaller than ${least} px`);
      if ("labels" in element && element.type !== "hidden" && element.localName !== "button" && !element.labels.length && !element.ariaLabel) {
        complain(`${described(element)} has no label`);
      }
    }
  }

  addEventListener("load", check);
  window.checkPage = check; // for a test that changes the page's size
  document.addEventListener("htmx:after:settle", check);
})();
