// Marks who should be here by now: booked or confirmed, although the time has begun. It is shown, and never set. Its word for
// readers is the diary's data-overdue.
const EXPECTED = ".block[data-status='booked'], .block[data-status='confirmed']";

function hasBegun(block, { today, hours }) {
  const { day } = block.closest("[data-day]").dataset;
  const style = getComputedStyle(block);
  const [hour, minute] = ["--from-h", "--from-m"].map((name) => Number(style.getPropertyValue(name)));
  return day < today || (day === today && hour + minute / 60 < hours);
}

document.addEventListener("now:is", ({ target, detail }) => {
  const said = `, ${target.dataset.overdue}`;
  for (const block of target.querySelectorAll(EXPECTED)) {
    const link = block.querySelector("a[aria-label]");
    if (!link) continue;
    const overdue = hasBegun(block, detail);
    block.classList.toggle("is-overdue", overdue);
    const label = link.ariaLabel.replace(said, "");
    link.ariaLabel = overdue ? label + said : label;
  }
});
