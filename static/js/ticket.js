// <input type="hidden" data-ticket> takes the ticket from behind the address's #, where the link in our text has it. The
// address forgets it: neither history nor a screenshot keeps what gives a phone its attempts.
htmx.onLoad((loaded) => {
  const field = loaded.querySelector("[data-ticket]");
  if (!field || location.hash.length < 2) return;
  field.value = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname + location.search);
});
