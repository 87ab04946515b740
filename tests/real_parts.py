"""What some tests need beside pip: programs, and data that stands beside the repository.

With CI=true a missing part fails the test, because a proof that is skipped there is no proof. Elsewhere the test
skips, and its reason says what to install. HERODYNO_WITHOUT names parts that a CI cannot have ("shared/data"), with
commas between them: their tests skip there too.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

HEROKU_CLI = os.environ.get("HERODYNO_HEROKU_CLI") or shutil.which("heroku")
SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
REAL_LOGS = SHARED_DATA / "logs"
CASES = SHARED_DATA / "cases"

# Read once: a test may change the variables of its own process.
_IS_CI = os.environ.get("CI") == "true"
_WITHOUT = os.environ.get("HERODYNO_WITHOUT", "").split(",")


def need(part: str, *, present: object = None, install: str = "") -> None:
    """Skip the test, or fail it with CI=true, unless the part is here.

    `part` is a program on PATH, unless `present` says whether it is here. `install` says how to get it.
    """
    if present if present is not None else shutil.which(part):
        return
    reason = f"needs {part}" + (f": {install}" if install else "")
    if _IS_CI and part not in _WITHOUT:
        pytest.fail(f"{reason} (CI=true: no test skips for a missing part)", pytrace=False)
    pytest.skip(reason)


def need_heroku_cli() -> None:
    """The official Heroku CLI: HERODYNO_HEROKU_CLI (the path of `heroku`) or on PATH."""
    need("the Heroku CLI", present=bool(HEROKU_CLI), install="npm ci --prefix .ci/heroku-cli")


def need_shared_data() -> None:
    """The published schema and the public log lines, which are not part of the repository."""
    need("shared/data", present=SHARED_DATA.is_dir(), install="a folder beside the repository")


def case_bytes(name: str) -> bytes:
    """The bytes of a composed case with a known right answer, unpacked."""
    need("shared/data", present=CASES.is_dir(), install="a folder beside the repository")
    raw = (CASES / name).read_bytes()
    return gzip.decompress(raw) if name.endswith(".gz") else raw


def need_vl_convert() -> None:
    """The extra [report], which draws pictures and pages."""
    need("vl-convert", present=find_spec("vl_convert"), install="pip install 'herodyno[report]'")


def needed(check: Callable[[], None]) -> Any:
    """A fixture for a whole module, before any other: `_part = needed(need_heroku_cli)`."""

    @pytest.fixture(autouse=True, scope="module")
    def part() -> None:
        check()

    return part


def real_logs(*suffixes: str) -> list[str]:
    """The names of the public log files, to parametrize a test that calls `need_shared_data`.

    One name that does not exist without the folder, so that the test is there and says what it needs.
    """
    return sorted(path.name for path in REAL_LOGS.glob("*") if path.suffix in suffixes) or ["no-file"]


def only_where(condition: bool, reason: str) -> pytest.MarkDecorator:
    """Skip a test on systems that it is not for. No part is missing there, so it never fails."""
    return pytest.mark.skipif(not condition, reason=reason)
