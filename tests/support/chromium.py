"""The system's Chromium: where it is, and how the set-up gets it. Run as a module, it makes sure that there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium here: install the package chromium, or name a browser's path in CHROMIUM"

# As root it starts only without its sandbox; the others keep it from calling home, which a closed network makes slow.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str | None:
    """The browser's path: what CHROMIUM names, else the first that is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def may_be_missing() -> bool:
    """Whether tests may be skipped for want of a browser: anywhere but in continuous integration."""
    return os.environ.get("CI", "").lower() not in ("1", "true", "yes")


def install() -> None:
    """Install Debian's package where that is possible without asking anybody."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests …", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", "chromium"]):
        if subprocess.run(command, env=quietly, stdout=subprocess.DEVNULL).returncode:
            return


def main() -> int:
    """0 when there is a browser, or when the tests may do without one."""
    if path() is None:
        install()
    if path() is not None:
        return 0
    print(f"Browser tests can't run: {MISSING}.", file=sys.stderr)
    return 0 if may_be_missing() else 1


if __name__ == "__main__":
    sys.exit(main())
