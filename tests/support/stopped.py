"""Runs a command of the application with its clock stopped.

``python -m tests.support.stopped 2026-11-23T10:40+00:00 demo``
"""

from __future__ import annotations

import runpy
import sys
from datetime import datetime

from app import clock

if __name__ == "__main__":
    with clock.freeze(datetime.fromisoformat(sys.argv.pop(1))):
        runpy.run_module("app", run_name="__main__", alter_sys=True)
