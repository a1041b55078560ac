// What follows when something is dropped in the diary (diary-spans.js): its new time is sent, and the answer says what became
// of it; what was drawn opens the form that blocks it, filled in.
document.addEventListener("span:drop", ({ target, detail: { kind, of, day: column, from, until } }) => {
  const diary = target.closest(".diary");
  const { day, practitioner } = column.closest("[data-day]").dataset;
  const over = { source: diary, target: "#opened", swap: "innerHTML" };
  if (kind === "draw") {
    const asked = new URLSearchParams({ practitioner, at: `${day}T${from}`, until });
    htmx.ajax("GET", `${diary.dataset.drawn}?${asked}`, over);
    return;
  }
  const { address, version } = of;
  const values = kind === "move" ? { version, practitioner, starts: `${day}T${from}` } : { version, until };
  htmx.ajax("POST", `${address}/time`, { ...over, values });
});
