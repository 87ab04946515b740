"""The compiled part is used only where it fits this package, and never has to be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.logs.scan.compiled import library as door
from herodyno.logs.scan.compiled.library import loaded


def test_a_file_that_is_no_library_is_left(tmp_path: Path) -> None:
    for data in (b"", b"\x7fELF", b"text"):
        (tmp_path / "x.so").write_bytes(data)
        assert loaded(tmp_path / "x.so") is None


@pytest.mark.parametrize(("value", "is_pure"), [("1", True), ("0", False), ("", False)])
def test_herodyno_pure_switches_the_compiled_part_off(
    value: str, is_pure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERODYNO_PURE", value)
    monkeypatch.setattr(door, "_PATH", tmp_path)  # something that exists
    monkeypatch.setattr(door, "loaded", lambda path: path)
    assert (door.library.__wrapped__() is None) == is_pure


@pytest.mark.real
def test_a_part_of_another_grammar_is_left(part_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(part_file) is not None
    monkeypatch.setattr(door, "FINGERPRINT", door.FINGERPRINT + b" ")
    assert loaded(part_file) is None
