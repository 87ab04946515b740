"""The first screen fits the terminal, tells what the whole report tells, and draws nothing that is foreign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from herodyno.diagnosis.report.only_here import OnlyHere, OnlyHereLine
from herodyno.diagnosis.report.report import Action, Diagnosis, Unattributed
from herodyno.render.diagnosis.first_screen import first_screen
from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.text import cell_width, cleaned, plain
from tests.diagnosis.reading import judged, sample, stamp
from tests.diagnosis.traffic import OLD, errors, restart, traffic
from tests.render.attacks import HOSTILE, assert_nothing_moves
from tests.render.diagnoses import ALL, NOW, ONE_DYNO, dyno, hostile

GOLDEN = Path(__file__).parents[1] / "golden" / "first-screen"


def screen(diagnosis: Diagnosis, *, width: int = 80, height: int = 24, ascii_only: bool = False) -> list[str]:
    signs = ASCII_SIGNS if ascii_only else UNICODE
    lines = first_screen(diagnosis, width=width, height=height, utc=True, signs=signs)
    return [plain(cleaned(line)) for line in lines]


@cache
def incident() -> Diagnosis:
    """Four dynos for six minutes. web.2 fails 25 requests, waits for its database and swaps, and is restarted."""
    waits = "waiting for a database connection (pool of 5 exhausted)"
    own = "".join(f"{stamp(at)} app[web.2]: {waits}\n" + sample(at, "web.2", OLD, 500 + at) for at in range(5, 190, 14))
    calm = "".join(
        sample(at, f"web.{n}", f"{n}" * 8 + OLD[8:], 310 + n) for n in (1, 3, 4) for at in range(10, 350, 20)
    )
    return judged(traffic(4, 300) + errors("web.2", 25, seconds=180) + restart(200, "web.2") + own + calm)


def many(n: int) -> Diagnosis:
    """One failing dyno among so many."""
    calm = [dyno(f"web.{i}", None, requests=10) for i in range(1, n)]
    return replace(ONE_DYNO, incarnations=(dyno(f"web.{n}", None, requests=10, failed=3, verdict="outlier"), *calm))


@pytest.mark.parametrize("form", ["unicode", "ascii"])
@pytest.mark.parametrize("width", [40, 80, 140])
def test_an_incident_reads_as_its_golden_file(width: int, form: str, golden: Callable[[Path, str], None]) -> None:
    lines = screen(incident(), width=width, ascii_only=form == "ascii")
    golden(GOLDEN / f"{width}-{form}.txt", "".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("size", [(80, 24), (80, 23), (100, 24), (100, 50), (140, 30), (300, 24)], ids=str)
def test_it_fits_the_terminal_with_a_line_for_the_prompt(name: str, size: tuple[int, int]) -> None:
    width, height = size
    for diagnosis in (ALL[name], replace(ALL[name], incarnations=many(60).incarnations)):
        lines = screen(diagnosis, width=width, height=height)
        assert sum(max(1, -(-cell_width(line) // width)) for line in lines) < height
        assert all(cell_width(line) <= width or "herodyno " in line for line in lines)


def test_verdict_command_and_failing_dyno_are_there_whatever_the_width() -> None:
    for width in (20, 33, 60, 80, 200):
        told = "\n".join(screen(ONE_DYNO, width=width))
        assert "herodyno restart web.2 --if-id 6f1c02ab -a example-app" in told
        assert "!! ONE DYNO" in told
        assert any(line.startswith("web.2") and "!!" in line for line in told.splitlines())


def test_what_the_first_action_does_stands_below_it_and_what_the_dynos_alone_print_is_counted() -> None:
    lines = screen(ONE_DYNO, width=100)
    at = next(place for place, line in enumerate(lines) if line.startswith("DO THIS"))
    assert lines[at + 1].strip().startswith("replaces that one dyno; 3 of 4 web dynos keep serving")
    assert lines[at + 2].strip() == "undo: none needed · evidence first? heroku ps:exec -d web.2 -a example-app"
    look = Action(rank=2, argv=(), text="look at a sentence of the app that is longer than a terminal is wide")
    row = OnlyHereLine(
        template="waiting for a connection (pool of <n>)", example="", kind="line", n=12, peers_n=0, requests=9,
        peers_requests=9, p_adjusted=0.001, first=NOW, every=None, dynos=("web.2",),
    )  # fmt: skip
    only_here = OnlyHere(heading="", against="peers", lines=(row,))
    told = screen(replace(ONE_DYNO, actions=(*ONE_DYNO.actions, look), only_here=only_here))
    assert next(line for line in told if line.strip().startswith("2 look at")).endswith("…")
    assert "ONLY HERE     12 : 0   app[web.2]: waiting for a connection (pool of <n>)" in told


def test_dynos_beyond_the_height_are_summed_up_and_the_failing_one_stays() -> None:
    lines = screen(many(60), width=100)
    assert any(line.startswith("web.60  !!") for line in lines)
    (rest,) = [line for line in lines if line.startswith("and ")]
    shown = sum(line.startswith("web.") for line in lines)
    assert rest == f"and {60 - shown} more: 0 of {(60 - shown) * 10} requests failed"
    assert sum(line.startswith("web.") for line in screen(many(60), width=100, height=90)) == 60


def test_errors_stand_in_the_column_of_their_time_and_the_restart_below_it() -> None:
    lines = screen(incident(), width=140)
    head = next(line for line in lines if line.startswith("DYNO"))
    strip = slice(head.index("ERRORS 1"), head.index("ERRORS 1") + 18)
    rows = {line.split()[2]: line[strip] for line in lines if line.startswith("web.")}
    old, new = rows["aaaaaaaa"], rows["bbbbbbbb"]
    assert old.rstrip("| ")[-1] in UNICODE.levels
    assert new.strip().lstrip("|") == "·····"
    events = next(line for line in lines if line.strip().startswith("r restart"))
    assert events[strip].index("r") == new.index("|") == len(old.rstrip()) - 1


def test_without_any_event_the_lane_says_so() -> None:
    assert any(line.strip() == "no release, restart or scale here" for line in screen(judged(traffic(2, 60))))


def test_errors_that_name_no_dyno_are_never_dropped() -> None:
    assert "(no dyno)  3 errors name none: H14 x3" in screen(ONE_DYNO)
    one = replace(ONE_DYNO, unattributed=Unattributed(errors=1, by_code=(("H14", 1),)))
    assert "(no dyno)  1 error names none: H14 x1" in screen(one)


def test_in_ascii_signs_differ_by_shape_and_nothing_else_is_lost() -> None:
    plain_text, drawn = screen(incident(), ascii_only=True), screen(incident())
    assert len(plain_text) == len(drawn)
    rows = [line for line in plain_text if line.startswith("web.")]
    assert any("#" in line for line in rows)
    assert all(line.replace("·", "-").isascii() for line in rows)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_terminal_emulator_sees_no_escape_sequence_of_foreign_text(kind: str) -> None:
    lines = screen(hostile(HOSTILE[kind]), width=100, height=60)
    assert_nothing_moves(lines)
    told = "\n".join(lines)
    for words in ("ONLY HERE     46 : 1   app[web.2]: t", "ALSO          !! also", "2 look at", "undo: u", "web.1"):
        assert words in told
