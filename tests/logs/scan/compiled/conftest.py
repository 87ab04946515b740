"""The compiled part, built once from the sources as they are: an installed one may be older."""

from __future__ import annotations

from ctypes import CDLL
from pathlib import Path

import pytest

from herodyno.logs.scan.compiled.library import loaded
from herodyno.logs.scan.compiled.rustc import build
from tests.real_parts import need


@pytest.fixture(scope="session")
def part_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shared library."""
    need("rustc")
    path = tmp_path_factory.mktemp("compiled") / "_compiled.so"
    assert build(path)
    return path


@pytest.fixture(scope="session")
def part(part_file: Path) -> CDLL:
    """The shared library, loaded."""
    found = loaded(part_file)
    assert found is not None
    return found
