// Notices leave by their cross; those that aren't errors also leave by themselves, unless a person is busy with them.
// One with a button gives time to think.
const STAYS_FOR = 6_000;
const WITH_BUTTON = 30_000;

document.addEventListener("click", (event) => {
  event.target.closest("[data-notice-close]")?.closest("[data-notice]").remove();
});

function leaveLater(notice) {
  const stays = notice.querySelector("form") ? WITH_BUTTON : STAYS_FOR;
  setTimeout(() => (notice.matches(":hover, :focus-within") ? leaveLater(notice) : notice.remove()), stays);
}

htmx.onLoad((loaded) => {
  for (const notice of document.querySelectorAll("#notices [data-notice]")) {
    if (!loaded.contains(notice) || !notice.querySelector("[data-notice-close][hidden]")) continue;
    notice.querySelector("[data-notice-close]").hidden = false;
    if (!notice.matches(".bad")) leaveLater(notice);
  }
});
