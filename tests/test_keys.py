"""Keys: fresh ones for an installation, and the ones that development keeps."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.environment import SettingsError, settings_from
from app.keys import NAMES, development_keys, new_keys


def test_fresh_keys_are_as_the_environment_takes_them() -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from(new_keys())
    assert not any(fault.startswith(NAMES) for fault in refused.value.faults), "other variables are missing"


def test_no_two_are_alike() -> None:
    values = [value for _ in range(5) for value in new_keys().values()]
    assert len(set(values)) == len(values) == 5 * len(NAMES)


def test_development_s_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    var = tmp_path / "new" / "var"
    keys = development_keys(var)
    assert keys.keys() == set(NAMES)
    assert development_keys(var) == keys
    [file] = var.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(var.stat().st_mode) == 0o700


def test_of_first_starts_at_once_all_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: development_keys(tmp_path), range(16)))
    assert all(keys == found[0] for keys in found)
    assert [file.name for file in tmp_path.iterdir()] == ["keys.env"]
