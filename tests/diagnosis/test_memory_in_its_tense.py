"""Memory is told by its last samples: a level carries the time it was read, and what is past, or gone, "was"."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import pi, sin

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import Dyno
from herodyno.heroku.api.wire import dynos_from
from herodyno.render.diagnosis.nagios import nagios_line
from herodyno.render.diagnosis.report import diagnosis_lines
from tests.diagnosis.reading import NOON, judged, sample, stamp
from tests.diagnosis.traffic import NEW, OLD
from tests.real_parts import case_bytes

Level = Callable[[float], float]


def measured(
    dyno: str, dyno_id: str, level: Level, *, start: float = 0.0, end: float = 3600.0, r14: bool = True
) -> str:
    """A sample every 20 seconds, with the R14 lines that Heroku logs beside those over 512 MB."""
    text = ""
    for at in range(int(start), int(end) + 1, 20):
        mb = level(at)
        text += sample(at, dyno, dyno_id, mb, swap=max(0.0, mb - 512))
        if r14 and mb > 512:
            text += f"{stamp(at + 0.1)} heroku[{dyno}]: Process running mem={int(mb)}M({mb / 5.12:.1f}%)\n"
            text += f"{stamp(at + 0.2)} heroku[{dyno}]: Error R14 (Memory quota exceeded)\n"
    return text


def told(text: str, *, seconds: float = 3600.0, dynos: list[Dyno] | None = None) -> Diagnosis:
    """Beside web.2, which is well and logs to the end."""
    text += measured("web.2", NEW.replace("b", "c"), lambda _: 300.0, end=seconds)
    return judged(text, dynos, at=NOON + timedelta(seconds=seconds))


def shown(found: Diagnosis) -> str:
    return "\n".join("".join(span.text for span in line) for line in diagnosis_lines(found, width=None, utc=True))


def test_a_level_over_the_quota_is_so_at_the_time_it_was_read() -> None:
    found = told(measured("web.1", OLD, lambda _: 600.0))
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("memory", True, "warning")
    assert found.verdict.summary.startswith(
        "web.1 (aaaaaaaa) is over the memory quota (600 of 512 MB, 117 %, at 13:00)"
    )
    assert any(action.argv[:2] == ("herodyno", "restart") for action in found.actions)


@pytest.mark.parametrize(
    ("level", "times"),
    [
        (lambda at: 520.0 if at % 540 < 60 else 500.0, "7 times"),
        (lambda at: 495.0 + 25 * sin(2 * pi * at / 900), "4 times"),
    ],
)
def test_a_level_that_swings_and_is_below_the_quota_now_was_over_it(level: Level, times: str) -> None:
    found = told(measured("web.1", OLD, level))
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("memory", None, "warning")
    assert found.verdict.summary.startswith(f"web.1 (aaaaaaaa) was over the memory quota {times} in 1 h; now ")
    assert not any(action.mutates for action in found.actions)


def test_the_swinging_case_was_over_its_quota_twenty_times() -> None:
    at = datetime(2026, 6, 9, 16, 20, tzinfo=UTC)
    found = judged(case_bytes("verdict-m2_flap.log.gz").decode(), at=at)
    assert "was over the memory quota 20 times in 2 h 59 min; now 500 of 512 MB, 97.7 %, at 16:19" in (
        found.verdict.summary
    )
    assert " is over" not in shown(found)
    assert not any(action.mutates for action in found.actions)


def test_a_level_that_fell_below_the_quota_for_good_is_over() -> None:
    found = told(measured("web.1", OLD, lambda at: 600.0 if at < 1200 else 300.0))
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("memory", False, "info")
    assert found.verdict.summary == (
        "web.1 (aaaaaaaa) was over the memory quota once in 1 h; now 300 of 512 MB, 58.6 %, at 13:00; "
        "below it since 12:19"
    )
    assert (exit_code(found), found.verdict.ended_with) == (0, "itself")
    assert nagios_line(found).startswith("OK: MEMORY WAS OVER, ")


def test_a_reading_older_than_five_minutes_is_told_with_its_time_and_not_as_now() -> None:
    found = told(measured("web.1", OLD, lambda _: 600.0, end=1800))
    assert (found.verdict.kind, found.verdict.ongoing) == ("memory", None)
    assert found.verdict.summary.endswith("once in 1 h; the last reading is 600 of 512 MB, 117 %, at 12:30")
    assert re.search(r"^MEMORY +level +read .*\n(?:web.1 .* )12:30 ", shown(found), re.MULTILINE)
    assert found.incarnations[0].memory.last_at is not None
    fresh = told(measured("web.1", OLD, lambda _: 600.0))
    assert re.search(r"^MEMORY +now ", shown(fresh), re.MULTILINE)


@pytest.mark.parametrize("has_stopped", [True, False])
def test_a_dyno_that_was_replaced_was_over_its_quota(has_stopped: bool) -> None:
    stop = (
        f"{stamp(1800.2)} heroku[web.1]: Stopping all processes with SIGTERM\n"
        f"{stamp(1801)} heroku[web.1]: Process exited with status 143\n"
    )
    replaced = (
        f"{stamp(1800)} heroku[web.1]: Restarting\n"
        f"{stamp(1800.1)} heroku[web.1]: State changed from up to starting\n"
        + (stop if has_stopped else "")
        + f"{stamp(1803)} heroku[web.1]: Starting process with command `x`\n"
        f"{stamp(1806)} heroku[web.1]: State changed from starting to up\n"
    )
    # With preboot the old dyno runs on for minutes beside its successor.
    end = 1800.0 if has_stopped else 1900.0
    text = measured("web.1", OLD, lambda _: 600.0, end=end) + replaced
    found = told(text + measured("web.1", NEW, lambda _: 200.0, start=1820, end=1920), seconds=1920)
    assert found.verdict.ongoing is not True
    assert "web.1 (aaaaaaaa) is" not in shown(found)
    assert not any(action.mutates for action in found.actions)
    if not has_stopped:
        assert (found.verdict.kind, found.verdict.ongoing, found.verdict.replaced) == ("memory", False, True)
        assert found.verdict.summary.endswith("its successor runs since 12:30")


@pytest.mark.parametrize("with_api", [True, False])
def test_the_old_dyno_of_a_preboot_was_over_its_quota(with_api: bool) -> None:
    answers = json.loads(case_bytes("37-preboot-api.json"))
    dynos = next(each["b"] for each in answers if each["p"].endswith("/dynos"))
    found = judged(case_bytes("37-preboot-old-memory.log").decode(), dynos_from(dynos) if with_api else None)
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("memory", False, "info")
    assert found.verdict.summary.startswith("web.1 (000000a1) was over the memory quota ")
    assert " is over" not in shown(found)
    assert exit_code(found) == 0


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (0.0, "web.1 (aaaaaaaa) was already over its memory quota when the window opened, at 560 of 512 MB, 109 %"),
        (20.0, "first R14 on web.1 (aaaaaaaa), at 560 of 512 MB, 109 %"),
        (40.0, "first R14 on web.1 (aaaaaaaa), at 560 of 512 MB, 109 %"),
        (900.0, "first R14 on web.1 (aaaaaaaa), at 560 of 512 MB, 109 %"),
    ],
)
def test_over_since_before_the_window_is_only_said_of_a_dyno_that_was_never_seen_below(
    first: float, words: str
) -> None:
    found = told(measured("web.1", OLD, lambda at: 300.0 if at < first else 560.0 + (at - first) / 40))
    (change,) = [change for change in found.changes if change.kind == "memory"]
    assert change.text.startswith(words)
    assert change.text.endswith("R14 lines in all")


def test_a_dyno_killed_for_memory_long_ago_is_over() -> None:
    killed = (
        f"{stamp(600)} heroku[web.1]: Process running mem=1051M(205.2%)\n"
        f"{stamp(600.01)} heroku[web.1]: Error R15 (Memory quota vastly exceeded)\n"
        f"{stamp(600.02)} heroku[web.1]: Stopping process with SIGKILL\n"
        f"{stamp(600.2)} heroku[web.1]: Process exited with status 137\n"
        f"{stamp(600.3)} heroku[web.1]: State changed from up to crashed\n"
        f"{stamp(601)} heroku[web.1]: State changed from crashed to starting\n"
        f"{stamp(603)} heroku[web.1]: Starting process with command `x`\n"
        f"{stamp(606)} heroku[web.1]: State changed from starting to up\n"
    )
    found = told(killed + measured("web.1", NEW, lambda _: 200.0, start=640))
    assert (found.verdict.kind, found.verdict.ongoing) == ("crash", False)
    (kill,) = [finding for finding in found.findings if finding.kind == "memory"]
    assert (kill.ongoing, kill.severity, kill.ended_with) == (False, "warning", "itself")


def test_the_level_of_a_dyno_that_is_gone_is_not_of_now() -> None:
    stopped = (
        f"{stamp(3580)} heroku[web.1]: State changed from up to starting\n"
        f"{stamp(3581)} heroku[web.1]: Stopping all processes with SIGTERM\n"
        f"{stamp(3582)} heroku[web.1]: Process exited with status 143\n"
        f"{stamp(3583)} heroku[web.1]: Starting process with command `x`\n"
    )
    after = measured("web.1", NEW, lambda _: 200.0, start=3590, end=3600)
    text = shown(told(measured("web.1", OLD, lambda _: 600.0, end=3570) + stopped + after))
    (row,) = [line for line in text.splitlines() if line.startswith("web.1 aaaaaaaa") and "MB" in line]
    assert "12:59" in row
    assert "now" not in row
