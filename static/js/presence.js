// A page covers itself when its session ends or locks for want of use: <body data-presence="300">, the seconds that are left.
// Other tabs use the session too, so the server is asked before (#over fetches /presence), and says how long there is still.
// What somebody types is a use that the server wouldn't hear of: it is told once in a while.
const over = document.getElementById("over");
const LONGEST = 2 ** 31 - 1; // ms, that a timer can wait
let ends = 0, timer, told = Date.now();

const ask = () => htmx.trigger(over, "due");

function wait(seconds) {
  ends = Date.now() + seconds * 1000;
  document.documentElement.classList.remove("is-covered");
  clearTimeout(timer);
  timer = setTimeout(ask, Math.min(seconds * 1000, LONGEST));
}

// A browser that slept shows nothing until it has asked.
function look() {
  if (document.hidden || Date.now() < ends) return;
  document.documentElement.classList.add("is-covered");
  ask();
}

if (over) {
  wait(Number(document.body.dataset.presence));
  document.addEventListener("presence", ({ detail }) => wait(detail.seconds));
  document.addEventListener("uncovered", ask);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("input", ({ isTrusted }) => {
    if (!isTrusted || over.children.length || Date.now() - told < Math.min((ends - told) / 10, 30_000)) return;
    told = Date.now();
    htmx.ajax("POST", "/presence", { source: over, target: over });
  });
}

// Back after a log-out finds nothing, whatever the browser has kept of the page.
addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
