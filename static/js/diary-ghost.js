// Shows where what is dragged would land (diary-spans.js), with its time, until it is there. Meanwhile the diary isn't drawn
// anew beneath somebody's hand: data-holds, which live.js heeds.
const ghost = document.createElement("div");
const [time, who] = [document.createElement("time"), document.createElement("span")];
ghost.append(time, who);
ghost.setAttribute("aria-hidden", "true");

document.addEventListener("span:show", ({ detail: { block, of, day, starts, ends, from, until } }) => {
  block?.classList.add("is-lifted");
  ghost.className = "ghost";
  ghost.dataset.holds = "";
  ghost.hidden = !day;
  ghost.style.setProperty("--from-h", starts / 60);
  ghost.style.setProperty("--to-h", ends / 60);
  time.textContent = `${from} – ${until}`;
  who.textContent = of?.who ?? "";
  const within = day ?? ghost.parentElement ?? document.querySelector(".diary-day");
  if (ghost.parentElement !== within) within.append(ghost);
});

function leave() {
  for (const block of document.querySelectorAll(".is-lifted")) block.classList.remove("is-lifted");
  delete ghost.dataset.holds;
  ghost.remove();
  document.dispatchEvent(new Event("ghost:gone"));
}

document.addEventListener("span:gone", leave);
document.addEventListener("span:drop", () => ghost.classList.add("is-saving"));

// What is saved stays until the diary has fetched itself as it now is; what isn't, goes at once.
document.addEventListener("htmx:finally:request", ({ target, detail: { ctx } }) => {
  if (!ghost.matches(".is-saving") || !ghost.isConnected) return;
  if (target.matches?.(".diary") && ctx.request.method === "POST" && ctx.response?.status === 200) delete ghost.dataset.holds;
  else if (target.matches?.(".diary, [data-live]")) leave();
});
