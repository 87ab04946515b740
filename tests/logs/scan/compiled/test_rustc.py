"""Without rustc nothing is built, and nothing is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.logs.scan.compiled.rustc import build


def test_without_rustc_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not build(tmp_path / "part.so")
    assert list(tmp_path.iterdir()) == []
