"""Whatever is put on record has words: an administrator reads sentences, not codes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from app.audit.words import action_groups, action_words
from app.clinic.premises import LOCATIONS, ROOMS
from app.diary.catalogue.types import TYPES
from app.diary.tables import Status
from tests.support.tree import ROOT, files

KNOWN = {action for actions in action_words().values() for action in actions}


def functions() -> dict[str, int]:
    """What records, and what hands an action on to what records: which of its arguments it is."""
    return {
        node.name: names.index("action")
        for path in files("app/**/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AsyncFunctionDef)
        if "action" in (names := [argument.arg for argument in node.args.args])
    }


def recorded() -> Iterator[tuple[str, ast.expr]]:
    """Each place in the application where an action is said, and the expression that says it."""
    records = functions()
    for path in files("app/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in records:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.args[records[node.func.id]]


def pattern_of(action: ast.expr) -> str:
    """What the expression may say; what is only handed on says nothing here."""
    if isinstance(action, ast.Constant):
        return re.escape(str(action.value))
    if isinstance(action, ast.JoinedStr):
        return "".join(
            pattern_of(part) if isinstance(part, ast.Constant) else r"\w+" for part in action.values
        )
    assert isinstance(action, ast.Name), ast.dump(action)
    return ""


def test_every_action_on_record_has_words() -> None:
    places = [(place, pattern_of(action)) for place, action in recorded()]
    assert len(places) > 25
    actions = {action.split()[0] for action in KNOWN}
    wrong = [
        (place, pattern)
        for place, pattern in places
        if pattern and not any(re.fullmatch(pattern, action) for action in actions)
    ]
    assert wrong == [], "say in app/audit/words.py what this is called"


def test_every_change_of_a_catalogue_has_words() -> None:
    """Its verbs record whatever the catalogue's noun is, so the test above sees that in no single place."""
    nouns = {catalogue.noun for catalogue in (LOCATIONS, ROOMS, TYPES)}
    verbs = {"created", "changed", "retired", "restored", "ordered"}
    assert {f"{noun}.{verb}" for noun in nouns for verb in verbs} <= KNOWN


def test_every_status_has_words() -> None:
    told = {action.split()[1] for action in KNOWN if action.startswith("appointment.status ")}
    assert told == {status.value for status in Status}


def test_words_say_who_or_whom_and_each_group_has_a_name() -> None:
    words = [words for actions in action_words().values() for words in actions.values()]
    assert [said for said in words if set(re.findall(r"{(\w+)}", said)) - {"who", "whom"}] == []
    assert [said for said in words if "{" not in said] == []
    assert len(words) == len(set(words)), "two actions read the same"
    assert list(action_words()) == list(action_groups())
