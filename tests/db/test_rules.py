"""What the database refuses besides double bookings, and how it says so."""

from __future__ import annotations

from typing import Any

import pytest
from piccolo.table import Table

from app.accounts.tables import Credential, CredentialKind, LoginFailures, PepperCheck, User
from app.audit.tables import AuditEntry, AuditSeal
from app.clinic.tables import Clinic
from app.clock import local_day, now, zone
from app.db import execute, rows
from app.db.engine import Engine
from app.db.faults import RuleBroken, UniqueViolation
from app.diary.tables import Attendance, DayVersion, Patient
from app.messages.tables import Channel, Message
from app.provisioning.tables import OnlineUserWizard
from tests.db.diary import add_practitioner, book

pytestmark = pytest.mark.usefixtures("database")


async def insert(row: Table) -> int:
    added = await type(row).insert(row)
    return int(added[0]["id"])


async def assert_refused(row: Table, constraint: str) -> None:
    with pytest.raises(UniqueViolation) as refused:
        await insert(row)
    assert refused.value.constraint == constraint


def user(**values: Any) -> User:
    return User(name="Ann Lee", created_at=now(), **values)


def message(**values: Any) -> Message:
    times = {"created_at": now(), "next_attempt_at": now(), "expires_at": now()}
    return Message(**({"channel": Channel.TEXT, "recipient": "+447400123456"} | times | values))


@pytest.mark.parametrize(("column", "value"), [("email", "ann@clinic.example"), ("mobile", "+447400123456")])
async def test_two_current_users_share_no_address(column: str, value: str) -> None:
    first = await insert(user(**{column: value}))
    await assert_refused(user(**{column: value}), f"staff_user_{column}_key")
    await execute('UPDATE staff_user SET "current" = {} WHERE id = {}', False, first)
    await insert(user(**{column: value}))


async def test_many_users_have_no_address() -> None:
    await insert(user())
    await insert(user())


async def test_user_has_one_login_of_each_kind() -> None:
    ann = await insert(user())
    await insert(Credential(user=ann, kind=CredentialKind.PIN, issued_at=now()))
    await insert(Credential(user=ann, kind=CredentialKind.PASSWORD, issued_at=now()))
    again = Credential(user=ann, kind=CredentialKind.PIN, issued_at=now())
    await assert_refused(again, "credential_user_kind_key")


async def test_failures_are_counted_in_one_row_for_each_kind_and_key() -> None:
    await insert(LoginFailures(kind="pin", key="a", window_started_at=now()))
    await insert(LoginFailures(kind="password", key="a", window_started_at=now()))
    again = LoginFailures(kind="pin", key="a", window_started_at=now())
    await assert_refused(again, "login_failures_kind_key_key")


async def test_unique_column_is_named_like_a_unique_index() -> None:
    await insert(PepperCheck(pepper="1", value="a"))
    await assert_refused(PepperCheck(pepper="1", value="b"), "pepper_check_pepper_key")


async def test_carriers_reference_belongs_to_one_message() -> None:
    await insert(message(reference="1", provider_reference="a"))
    again = message(reference="2", provider_reference="a")
    await assert_refused(again, "message_channel_provider_reference_key")
    await insert(message(reference="3", provider_reference="a", channel=Channel.EMAIL))
    await insert(message(reference="4"))
    await insert(message(reference="5"))


async def test_user_has_one_unfinished_wizard() -> None:
    ann = await insert(user())
    await insert(OnlineUserWizard(user=ann, started_by=ann, started_at=now(), finished_at=now()))
    await insert(OnlineUserWizard(user=ann, started_by=ann, started_at=now()))
    again = OnlineUserWizard(user=ann, started_by=ann, started_at=now())
    await assert_refused(again, "online_user_wizard_user_key")


async def test_patient_attends_an_appointment_once() -> None:
    appointment = await book(await add_practitioner())
    patient = await insert(Patient(name="Cy Dee", created_at=now()))
    await insert(Attendance(appointment=appointment, patient=patient))
    again = Attendance(appointment=appointment, patient=patient)
    await assert_refused(again, "attendance_appointment_patient_key")


async def test_practitioners_day_has_one_version() -> None:
    practitioner, day = await add_practitioner(), local_day(now(), zone("Europe/London"))
    await insert(DayVersion(practitioner=practitioner, day=day))
    await assert_refused(DayVersion(practitioner=practitioner, day=day), "day_version_practitioner_day_key")


async def test_every_unique_index_is_named_as_both_engines_report_it(database: Engine) -> None:
    if database.engine_type == "postgres":
        found = await rows(
            """
            SELECT i.relname AS name, t.relname AS tablename, string_agg(a.attname, '_' ORDER BY k.n) AS columns
            FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
            JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = 'public'
            CROSS JOIN unnest(x.indkey) WITH ORDINALITY k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
            WHERE x.indisunique AND NOT x.indisprimary GROUP BY i.relname, t.relname
            """
        )
    else:
        found = await rows(
            """
            SELECT name, tablename, group_concat(column_name, '_') AS columns FROM (
                SELECT l.name, t.name AS tablename, i.name AS column_name
                FROM sqlite_master t, pragma_index_list(t.name) l, pragma_index_info(l.name) i
                WHERE t.type = 'table' AND l."unique" AND l.origin = 'c' ORDER BY l.name, i.seqno
            ) GROUP BY name, tablename
            """
        )
    assert len(found) > 8
    assert [row["name"] for row in found] == [f"{row['tablename']}_{row['columns']}_key" for row in found]


async def test_there_is_one_clinic() -> None:
    await insert(Clinic(id=1, name="High Street"))
    await assert_refused(Clinic(id=1, name="Another"), "clinic_pkey")
    with pytest.raises(RuleBroken) as refused:
        await insert(Clinic(id=2, name="Another"))
    assert refused.value.rule == "one-clinic"
    with pytest.raises(RuleBroken):
        await execute("UPDATE clinic SET id = 2")
    assert await rows("SELECT id FROM clinic") == [{"id": 1}]


@pytest.fixture
async def audited() -> None:
    entry = await insert(AuditEntry(at=now(), action="portal.opened", subject="clinic"))
    await insert(AuditSeal(entry=entry, position=1, mac="a"))


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = 9", "DELETE FROM {}"])
async def test_audit_trail_only_grows(audited: None, table: str, statement: str) -> None:
    before = await rows(f"SELECT * FROM {table}")
    with pytest.raises(RuleBroken) as refused:
        await execute(statement.replace("{}", table))
    assert refused.value.rule == "append-only"
    assert await rows(f"SELECT * FROM {table}") == before


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
async def test_audit_trail_is_not_emptied_by_the_back_door(
    audited: None, database: Engine, table: str
) -> None:
    statements = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",  # deletes what it replaces
        "postgres": f"TRUNCATE {table} CASCADE",
    }
    with pytest.raises(RuleBroken):
        await execute(statements[database.engine_type])


async def test_audit_entry_is_sealed_once(audited: None) -> None:
    entry = (await rows("SELECT id FROM audit_entry"))[0]["id"]
    await assert_refused(AuditSeal(entry=entry, position=2, mac="b"), "audit_seal_entry_key")
