"""The environment: what development makes up, what production insists on, and a sentence for every fault."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from app.environment import SettingsError, settings_from
from app.keys import new_keys
from app.settings import Settings
from tests.support.certificates import Authority
from tests.support.vonage import Vonage


def production(**changed: str | None) -> dict[str, str]:
    """A good production environment but for what is ``changed``; None takes a variable away."""
    good = {
        **new_keys(),
        "DATABASE_URL": "postgresql://daybook:x@db.example/daybook",
        "ALLOWED_HOSTS": "diary.example.com",
        "TRUSTED_PROXIES": "1",
        "SMTP_URL": "smtp+starttls://user:p%40ss@smtp.example.com",
        "MAIL_FROM": "diary@clinic.example",
    }
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def faults(**changed: str | None) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        settings_from(production(**changed))
    return refused.value.faults


def test_an_unset_environment_means_production() -> None:
    settings = settings_from(production())
    assert (settings.environment, settings.is_development) == ("production", False)
    assert settings.allowed_hosts == ("diary.example.com",)
    assert settings.smtp is not None
    assert (settings.smtp.security, settings.smtp.port) == ("starttls", 587)
    assert (settings.smtp.username, settings.smtp.password) == ("user", "p@ss")
    assert settings.vonage is None
    assert not settings.worker_inside, "PostgreSQL has a worker of its own"


def test_another_provider_may_carry_the_e_mails_instead_of_a_mail_server() -> None:
    settings = settings_from(production(SMTP_URL=None, MAIL_FROM=None, PROVIDER_PIGEON_KEY="k"))
    assert settings.smtp is None
    assert faults(SMTP_URL=None)[0].startswith("SMTP_URL is missing")


def test_production_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from({})
    assert [fault.split()[0] for fault in refused.value.faults] == [
        "DATABASE_URL",
        "ALLOWED_HOSTS",
        "TRUSTED_PROXIES",
        "SECRET_KEY",
        "AUDIT_KEY",
        "PEPPERS",
        "MESSAGE_KEYS",
        "SMTP_URL",
    ]
    assert all(fault.endswith(".") for fault in refused.value.faults)


WEAK = base64.b64encode(b"x" * 32).decode()
SHORT = base64.b64encode(os.urandom(16)).decode()
GOOD, OTHER = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ENVIRONMENT", "prod", "must be development or production"),
        ("DATABASE_URL", "mysql://x/y", "must begin with postgresql:// or sqlite:///"),
        ("DATABASE_URL", "postgres://", "must begin with postgresql:// or sqlite:///"),
        ("DATABASE_URL", "postgresql://db.example", "name a database"),
        ("ALLOWED_HOSTS", " , ", "is missing"),
        ("ALLOWED_HOSTS", "*", "must name each host"),
        ("ALLOWED_HOSTS", "*.example.com", "must name each host"),
        ("ALLOWED_HOSTS", "https://diary.example.com", "without https://"),
        ("ALLOWED_HOSTS", "diary.example.com/x", "without https://, a port or a path"),
        ("ALLOWED_HOSTS", "diary.example.com:8000", "without https://, a port or a path"),
        ("TRUSTED_PROXIES", "*", "must be networks like 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "0", "must be networks like 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "99", "must be networks like 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "must be networks like 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "names the whole internet"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,::/0", "names the whole internet"),
        ("PORT", "http", "must be a whole number from 1 to 65535"),
        ("PORT", "0", "must be a whole number from 1 to 65535"),
        ("PORT", "65536", "must be a whole number from 1 to 65535"),
        ("SECRET_KEY", "not base64!", "must be base64"),
        ("SECRET_KEY", WEAK, "is too weak"),
        ("AUDIT_KEY", SHORT, "is too weak"),
        ("PEPPERS", GOOD, "must be a list of id:value pairs"),
        ("PEPPERS", f"1:{WEAK}", "is too weak"),
        ("PEPPERS", f"1:{GOOD},1:{GOOD}", "has the id '1' twice"),
        ("MESSAGE_KEYS", f"a b:{GOOD}", "must be a list of id:value pairs"),
        ("SMTP_URL", "smtp.example.com", "must look like smtp+starttls://"),
        ("SMTP_URL", "https://smtp.example.com", "must look like smtp+starttls://"),
        ("SMTP_URL", "smtps://smtp.example.com:x", "must look like smtp+starttls://"),
        ("SMTP_URL", "smtps://smtp.example.com:99999", "must look like smtp+starttls://"),
        ("SMTP_URL", "smtps://[smtp", "must look like smtp+starttls://"),
        ("SMTP_URL", "smtp://smtp.example.com", "would send passwords in clear"),
        ("MAIL_FROM", None, "must be the e-mail address that messages come from"),
        ("MAIL_FROM", "Daybook <diary@clinic.example>", "must be the e-mail address"),
        ("SMTP_CA_FILE", "/nowhere.pem", "must be the path of a certificate authority's file"),
        ("SMTP_CA_FILE", __file__, "must be the path of a certificate authority's file"),
        ("VONAGE_APPLICATION_ID", "x", "go together; one of them is missing"),
        ("VONAGE_PRIVATE_KEY", "x", "go together; one of them is missing"),
        ("WORKER_INSIDE", "maybe", "must be yes or no"),
        ("MESSAGE_TRAY", "yes", "is for development only"),
    ],
)
def test_each_fault_is_one_sentence(variable: str, value: str | None, said: str) -> None:
    [fault] = faults(**{variable: value})
    assert variable in fault
    assert said in fault
    assert WEAK not in fault
    assert SHORT not in fault


@pytest.mark.parametrize(
    "key", ["x", "-----BEGIN PRIVATE KEY-----\\nnonsense", "/nowhere.key", __file__, "a\x00b"]
)
def test_a_vonage_key_that_is_none_is_one_sentence(key: str) -> None:
    [fault] = faults(VONAGE_APPLICATION_ID="x", VONAGE_PRIVATE_KEY=key)
    assert fault == "VONAGE_PRIVATE_KEY must be the key itself (PEM) or the path of a file that holds it."


def test_a_vonage_key_is_taken_as_it_is_with_escaped_lines_or_from_a_file(
    vonage: Vonage, tmp_path: Path
) -> None:
    file = tmp_path / "vonage.key"
    file.write_text(vonage.private_key)
    for given in (vonage.private_key, vonage.private_key.replace("\n", "\\n"), str(file)):
        settings = settings_from(production(VONAGE_APPLICATION_ID="x", VONAGE_PRIVATE_KEY=given))
        assert settings.vonage is not None
        assert settings.vonage.private_key.strip() == vonage.private_key.strip()


def test_a_certificate_authority_s_file_is_taken(authority: Authority) -> None:
    settings = settings_from(production(SMTP_CA_FILE=str(authority.ca_file)))
    assert settings.smtp is not None
    assert settings.smtp.ca_file == str(authority.ca_file)


@pytest.mark.parametrize(
    ("variable", "value", "means"),
    [
        (
            "DATABASE_URL",
            "postgres://u@db.example/x",
            lambda s: s.database_url == "postgresql://u@db.example/x",
        ),
        ("DATABASE_URL", "sqlite:////srv/daybook.sqlite3", lambda s: s.worker_inside),
        ("ALLOWED_HOSTS", "A.example, b.example", lambda s: s.allowed_hosts == ("a.example", "b.example")),
        (
            "TRUSTED_PROXIES",
            "none",
            lambda s: (s.trusted_proxies.hops, s.trusted_proxies.networks) == (0, ()),
        ),
        ("TRUSTED_PROXIES", "2", lambda s: s.trusted_proxies.hops == 2),
        ("TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8", lambda s: len(s.trusted_proxies.networks) == 2),
        ("PORT", " 80 ", lambda s: s.port == 80),
        ("SMTP_URL", "smtps://h.example", lambda s: (s.smtp.security, s.smtp.port) == ("tls", 465)),
        ("PEPPERS", f"2:{GOOD}, 1:{OTHER}", lambda s: s.peppers.current[0] == "2"),
    ],
)
def test_values_are_read_as_they_are_meant(variable: str, value: str, means: object) -> None:
    settings = settings_from(production(**{variable: value}))
    assert callable(means)
    assert means(settings)


def test_development_makes_up_what_is_missing(tmp_path: Path) -> None:
    settings = settings_from({"ENVIRONMENT": "development", "VAR_DIR": str(tmp_path / "var")})
    assert settings.database_url == f"sqlite:///{tmp_path}/var/daybook.sqlite3"
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert settings.smtp is None
    assert settings.worker_inside


def test_development_finds_its_keys_again(tmp_path: Path) -> None:
    env = {"ENVIRONMENT": "development", "VAR_DIR": str(tmp_path)}
    assert keys_of(settings_from(env)) == keys_of(settings_from(env))


def keys_of(settings: Settings) -> tuple[object, ...]:
    return settings.secret_key, settings.audit_key, settings.peppers.current, settings.message_keys.current


def test_what_the_environment_says_outweighs_development_s_own_keys(tmp_path: Path) -> None:
    settings = settings_from({"ENVIRONMENT": "development", "VAR_DIR": str(tmp_path), "SECRET_KEY": GOOD})
    assert settings.secret_key == base64.urlsafe_b64decode(GOOD)


def test_each_purpose_has_a_key_of_its_own() -> None:
    settings = settings_from(production())
    keys = {settings.key("csrf"), settings.key("login-limits"), settings.secret_key}
    assert len(keys) == 3
    assert settings.key("csrf") == settings.key("csrf")


def test_settings_do_not_show_their_secrets() -> None:
    env = production()
    shown = repr(settings_from(env))
    secrets = [env[name].rpartition(":")[2] for name in new_keys()]
    assert not any(secret in shown for secret in [*secrets, "p@ss"])
