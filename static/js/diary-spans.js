// What a drag means in the diary: a block (data-version) is moved, or stretched by its lower edge; over empty time a new one
// is drawn. Each step is told as span:show, the end as span:drop or span:gone, with what it came to as the detail:
// { kind, block, of: its address, version and name as they were when it was pressed, day: the .diary-day it lies in, or null for
//   none, starts, ends: minutes of the wall clock, from, until: the same as one reads them, same: whether nothing came of it }
const GRID = 5;
const QUARTER = 15;
const EDGE = 8; // px
let begun = null;
let span = null;

const fit = (minute, least, most) => Math.min(Math.max(minute, least), most);
const onGrid = (minute) => Math.round(minute / GRID) * GRID;
const two = (number) => String(number).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
const number = (style, name) => Number(style.getPropertyValue(name));

function hoursOf(day) {
  const style = getComputedStyle(day);
  return [number(style, "--opens") * 60, number(style, "--closes") * 60];
}

function minuteAt(day, y) {
  const [opens, closes] = hoursOf(day);
  const { top, height } = day.getBoundingClientRect();
  return opens + ((y - top) / height) * (closes - opens);
}

// The column of somebody whose diary one keeps; none outside the diary.
function dayAt(diary, x, y) {
  const isWithin = ({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom;
  if (!isWithin(diary.getBoundingClientRect())) return null;
  const days = [...diary.querySelectorAll("[data-kept] .diary-day")];
  return days.find((day) => { const { left, right } = day.getBoundingClientRect(); return x >= left && x < right; }) ?? null;
}

function isAtEdge(block, { target, kind, y }) {
  if (target === block) return true; // its grip, for fingers: grips.js
  const { bottom, height } = block.getBoundingClientRect();
  return kind === "mouse" && y > bottom - Math.min(EDGE, height / 3);
}

const GESTURES = {
  move({ starts, ends, day }, by, over) {
    const [opens, closes] = hoursOf(day);
    const start = fit(onGrid(starts + by), opens, closes - (ends - starts));
    return { day: over, starts: start, ends: start + ends - starts };
  },
  stretch({ starts, ends, day }, by, over) {
    return { day: over && day, starts, ends: fit(onGrid(ends + by), starts + GRID, hoursOf(day)[1]) };
  },
  draw({ starts, ends, day, pressed }, by, over) {
    const [opens, closes] = hoursOf(day);
    const to = fit(onGrid(pressed + by), opens, closes);
    return { day: over && day, starts: Math.min(starts, to), ends: Math.max(ends, to) };
  },
};

function tell(name, target) {
  target.dispatchEvent(new CustomEvent(`span:${name}`, { bubbles: true, detail: span }));
}

document.addEventListener("drag:press", (event) => {
  const { target, detail } = event;
  const [day, block] = [target.closest("[data-kept] .diary-day"), target.closest(".block")];
  if (!day || (block && !block.dataset.version)) return;
  if (getComputedStyle(day.closest(".diary")).display !== "grid") return; // in a list a place says no time
  if (document.querySelector(".ghost")) return; // the last one is still being saved
  event.preventDefault();
  const pressed = minuteAt(day, detail.y);
  const starts = pressed - (pressed % QUARTER);
  begun = { kind: "draw", block, day, pressed, starts, ends: starts + QUARTER };
  if (!block) return;
  const style = getComputedStyle(block);
  begun.kind = isAtEdge(block, detail) ? "stretch" : "move";
  begun.of = {
    address: block.querySelector("a").getAttribute("href"),
    version: block.dataset.version,
    who: block.querySelector(".block-who").lastChild.textContent,
  };
  begun.starts = number(style, "--from-h") * 60 + number(style, "--from-m");
  begun.ends = number(style, "--to-h") * 60 + number(style, "--to-m");
});

for (const step of ["drag:start", "drag:move"]) {
  document.addEventListener(step, ({ target, detail: { x, y } }) => {
    const over = dayAt(begun.day.closest(".diary"), x, y);
    const { kind, block, of, day } = begun;
    span = { kind, block, of, ...GESTURES[kind](begun, minuteAt(day, y) - begun.pressed, over) };
    [span.from, span.until] = [clock(span.starts), clock(span.ends)];
    span.same = ["day", "starts", "ends"].every((what) => span[what] === begun[what]);
    tell("show", target);
  });
}

document.addEventListener("drag:drop", (event) => {
  if (span.kind === "draw" && span.same) event.preventDefault(); // no longer than a slot: a click, which books
  tell(span.day && !span.same ? "drop" : "gone", event.target);
});

document.addEventListener("drag:cancel", ({ target }) => tell("gone", target));
