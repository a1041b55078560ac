"""Whatever changes something is on record: a verb that opens a transaction records what it did, or is named here."""

from __future__ import annotations

import ast

from tests.support.tree import ROOT, files

RECORD = "app.audit.record.record"
WRITES = {"app.db.write", "app.db.once.once"}
# What writes without being an event that somebody answers for: functions, or all of a module's or slice's.
SILENT = {
    "app.accounts.change_notices.choose": "how one wants to be told of changes is one's own affair",
    "app.accounts.factors.authenticators.begin_authenticator": "nothing is changed before its code is confirmed",
    "app.accounts.factors.challenges.new_challenge": "a question; what is answered is on record",
    "app.accounts.peppers.check_peppers": "a check at start",
    "app.accounts.setup.new_setup_link": "an empty database: nobody is there yet",
    "app.audit.sealer._seal_batch": "seals what is on record",
    "app.db.migrate.migrate": "tables, not what is in them",
    "app.diary.catalogue.types.add_type": "what the demo begins with",
    "app.diary.notices.digests._tell": "a message",
    "app.diary.pages.preferences.prefer": "how one looks at the diary is one's own affair",
    "app.messages": "a message on its way is seen under Messages",
    "app.portal.checks._start": "a check, which changes nothing",
    "app.provisioning.wizard._keep": "nothing exists before *Create logins*",
    "app.reminders.planning": "plans messages by itself",
    "app.reminders.posting": "posts messages by itself",
}


def calls() -> dict[str, set[str]]:
    """Each function of a module, and what of ours it names, both in full: app.accounts.login.log_in."""
    found: dict[str, set[str]] = {}
    for path in files("app/**/*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text())
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        known = {function.name: f"{module}.{function.name}" for function in functions}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                known |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
        for function in functions:
            named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            found[f"{module}.{function.name}"] = {known[name] for name in named & known.keys()}
    return found


CALLS = calls()


def records(function: str) -> bool:
    """Whether it puts something on record, itself or by what it calls."""
    seen, ahead = set(), [function]
    while ahead:
        if (name := ahead.pop()) not in seen:
            seen.add(name)
            ahead += CALLS.get(name, ())
    return RECORD in seen


def test_whatever_writes_records_or_is_part_of_what_does() -> None:
    writing = {name for name, called in CALLS.items() if called & WRITES}
    assert len(writing) > 80, "nothing is looked at"
    callers = {name: [caller for caller, called in CALLS.items() if name in called] for name in writing}
    unrecorded = {
        name
        for name in writing
        if not records(name)
        and not name.startswith("app.demo.")
        and not any(records(caller) for caller in callers[name])
    }
    silent = {name: [key for key in SILENT if f"{name}.".startswith(f"{key}.")] for name in unrecorded}
    assert [name for name, keys in silent.items() if not keys] == [], "record it, or say in SILENT why not"
    assert SILENT.keys() - {key for keys in silent.values() for key in keys} == set(), "on record by now"
