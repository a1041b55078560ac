// Draws the time of day into today's columns of the diary, on the clinic's clock rather than the browser's.
// <div class="diary" data-now-line data-zone="Europe/London"> … <section class="diary-column" data-day="2026-11-23">
// It tells others what time it is: now:is, with the day, and the hours since its midnight, in the detail.
const EVERY = 20_000;

// A style attribute would be lost when the diary is morphed, and refused by the content security policy when it is copied.
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

function clinicClock(zone) {
  const options = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit" };
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(new Date());
  const { year, month, day, hour, minute } = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return { today: `${year}-${month}-${day}`, time: `${hour}:${minute}`, hours: Number(hour) + Number(minute) / 60 };
}

function draw(diary) {
  const { today, time, hours } = clinicClock(diary.dataset.zone);
  diary.dispatchEvent(new CustomEvent("now:is", { bubbles: true, detail: { today, hours } }));
  const shown = getComputedStyle(diary);
  const within = hours >= shown.getPropertyValue("--opens") && hours <= shown.getPropertyValue("--closes");
  const columns = [...diary.querySelectorAll("[data-day]")];
  for (const column of columns) column.classList.toggle("is-today", within && column.dataset.day === today);
  sheet.replaceSync(`.diary { --now: ${hours} }`);
  diary.querySelector(".now-label")?.remove();
  if (!columns.some((column) => column.matches(".is-today"))) return;
  const label = document.createElement("li");
  label.className = "now-label";
  label.textContent = time;
  diary.querySelector(".diary-gutter").append(label);
}

function drawAll() {
  for (const diary of document.querySelectorAll("[data-now-line]")) draw(diary);
}

drawAll();
setInterval(drawAll, EVERY);
document.addEventListener("htmx:after:settle", drawAll);
document.addEventListener("visibilitychange", drawAll);
for (const label of document.querySelectorAll(".now-label")) label.scrollIntoView({ block: "center" });
