// Empty time is booked by a click on it, or with the keyboard: each column of the diary has one link,
// <a href="/diary/book?practitioner=7&at=2026-11-23T09:00" data-book-slot>, that stands at the quarter of an hour under the
// pointer; with the focus on it the arrows move it. Enter, a click or a tap follows it.
const QUARTER = 15;
const MOVES = { ArrowUp: -QUARTER, ArrowDown: QUARTER, PageUp: -60, PageDown: 60 };

// Where each was put, for when the diary is fetched anew beneath somebody who is about to book.
const minutes = new Map();

const two = (number) => String(number).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const edge = (side, minute) => `${side}-h${Math.floor(minute / 60)}${minute % 60 ? ` ${side}-m${minute % 60}` : ""}`;
const placeOf = (link) => link.closest("[data-day]").getAttribute("aria-labelledby");

function shownHours(link) {
  const shown = getComputedStyle(link.closest(".diary"));
  return ["--opens", "--closes"].map((name) => Number(shown.getPropertyValue(name)) * 60);
}

function put(link, wanted) {
  const [opens, closes] = shownHours(link);
  const minute = Math.min(Math.max(wanted, opens), closes - QUARTER);
  const address = new URL(link.href);
  address.searchParams.set("at", `${link.closest("[data-day]").dataset.day}T${clock(minute)}`);
  for (const name of ["href", "hx-get"]) link.setAttribute(name, address.pathname + address.search);
  link.className = `book-slot ${edge("from", minute)} ${edge("to", minute + QUARTER)}`;
  link.querySelector("time").textContent = clock(minute);
  minutes.set(placeOf(link), minute);
}

function putUnder(link, y) {
  const { top, height } = link.parentElement.getBoundingClientRect();
  const [opens, closes] = shownHours(link);
  const minute = opens + ((y - top) / height) * (closes - opens);
  put(link, minute - (minute % QUARTER));
}

// The link of the column at whose empty time something happens.
function linkAt({ target }) {
  const column = target.closest?.(".block") ? null : target.closest?.(".diary-day");
  return column?.querySelector("[data-book-slot]");
}

document.addEventListener("pointermove", (event) => {
  const link = event.pointerType === "mouse" && linkAt(event);
  for (const other of document.querySelectorAll(".book-slot.is-pointed")) other.classList.remove("is-pointed");
  if (!link) return;
  putUnder(link, event.clientY);
  link.classList.add("is-pointed");
});

// A finger points at nothing before it taps. In a list, on narrow screens, a place says no time.
document.addEventListener("click", (event) => {
  const link = linkAt(event);
  if (!link || link.contains(event.target) || getComputedStyle(link).position !== "absolute") return;
  putUnder(link, event.clientY);
  link.click();
});

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-book-slot]");
  if (!link || !(event.key in MOVES)) return;
  event.preventDefault();
  put(link, minutes.get(placeOf(link)) + MOVES[event.key]);
  link.scrollIntoView({ block: "nearest" });
});

function putAll() {
  for (const link of document.querySelectorAll("[data-book-slot]")) {
    const [hour, minute] = new URL(link.href).searchParams.get("at").slice(-5).split(":").map(Number);
    put(link, minutes.get(placeOf(link)) ?? hour * 60 + minute);
  }
}

putAll();
document.addEventListener("htmx:after:settle", putAll);
