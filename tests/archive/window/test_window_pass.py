"""A stretch of an archive is judged as the same stretch of the file, though the other days are not read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.archive.boundaries_of import boundaries_of
from herodyno.archive.folder import ArchiveFolder, microseconds
from herodyno.archive.history import History, history
from herodyno.archive.window import ordinary_rows
from herodyno.archive.window.window_pass import WindowPass
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.scope import Filter, Scope
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.dynos import App
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.parts import log_in
from herodyno.render.diagnosis.document import diagnosis_document
from tests.archive.any_lines import any_lines
from tests.archive.archived import APP, put
from tests.diagnosis.plain_values import plain
from tests.diagnosis.reading import NOON, failed, request, sample, stamp
from tests.diagnosis.traffic import NEW, OLD, errors, restart
from tests.real_parts import case_bytes

HOUR = 3600.0


def log() -> str:
    """Thirty hours of a few dynos: two restarts, an outage, growth, a release, a crash, lines of nobody."""
    text = "".join(request(n * 97.0, f"web.{n % 3 + 1}", path=f"/p{n % 7}") for n in range(1100))
    text += errors("web.2", 60, start=13 * HOUR, seconds=2 * HOUR) + errors("web.1", 9, start=29 * HOUR, seconds=HOUR)
    text += restart(9 * HOUR, "web.1") + restart(20 * HOUR, "web.3", old=NEW, new=OLD)
    text += "".join(sample(11 * HOUR + n * 600, "web.2", OLD[::-1].replace("-", "0"), 200 + n) for n in range(110))
    text += f"{stamp(12.9 * HOUR)} app[api]: Release v12 created by user a@example.com\n"
    text += f"{stamp(26 * HOUR)} heroku[worker.1]: State changed from up to crashed\n"
    text += f"{stamp(26 * HOUR)} heroku[worker.1]: Process exited with status 1\n"
    text += f"{stamp(15 * HOUR)} heroku[run.77]: Starting process with command `bash`\n"
    text += f"{stamp(15 * HOUR + 9)} heroku[run.77]: Client connection closed. Sending SIGHUP to all processes\n"
    text += f"{stamp(10 * HOUR)} heroku[worker.1]: Error R14 (Memory quota exceeded)\n"
    text += f"{stamp(25 * HOUR)} heroku[worker.1]: Error R15 (Memory quota vastly exceeded)\n"
    text += failed(14 * HOUR, "") + f"{stamp(21 * HOUR)} app[web.3]: Traceback (most recent call last):\n"
    text += f"{stamp(21 * HOUR + 0.001)} app[web.3]: KeyError: 'price'\n"
    return "".join(sorted(text.splitlines(keepends=True), key=lambda line: line[:32]))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("window") / "kept"
    put(root, log())
    return root


def document(log: Log, log_filter: Filter) -> dict[str, Any]:
    found = diagnose(
        log, app=App(name=APP), at=NOON, source=Source(kind="file"), log_filter=log_filter, at_log_end=True
    )
    whole: dict[str, Any] = json.loads(json.dumps(diagnosis_document(found)))
    return whole


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("since", "until", "types"),
    [(12.0, 16.0, ()), (9.0, None, ("web",)), (20.0005, None, ()), (None, 9.0003, ()), (26.5, 27.0, ()), (0, 0.01, ())],
)
def test_a_window_is_judged_as_in_the_file(
    root: Path, since: float | None, until: float | None, types: tuple[str, ...]
) -> None:
    bounds = [None if hours is None else at(hours) for hours in (since, until)]
    start, end = bounds
    log_filter = Filter(since=(lambda _: start) if start else None, until=(lambda _: end) if end else None, types=types)
    whole = history(ArchiveFolder(root), APP)
    window = whole.between(*(microseconds(bound) if bound else None for bound in bounds))
    with Logs([str(root.parent / "kept-0.log")], year=2026) as logs:
        of_file = document(log_in(logs), log_filter)
    counted = partial(WindowPass, whole, window, year=NOON)
    assert document(Log(logs=[window], year=NOON, counted=counted), log_filter) == of_file
    assert len(of_file["incarnations"]) >= 3


def both_ways(whole: History, window: History, types: tuple[str, ...] = ()) -> tuple[Facts, Facts, int]:
    """The facts of a window with an engine and line by line, and how many of the lines the engine left."""
    scope = Scope(types=frozenset(types))
    counted = WindowPass(whole, window, year=NOON)
    of_engine = counted.facts(timeline(counted.boundaries, None, ()), scope)
    before = sum(len(lines) for lines in whole.between(None, window.first_us - 1).log_lines())
    one = OnePass(Log(logs=[window], year=NOON, lines_before=before))
    with whole.archive.over() as found:
        boundaries = boundaries_of(found, APP, (window.first_us, window.last_us))
    boundaries.update(one.boundaries)
    return of_engine, one.facts(timeline(boundaries, None, ()), scope), len(counted.others.times)


@pytest.mark.parametrize(
    ("since", "until", "types"), [(None, None, ()), (None, None, ("web",)), (9.0003, 20.0005, ()), (26.5, 27.0, ())]
)
def test_the_facts_are_those_of_a_counting_line_by_line(
    root: Path, since: float | None, until: float | None, types: tuple[str, ...]
) -> None:
    whole = history(ArchiveFolder(root), APP)
    window = whole.between(*(hours and microseconds(at(hours)) for hours in (since, until)))
    of_engine, of_lines, others = both_ways(whole, window, types)
    assert plain(of_engine) == plain(of_lines)
    assert others < of_lines.lines / 2


@pytest.mark.parametrize("most", [0, -1])
def test_where_very_many_lines_must_be_read_the_facts_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(ordinary_rows, "_MOST_SECONDS", most)
    text = request(0, "web.1") + sample(1, "web.1", OLD, 200) + f"{stamp(1.001)} app[web.1]: KeyError: 'a'\n"
    put(tmp_path / "kept", text + request(9, "web.1"))
    whole = history(ArchiveFolder(tmp_path / "kept"), APP)
    of_engine, of_lines, others = both_ways(whole, whole)
    assert plain(of_engine) == plain(of_lines)
    assert others == (2 if most == 0 else 4)


def any_log_gives_the_same_facts(root: Path, text: str, first: int, length: int) -> None:
    put(root, request(0, "web.1") + text)
    whole = history(ArchiveFolder(root), APP)
    bounds = (microseconds(NOON + timedelta(seconds=each)) for each in (first, first + length))
    of_engine, of_lines, _ = both_ways(whole, whole.between(*bounds))
    assert plain(of_engine) == plain(of_lines)


@settings(max_examples=3, deadline=None, derandomize=True)
@given(any_lines, st.integers(0, 300), st.integers(0, 900))
def test_any_log_gives_the_same_facts(text: str, first: int, length: int) -> None:
    with TemporaryDirectory() as folder:
        any_log_gives_the_same_facts(Path(folder) / "kept", text, first, length)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(any_lines, st.integers(0, 300), st.integers(0, 900))
def test_many_logs_give_the_same_facts(text: str, first: int, length: int) -> None:
    with TemporaryDirectory() as folder:
        any_log_gives_the_same_facts(Path(folder) / "kept", text, first, length)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    ["forged-in-app-text.frames.gz", "verdict-m2_leak_every.log.gz", "verdict-days.log.gz", "27-websockets-101.log.gz",
     "26-scale-down-h13.log.gz", "verdict-outage_half_crashed-14.log.gz"],
)  # fmt: skip
def test_a_case_gives_the_same_facts(tmp_path: Path, case: str) -> None:
    put(tmp_path / "kept", case_bytes(case))
    whole = history(ArchiveFolder(tmp_path / "kept"), APP)
    third = (whole.last_us - whole.first_us) // 3
    for window in (whole, whole.between(whole.first_us + third, whole.last_us - third)):
        of_engine, of_lines, _ = both_ways(whole, window)
        assert plain(of_engine) == plain(of_lines)


def test_the_engine_tells_the_boundaries_that_a_pass_finds(root: Path) -> None:
    whole = history(ArchiveFolder(root), APP)
    nothing = whole.between(whole.last_us + 1, None)
    of_engine = WindowPass(whole, nothing, year=NOON).boundaries
    of_pass = OnePass(Log(logs=[whole], year=NOON)).boundaries
    for kept in (of_engine, of_pass):
        kept.events = [each._replace(line=each.line._replace(number=0)) for each in kept.events]
        kept.actions = [each._replace(line=each.line._replace(number=0)) for each in kept.actions]
    # A traceback counts at its first line.
    of_engine.names["web.3"].last = of_pass.names["web.3"].last
    assert plain(of_engine) == plain(of_pass)
