"""docs/security.md: every requirement of ASVS 5.0 up to level 2 is answered, and what it names is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.support.tree import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
REQUIRED = (Path(__file__).parent / "asvs_5_0_0_level_2.txt").read_text().split()
ID = r"v5\.0\.0-(\d+\.\d+\.\d+)"
SHOWN = re.findall(rf"^\| {ID} \|[^|]*\| (.*) \|$", PAGE, re.MULTILINE)
ANCHORS = {
    re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
    for heading in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
}


def test_every_requirement_is_answered_once() -> None:
    answered = Counter(
        re.findall(ID, "\n".join(row.split("|")[1] for row in PAGE.splitlines() if "|" in row))
    )
    assert set(REQUIRED) - answered.keys() == set(), "not answered"
    assert answered.keys() - set(REQUIRED) == set(), "not asked for"
    assert [required for required, times in answered.items() if times > 1] == []


@pytest.mark.parametrize(("required", "evidence"), SHOWN)
def test_what_shows_it_is_there(required: str, evidence: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", evidence)
    sections = re.findall(r"\(#([\w-]+)\)", evidence)
    assert named or sections, "nothing shows it"
    assert [test for path, test in named if test not in defined_in(path)] == []
    assert [section for section in sections if section not in ANCHORS] == []


@cache
def defined_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text()) if (ROOT / path).exists() else ast.Module([], [])
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
