// A select or a date with data-autosubmit sends its form as soon as something is chosen. What is typed waits for Enter: a
// date changes with each of its digits.
let typedIn = null;

document.addEventListener("keydown", (event) => { typedIn = event.target; });
document.addEventListener("pointerdown", () => { typedIn = null; });

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-autosubmit]") && target !== typedIn && target.checkValidity()) target.form.requestSubmit();
});
