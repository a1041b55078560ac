// Brings people to the first field that needs correcting, on a page or a part of it that came back with errors.
htmx.onLoad((loaded) => loaded.querySelector("[aria-invalid='true']")?.focus());
