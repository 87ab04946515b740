"""What recurs: each past day is judged once, kept until it is written anew, and told with the days looked through."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.archive.days.past_days import past_days
from herodyno.archive.folder import ArchiveFolder
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import START
from tests.archive.archived import APP, put
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.diagnosis.reading import failed, request
from tests.diagnosis.traffic import restart

DAY, HOUR = 86_400.0, 3600.0
# (day, the hour after noon when web.2 starts, hours until it begins to fail): on three of five days.
INCIDENTS = ((0, 1.0, 7.0), (2, 0.5, 8.5), (4, 1.5, 8.0))


def dyno_id(day: int, *, bad: bool = True) -> str:
    return f"{'ab'[bad] * 7}{day}-0000-4000-8000-000000000000"


def recurring() -> str:
    """Five days of noons. On three of them web.2 fails 7 to 8.5 hours after its start, until somebody restarts it."""
    lines = [request(day * DAY + at, f"web.{n}") for day in range(5) for n in (1, 2, 3) for at in range(0, 40_000, 80)]
    before = dyno_id(9, bad=False)
    for day, start, age in INCIDENTS:
        begun, bad = day * DAY + start * HOUR, day * DAY + (start + age) * HOUR
        lines += restart(begun, "web.2", old=before, new=dyno_id(day)).splitlines(keepends=True)
        lines += [failed(bad + step * 20, "web.2", code="H13") for step in range(45)]
        before = dyno_id(day, bad=False)
        lines += restart(bad + 1200, "web.2", old=dyno_id(day), new=before).splitlines(keepends=True)
    return "".join(sorted(lines, key=lambda line: line[:32]))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("recurring") / "kept"
    put(root, recurring())
    return root


@pytest.mark.slow
def test_the_verdict_says_the_third_time_the_ages_and_how_long_it_stayed_away(root: Path, invoke: Invoke) -> None:
    found = valid(invoke(f"diagnose --archive {root} --since 12h --json").stdout)
    assert found["verdict"]["class"] == "one_dyno"
    again = found["recurrence"]
    assert (again["looked"], again["days"]) == (4, 30)
    assert [(one["dyno"], one["code"], one["dyno_id"]) for one in again["found"]] == [
        ("web.2", "H13", dyno_id(day)) for day, _, _ in INCIDENTS
    ]
    assert again["age_h"] == pytest.approx(sorted(age for _, _, age in INCIDENTS), abs=0.2)
    ends = [day * 24 + start + age + 1 / 3 for day, start, age in INCIDENTS]
    begins = [day * 24 + start + age for day, start, age in INCIDENTS]
    away = [begin - end for begin, end in zip(begins[1:], ends[:-1], strict=True)]
    assert again["away_h"] == pytest.approx(sorted(away), abs=0.2)
    (told,) = [detail for detail in found["verdict"]["details"] if "time in 30 days" in detail]
    assert told.startswith("Third time in 30 days (4 days in the archive looked through): H13 on web.2; each ")


@pytest.mark.slow
def test_a_day_is_judged_once_and_again_when_it_was_written_anew(tmp_path: Path) -> None:
    root = tmp_path / "kept"
    put(root, recurring())
    folder = ArchiveFolder(root)
    days = folder.days()
    assert past_days(folder, APP, may_judge=lambda: False) == ([], 0, len(days) - 1)
    found = past_days(folder, APP, may_judge=lambda: True)
    assert (found.looked, found.left) == (len(days) - 1, 0)
    assert past_days(folder, APP, may_judge=lambda: False) == found
    assert folder.incidents(days[0]).stat().st_mode & 0o077 == 0
    put(root, request(5.0, "web.9"))
    assert past_days(folder, APP, may_judge=lambda: False).left in (1, 2)  # that day, and perhaps the one beside it
    folder.incidents(days[0]).write_text("{", encoding="utf-8")
    assert past_days(folder, APP, may_judge=lambda: True) == found
    assert json.loads(folder.incidents(days[0]).read_text(encoding="utf-8"))["schema"] == "herodyno.archive-incidents/1"
    folder.remove(days[0])
    assert not folder.incidents(days[0]).exists()


def test_what_happened_once_is_not_said_to_recur(tmp_path: Path, invoke: Invoke) -> None:
    lines = [request(day * DAY + at, f"web.{n}") for day in (0, 1) for n in (1, 2, 3) for at in range(0, 6000, 50)]
    lines += [failed(DAY + 3000 + at, "web.2") for at in range(0, 900, 20)]
    put(tmp_path / "kept", "".join(sorted(lines, key=lambda line: line[:32])))
    found = valid(invoke(f"diagnose --archive {tmp_path}/kept --since 6h --json").stdout)
    assert (found["verdict"]["class"], found["recurrence"]) == ("one_dyno", None)


def test_a_damaged_past_day_is_left_and_nothing_fails_for_it(tmp_path: Path) -> None:
    put(tmp_path / "kept", "".join(request(day * DAY, "web.1") for day in (0, 1, 2)))
    folder = ArchiveFolder(tmp_path / "kept")
    folder.events(folder.days()[0]).write_bytes(b"PAR1 damaged PAR1")
    assert past_days(folder, APP, may_judge=lambda: True).left in (1, 2)  # the day beside it needs its lines


def test_days_that_cannot_be_kept_are_judged_all_the_same(tmp_path: Path) -> None:
    put(tmp_path / "kept", "".join(request(day * DAY, "web.1") for day in (0, 1, 2)))
    folder = ArchiveFolder(tmp_path / "kept")
    folder.incidents(folder.days()[0]).parent.write_bytes(b"")  # as on a disk that is read-only, nothing can lie there
    assert past_days(folder, APP, may_judge=lambda: True) == ([], 2, 0)


@pytest.mark.slow
def test_the_guilty_dynos_of_three_simulated_days_are_those_that_recur(tmp_path: Path, invoke: Invoke) -> None:
    worlds = [
        scenario("one-bad-dyno", seed=seed, start=START + timedelta(days=3 * seed), seconds=1800.0) for seed in range(3)
    ]
    put(tmp_path / "kept", *(world.full_log(APP) for world in worlds))
    found = valid(invoke(f"diagnose --archive {tmp_path}/kept --since 3h --json").stdout)
    guilty = [dyno for world in worlds for dyno in world.truth.guilty]
    assert [(one["dyno"], one["dyno_id"]) for one in found["recurrence"]["found"]] == guilty
