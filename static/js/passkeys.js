// <form data-passkey="get" data-options="/login/passkey/options">: before it is sent, the browser finds a passkey of ours, or makes
// one ("create"), and what it answers goes into the field "credential". Whatever says data-with-passkeys is shown where the browser
// can; with "here" where the device itself can, by a finger or a face.
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.prototype.toJSON;

async function ceremony({ passkey, options }, fields) {
  const answer = await fetch(options, { method: "POST", body: new URLSearchParams(fields) });
  const wanted = await answer.json();
  if (!answer.ok) throw new Error(wanted.message ?? "");
  return passkey === "create"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(wanted) });
}

function words({ dataset }, fault) {
  if (fault.name === "InvalidStateError") return dataset.there;
  return fault.constructor === Error && fault.message ? fault.message : dataset.cancelled;
}

async function fill(form) {
  const fault = form.querySelector("[data-passkey-fault]");
  fault.hidden = true;
  form.dataset.asking = "";
  try {
    const credential = await ceremony(form.dataset, new FormData(form));
    form.elements.credential.value = JSON.stringify(credential);
    form.requestSubmit();
  } catch (thrown) {
    fault.textContent = words(form, thrown);
    fault.hidden = false;
  }
  delete form.dataset.asking;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-passkey]") || form.elements.credential.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.asking === undefined) fill(form);
}, { capture: true });

htmx.onLoad(async (loaded) => {
  const found = able ? [...loaded.querySelectorAll("[data-with-passkeys]")] : [];
  const here = found.length && await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
  for (const element of found) element.hidden = element.dataset.withPasskeys === "here" && !here;
});
