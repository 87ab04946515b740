"""Trouble that begins soon after a release is told with it first, and a rollback is offered where there is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import Release
from tests.diagnosis.claims.one_off_lines import api, platform
from tests.diagnosis.reading import NOON, judged, request
from tests.diagnosis.traffic import errors, served, traffic

RELEASED = 100.0
CONFIRMED = ("-a", "example-app", "--confirm", "example-app")


def crashes(start: float, n: int = 3) -> str:
    """A dyno that crashes again and again, and is down at the end."""
    return "".join(
        platform(start + 40 * i, "web.2", "State changed from crashed to starting" if i else "Restarting")
        + platform(start + 40 * i + 3, "web.2", "Starting process with command `run`")
        + platform(
            start + 40 * i + 9, "web.2", "Process exited with status 1", "State changed from starting to crashed"
        )
        for i in range(1, n + 1)
    )


def released(version: int, *, at: float = RELEASED, status: str = "succeeded", slug: str = "") -> Release:
    created = NOON + timedelta(seconds=at)
    return Release(version=version, status=status, created_at=created, slug_id=slug or f"slug-{version}")


def found(gap: float, *releases: Release, text: str = "") -> Diagnosis:
    return judged(traffic(2, 400, seconds=2000) + text + crashes(RELEASED + gap - 49), releases=releases)


def rollbacks(answer: Diagnosis) -> list[tuple[str, ...]]:
    return [action.argv for action in answer.actions if action.argv[:2] == ("herodyno", "rollback")]


@pytest.mark.parametrize("gap", [10, 60, 300, 590])
def test_crashes_within_ten_minutes_of_a_release_name_it_first(gap: float) -> None:
    answer = found(gap, released(43), released(42, at=-9000))
    assert answer.verdict.kind == "crash"
    assert "after release v43 (12:01)" in answer.verdict.details[0]
    assert rollbacks(answer) == [("herodyno", "rollback", "v42", *CONFIRMED)]


def test_a_release_line_in_the_log_serves_as_well() -> None:
    assert "after release v43" in found(30, text=api(RELEASED, "Release v43 created")).verdict.details[0]


@pytest.mark.parametrize("gap", [700, 1500])
def test_crashes_long_after_a_release_do_not_name_it(gap: float) -> None:
    answer = found(gap, released(43), released(42, at=-9000))
    assert not any("release v43" in sentence for sentence in answer.verdict.details)
    assert not rollbacks(answer)


@pytest.mark.parametrize("late", [0.5, 15, 50])
def test_a_release_after_the_first_crash_did_not_begin_the_crashes(late: float) -> None:
    answer = found(-late, released(43), released(42, at=-9000))
    assert not any("They began" in sentence for sentence in answer.verdict.details)
    assert not rollbacks(answer)


@pytest.mark.parametrize("gap", [5, 60, 300])
def test_a_dyno_that_had_crashed_before_the_log_begins_did_not_begin_with_the_release(gap: float) -> None:
    down = platform(RELEASED + gap - 6, "web.2", "State changed from crashed to starting")
    boot = platform(RELEASED + gap - 3, "web.2", "Starting process with command `run`")
    end = platform(RELEASED + gap, "web.2", "Process exited with status 1", "State changed from starting to crashed")
    answer = judged(traffic(1, 200) + down + boot + end, releases=[released(43), released(42, at=-9000)])
    assert answer.verdict.kind == "crash"
    assert not any("They began" in sentence for sentence in answer.verdict.details)
    assert not rollbacks(answer)


@pytest.mark.parametrize(
    "before",
    [[], [released(42, at=-9000, status="expired")], [released(42, at=-9000, slug="slug-43")]],
    ids=["unknown", "expired", "same slug"],
)
def test_without_a_good_release_before_no_rollback_is_offered(before: list[Release]) -> None:
    answer = found(30, released(43), *before)
    assert "after release v43" in answer.verdict.details[0]
    assert not rollbacks(answer)


def test_a_failed_release_took_no_effect_and_is_not_named_for_the_crashes() -> None:
    answer = found(30, released(43, status="failed"), released(42, at=-9000))
    assert answer.verdict.kind == "release_failed"
    assert not rollbacks(answer)


def test_what_heroku_could_not_start_is_no_reason_to_roll_back() -> None:
    never = platform(RELEASED + 20, "web.2", "Error R99 (Platform error)", "State changed from starting to crashed")
    answer = judged(traffic(2, 400) + never, releases=[released(43), released(42, at=-9000)])
    assert not rollbacks(answer)
    assert "status.heroku.com" in answer.actions[0].text


@pytest.mark.parametrize(("n", "told"), [(1, "1 H10 line only says"), (2, "2 H10 lines only say")])
def test_h10_lines_are_told_in_one_and_in_many(n: int, told: str) -> None:
    h10 = "".join(request(RELEASED + 200 + i, "", status=503, code="H10") for i in range(n))
    answer = judged(traffic(1, 100, seconds=100) + crashes(RELEASED) + h10)
    assert any(sentence.startswith(told) for sentence in answer.verdict.details)


@pytest.mark.parametrize(("n", "told"), [(1, "web.2 crashed once"), (2, "web.2 crashed 2 times")])
def test_a_dyno_that_is_down_crashed_once_or_more_often(n: int, told: str) -> None:
    answer = judged(traffic(1, 400, seconds=400) + crashes(RELEASED, n))
    assert answer.verdict.summary.startswith(told)


@pytest.mark.parametrize(
    ("start", "told"), [(36, "2 exits between 12:01 and 12:02 (40 s)"), (72, "2 exits at 12:02 (40 s)")]
)
def test_exits_of_one_minute_have_one_time(start: float, told: str) -> None:
    answer = judged(traffic(1, 400, seconds=400) + crashes(start, 2))
    assert any(sentence.startswith(told) for sentence in answer.verdict.details), answer.verdict.details


def outage(gap: float) -> str:
    """All dynos fail from some time after the release on."""
    begun = RELEASED + gap
    bad = "".join(errors(f"web.{n}", 40, start=begun, seconds=1000) for n in (1, 2, 3))
    return traffic(3, 600, seconds=begun + 1000) + bad


@pytest.mark.parametrize(("gap", "is_first"), [(40, True), (550, True), (800, False)])
def test_errors_within_ten_minutes_of_a_release_name_it_first(gap: float, is_first: bool) -> None:
    answer = judged(outage(gap), releases=[released(43), released(42, at=-9000)])
    (named,) = [i for i, sentence in enumerate(answer.verdict.details) if "after release v43" in sentence]
    assert (answer.verdict.kind, named == 0) == ("whole_app", is_first)
    assert rollbacks(answer) == [("herodyno", "rollback", "v42", *CONFIRMED)]


@pytest.mark.parametrize("back_to", [41, 42])
def test_after_a_rollback_that_did_not_help_none_is_advised(back_to: int) -> None:
    went = api(400, f"Rollback to v{back_to}") + api(400.1, "Release v44 created")
    log = api(5, "Release v42 created") + api(150, "Release v43 created") + went
    text = log + served(lambda _, at: 0.4 if at >= 155 else 0.0, seconds=900)
    for answer in (judged(text, at=NOON + timedelta(seconds=900)), _by_the_api(text, back_to)):
        assert answer.verdict.kind == "whole_app"
        assert not rollbacks(answer)
        assert any(f"release v44 went back to v{back_to} already" in action.text for action in answer.actions)


def _by_the_api(text: str, back_to: int) -> Diagnosis:
    newest = released(44, at=400)._replace(description=f"Rollback to v{back_to}")
    releases = [newest, released(43, at=150), released(42, at=5), released(41, at=-900)]
    return judged(text, at=NOON + timedelta(seconds=900), releases=releases)


@pytest.mark.parametrize("late", [12, 17, 25])
def test_a_release_that_came_after_the_first_errors_is_not_blamed(late: float) -> None:
    text = served(lambda _, at: 0.4 if at >= 300 else 0.0, seconds=900) + api(300 + late, "Release v43 created")
    answer = judged(text, at=NOON + timedelta(seconds=900))
    assert any(" s before release v43" in sentence for sentence in answer.verdict.details)
    assert not any("v43" in " ".join(action.argv) for action in answer.actions)


@pytest.mark.parametrize(("many", "few"), [(3, 1), (4, 2), (6, 3)])
def test_errors_that_began_when_dynos_were_scaled_away_bring_the_number_before(many: int, few: int) -> None:
    at = 400.0
    text = served(lambda own, now: 0.4 if own <= few and now >= at else 0.0, dynos=many, seconds=900)
    kept = "".join(
        line
        for line in text.splitlines(keepends=True)
        if not any(f"dyno=web.{n} " in line and line[:19] >= _clock(at) for n in range(few + 1, many + 1))
    )
    away = "".join(
        platform(at + 1, f"web.{n}", "State changed from up to down", "Stopping all processes with SIGTERM")
        + platform(at + 3, f"web.{n}", "Process exited with status 143")
        for n in range(few + 1, many + 1)
    )
    answer = judged(kept + away + api(at, f"Scaled to web@{few}:Standard-1X"), at=NOON + timedelta(seconds=900))
    assert answer.verdict.kind in ("whole_app", "single_dyno")
    back = ("herodyno", "scale", f"web={many}", "-a", "example-app", "--confirm", "example-app")
    assert answer.actions[0].argv == back


def _clock(seconds: float) -> str:
    return (NOON + timedelta(seconds=seconds)).isoformat()[:19]
