"""What CI installs is pinned and hashed, and is what pyproject.toml names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK = ROOT / ".ci" / "requirements.txt"
pytestmark = pytest.mark.skipif(not LOCK.is_file(), reason="an installed copy has no .ci folder")


def test_everything_that_pyproject_names_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(word for extra in project["optional-dependencies"].values() for word in extra)]
    names = {re.split(r"[\[<>=!~; ]", word)[0].lower() for word in named} - {"herodyno"}
    pinned = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))

    assert names <= pinned, "make .ci/requirements.txt anew: the command is in .ci/requirements.in"


def test_every_pin_has_a_hash_and_no_index_is_named() -> None:
    text = LOCK.read_text(encoding="utf-8")

    entries = re.split(r"^(?=[a-z0-9][a-z0-9._-]*==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
