// <input data-texted> is filled from our text message where the browser can read it (WebOTP), and sent.
let waiting = null;

async function fill(field) {
  waiting?.abort();
  waiting = new AbortController();
  try {
    const found = await navigator.credentials.get({ otp: { transport: ["sms"] }, signal: waiting.signal });
    field.value = found.code;
    field.form.requestSubmit();
  } catch {
    // Nobody allowed it, or it was typed meanwhile: the field is there.
  }
}

htmx.onLoad((loaded) => {
  const field = "OTPCredential" in window && loaded.querySelector("[data-texted]");
  if (field) fill(field);
});

document.addEventListener("submit", () => waiting?.abort());
