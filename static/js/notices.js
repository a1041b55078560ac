// Notices leave by their cross; those that aren't errors also leave by themselves, unless a person is busy with them.
const STAYS_FOR = 6000;

document.addEventListener("click", (event) => {
  event.target.closest("[data-notice-close]")?.closest("[data-notice]").remove();
});

function leaveLater(notice) {
  setTimeout(() => (notice.matches(":hover, :focus-within") ? leaveLater(notice) : notice.remove()), STAYS_FOR);
}

htmx.onLoad((loaded) => {
  for (const notice of document.querySelectorAll("#notices [data-notice]")) {
    if (!loaded.contains(notice) || !notice.querySelector("[data-notice-close][hidden]")) continue;
    notice.querySelector("[data-notice-close]").hidden = false;
    if (!notice.matches(".bad")) leaveLater(notice);
  }
});
