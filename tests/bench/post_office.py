"""The mail server and Vonage on loopback, in a process of their own: ``python -m tests.bench.post_office URL``.

It prints the environment of an application that sends to them, and goes on until its standard input ends.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from tests.support.certificates import Authority
from tests.support.settings import environment_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage


def main(url: str) -> None:
    os.nice(10)  # a clinic's mail server and Vonage are on other machines
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        with SmtpServer(authority) as smtp, Vonage(authority) as vonage:
            print(json.dumps(environment_for(url, smtp, vonage)), flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
