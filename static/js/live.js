// A page with data-live="/events?…" hears there which tag it has now, and fetches itself again when its own, data-tag, is
// another one: its hx-trigger is "stale". A page that nobody sees doesn't listen; it catches up when it is looked at.
// With data-lapses="40" something on it is over after so many seconds, although nobody changes anything.
const TRY_AGAIN = 5000;
let source, address = "", heard = "", asked = "", lapsing;

const page = () => document.querySelector("[data-live]");
const held = () => document.querySelector("[data-holds]");

function compare() {
  if (!heard || page()?.dataset.tag === heard || held()) return;
  asked = heard;
  htmx.trigger(page(), "stale");
}

// A session that is over, or a server that can't be reached: what the page then gets leads on.
function stop() {
  source?.close();
  address = heard = "";
  if (page()) htmx.trigger(page(), "stale");
}

function listen() {
  const wanted = document.hidden ? "" : page()?.dataset.live ?? "";
  if (wanted === address) return;
  source?.close();
  [address, heard] = [wanted, ""];
  if (!wanted) return;
  source = new EventSource(wanted);
  source.addEventListener("message", ({ data }) => { heard = data; compare(); });
  source.addEventListener("over", stop);
  source.addEventListener("error", ({ target }) => {
    if (target !== source || target.readyState !== EventSource.CLOSED) return;
    stop();
    setTimeout(listen, TRY_AGAIN);
  });
}

function lapse() {
  if (held()) lapsing = setTimeout(lapse, 1000);
  else if (page()) htmx.trigger(page(), "stale");
}

// Once for each page that has come: it is the same one when something else has settled.
function wait() {
  const seconds = page()?.dataset.lapses;
  if (!seconds) return;
  clearTimeout(lapsing);
  lapsing = setTimeout(lapse, seconds * 1000);
  delete page().dataset.lapses;
}

// Nothing changes under what somebody drags; once that has landed, the page catches up.
document.addEventListener("htmx:before:swap", (event) => { if (event.target === page() && held()) event.preventDefault(); });
document.addEventListener("ghost:gone", compare);

listen();
wait();
document.addEventListener("visibilitychange", listen);
document.addEventListener("htmx:after:settle", () => {
  listen();
  wait();
  if (heard !== asked) compare(); // it changed again while it was fetched
});
