"""Everything that happened is on one clock, with what was counted before and after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.dynos import Release
from tests.diagnosis.reading import NOON, judged, log, sample, stamp
from tests.diagnosis.traffic import OLD, errors, restart, traffic
from tests.real_parts import case_bytes


def test_a_crash_stands_with_its_status_and_a_restart_with_its_reason() -> None:
    told = [(change.kind, change.text) for change in judged(log("three-ids-and-a-crash")).changes]

    assert ("crash", "web.1 (bbbbbbbb) crashed, exit status 1 (an error of the app)") in told
    assert any(
        kind == "deployed" and text.startswith("web.1 (aaaaaaaa) was replaced by a deploy, exit status 143")
        for kind, text in told
    )
    assert ("release", "Release v41 created by user dev@example.com") in told


def test_a_release_is_rated_before_and_after() -> None:
    at = f"{stamp(180)} app[api]: Release v42 created by user dev@example.com\n"
    bad = "".join(errors(f"web.{n}", 20, start=210, seconds=150) for n in range(1, 4))

    release = next(c for c in judged(traffic(3, 300) + bad + at).changes if c.kind == "release")

    assert release.before is not None
    assert release.after is not None
    assert release.before[0] == 0
    assert release.after[0] > 30


def test_the_newest_release_before_the_window_is_told_for_context() -> None:
    releases = [
        Release(version=v, created_at=NOON - timedelta(days=9 - v), description=f"Deploy {v}", user="ana@example.com")
        for v in (1, 2, 3)
    ]

    told = [change for change in judged(traffic(2, 60), releases=releases).changes if change.kind == "release"]

    assert [(change.version, change.actor) for change in told] == [(3, "ana@example.com")]


def test_what_opens_a_log_session_is_no_change() -> None:
    text = f"{stamp(1)} app[api]: Log session created by user dev@example.com\n" + traffic(2, 60)

    assert judged(text).changes == ()


def test_changes_are_in_order_of_time() -> None:
    times = [change.at for change in judged(traffic(4, 300) + errors("web.2", 25) + restart(200, "web.3")).changes]

    assert times == sorted(times)
    assert len(times) >= 2


@pytest.mark.parametrize(("text", "kind"), [
    ("Stack changed from heroku-22 to heroku-26 by user ops@example.com", "stack"),
    ("Upgrade stack to heroku-26 by user ops@example.com", "stack"),
    ("Build failed -- check your build output: https://dashboard.heroku.com/apps/1/activity", "build_failed"),
    ("Rename to example-app2 by user ops@example.com", "rename"),
    ("Set workers to 0 by ops@example.com", "scale"),
    ("Transfer to team ops by user ops@example.com", "other"),
])  # fmt: skip
def test_what_somebody_did_is_a_change_in_known_words_or_not(text: str, kind: str) -> None:
    changes = judged(f"{stamp(1)} app[api]: {text}\n").changes

    assert [(change.kind, change.text.split()[0]) for change in changes] == [(kind, text.split()[0])]


@pytest.mark.parametrize("text", ["Build succeeded", "Build started by user a@example.com", "Log session created"])
def test_what_changes_nothing_is_no_change(text: str) -> None:
    assert judged(f"{stamp(1)} app[api]: {text}\n").changes == ()


def test_every_line_of_the_api_but_builds_that_begin_is_told() -> None:
    lines = case_bytes("29-api-lines.log").decode()

    assert len(judged(lines).changes) == len(lines.splitlines()) - 1


@pytest.mark.parametrize(
    ("before", "words"), [([], "was already over its memory quota"), ([2.0], "first R14 on web.1")]
)
def test_a_dyno_seen_below_its_quota_was_not_over_it_when_the_window_opened(before: list[float], words: str) -> None:
    over = sample(20, "web.1", OLD, 530) + f"{stamp(20.1)} heroku[web.1]: Error R14 (Memory quota exceeded)\n"
    below = "".join(sample(at, "web.1", OLD, 500) for at in before)
    (change,) = [each for each in judged(traffic(2, 60) + below + over).changes if each.kind == "memory"]
    assert words in change.text
