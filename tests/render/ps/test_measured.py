"""`ps --wide` and `ps --mem` measure a dyno under its own id, fit a narrow terminal, and draw nothing foreign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.series import Clock, Series
from herodyno.dynos import Dyno
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.ps.measured import measured_record, memory_table, wide_table
from herodyno.render.text import cell_width, plain
from tests.render.attacks import HOSTILE
from tests.render.diagnoses import NOW, ONE_DYNO

GOLDEN = Path(__file__).parent / "golden"
LEVELS = Series(mb=(600.0, None, 781.0), requests=(1, 1, 1))
FOUND: Diagnosis = replace(
    ONE_DYNO,
    clock=Clock(start=NOW, seconds=30, cells=3),
    incarnations=tuple(replace(row, series=LEVELS) for row in ONE_DYNO.incarnations),
)
DYNOS = [Dyno(name=row.dyno, id=row.id or "", type="web", state="up", size="Basic") for row in FOUND.incarnations]


def wide(dynos: list[Dyno], width: int | None = None) -> list[str]:
    return [plain(line) for line in wide_table(dynos, FOUND, newest=None, now=NOW, zone=UTC).lines(width)]


def memory(dynos: list[Dyno], *, ascii_only: bool = False) -> list[str]:
    signs = ASCII_SIGNS if ascii_only else UNICODE
    table = memory_table(dynos, FOUND, now=NOW, zone=UTC, signs=signs, width=100)
    return [plain(line) for line in table.lines(None)]


def test_a_dyno_has_its_own_numbers_and_a_younger_one_of_its_name_has_none() -> None:
    young = DYNOS[0]._replace(id="11111111-0000-4000-8000-000000000009")
    own, new = (line.split() for line in wide([DYNOS[0], young])[1:])
    assert " ".join(own[-11:]) == "212 46 22 % (17-28) 30.0 s 781 MB 153 %"
    assert new[-6:] == ["-"] * 6
    assert measured_record(None) is None


@pytest.mark.parametrize("form", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [40, 80, 140])
def test_bars_and_levels_read_as_their_golden_file(width: int, form: str, golden: Callable[[Path, str], None]) -> None:
    signs = ASCII_SIGNS if form == "ascii" else UNICODE
    table = memory_table(DYNOS, FOUND, now=NOW, zone=UTC, signs=signs, width=width)
    lines = [plain(line) for line in table.lines(width)]
    golden(GOLDEN / f"{width}-{form}.txt", "".join(f"{line}\n" for line in lines))
    assert max(map(cell_width, lines)) <= width


def test_a_narrow_terminal_keeps_names_and_numbers() -> None:
    table = memory_table(DYNOS, FOUND, now=NOW, zone=UTC, signs=UNICODE, width=80)
    for width in (60, 80, 100):
        lines = [plain(line) for line in table.lines(width)]
        assert max(map(cell_width, lines)) <= width
        assert lines[0].split()[0] == "DYNO"
        assert "USED" in lines[0]
        lines = wide(DYNOS, width)
        assert max(map(cell_width, lines)) <= width
        for heading in ("DYNO", "REQ", "ERR", "p95", "MEMORY", "USED"):
            assert heading in lines[0].split()


def test_the_bar_is_full_at_the_quota_and_per_cent_tell_how_far_beyond() -> None:
    over, below, *_ = memory(DYNOS)[1:]
    assert "██████████ 153 %" in over
    assert "██████      62 %" in below
    assert over.endswith("▇ █")
    assert all(line.isascii() for line in memory(DYNOS, ascii_only=True))


@pytest.mark.parametrize("kind", HOSTILE)
def test_names_from_the_api_stay_in_their_cell(kind: str) -> None:
    text = HOSTILE[kind]
    evil = [Dyno(name=text, id=text, type=text, state=text, size=text)]
    for lines in (wide(evil), memory(evil)):
        assert len(lines) == 2
        assert all(line.isprintable() for line in lines)
