"""The system's Chromium: where it is, and how the set-up gets it. Run as a module, it makes sure that there is one.

Best is the build that has no windows, menus and extensions of its own: the same engine at two thirds of the work.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# What Debian has, and older releases and relatives of it; the first that can be installed is enough.
PACKAGES = ("chromium-headless-shell", "chromium")
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
    """Install one of Debian's packages where that is possible without asking anybody."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests …", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = ["apt-get", "-qq", "-y", "--no-install-recommends"]
    subprocess.run([*get, "update"], env=quietly, stdout=subprocess.DEVNULL)
    for package in PACKAGES:
        command = [*get, "install", package, "fonts-liberation"]
        if subprocess.run(command, env=quietly, stdout=subprocess.DEVNULL).returncode == 0:
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
