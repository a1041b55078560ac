"""The tree as its next reader finds it: short files, nothing put off, and locks that any machine can use."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.tree import ROOT, files, lines

SOURCES = files(
    "app/**/*.py", "tests/**/*.py", "templates/**/*.html", "static/**/*.css", "static/**/*.js", "Makefile"
)
LONGEST, LONGEST_TEST = 250, 350  # a noun's refusals take more room than the noun
LONGER: dict[str, str] = {}  # path: why it may be longer
LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
# Written apart, so that this file doesn't find itself.
PUT_OFF = re.compile(
    r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|NotImplemented" r"Error|mark\.(skip|xfail)\b"
)
SILENCED = re.compile(r"#\s*(no" r"qa|type:\s*ig" r"nore)(?P<what>[^#]*)(?P<why>#.*)?$")


def test_no_file_outgrows_one_noun() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {
        path: length
        for path, length in lengths.items()
        if length > (LONGEST_TEST if path.startswith("tests/") else LONGEST) and path not in LONGER
    } == {}


def test_nothing_is_put_off() -> None:
    assert [place for path in SOURCES for place, line in lines(path) if PUT_OFF.search(line)] == []


def test_a_silenced_check_is_named() -> None:
    """What is silenced is one rule, not all of them."""
    silenced = [
        (place, found["what"])
        for path in SOURCES
        for place, line in lines(path)
        if (found := SILENCED.search(line))
    ]
    assert [place for place, what in silenced if not re.match(r":\s*[A-Z]+\d|\[[\w, -]+\]", what)] == []


def pins(lock: Path) -> dict[str, Version]:
    return {canonicalize_name(name): Version(version) for name, version in PIN.findall(lock.read_text())}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_hold_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert len(re.findall(r"^\S+==.*\\\n\s+--hash=sha256:", text, re.MULTILINE)) == len(PIN.findall(text))
    assert re.findall(r"^\s*--(?!hash).*|\S*(?:https?|file)://\S*|\S+ @ \S+", text, re.MULTILINE) == []


def test_locks_are_those_of_the_project() -> None:
    """Each dependency is pinned to a version that the project accepts, and the same one for running and for testing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    running, testing = (pins(lock) for lock in LOCKS)
    wanted = [(Requirement(text), running) for text in project["project"]["dependencies"]]
    wanted += [(Requirement(text), testing) for text in project["dependency-groups"]["dev"]]
    wrong = [
        str(requirement)
        for requirement, lock in wanted
        if lock.get(canonicalize_name(requirement.name), Version("0")) not in requirement.specifier
    ]
    assert wrong == []
    assert running.items() <= testing.items()
