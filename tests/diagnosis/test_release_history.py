"""A release is denied only where the API was asked; a line of the log tells of one as well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.diagnosis.release_history import known_releases
from herodyno.dynos import Release
from herodyno.logs.events import ApiAction
from tests.diagnosis.reading import NOON, events_of, judged, request, stamp
from tests.real_parts import case_bytes


def outage(began: float, version: str = "") -> str:
    """Three web dynos of which every fourth request fails from `began` on; the release comes when `version` says."""
    lines = "".join(
        request(i, f"web.{i % 3 + 1}", status=500 if i >= began and i % 4 == 0 else 200, path=f"/{i}")
        for i in range(1200)
    )
    return version + lines


def release_line(seconds: float, version: int) -> str:
    return f"{stamp(seconds)} app[api]: Release v{version} created by user ops@example.com\n"


def sentence(text: str, releases: tuple[Release, ...] = ()) -> str:
    """What the verdict says of the beginning of the errors."""
    found = judged(text, releases=releases)
    assert found.verdict.kind == "whole_app"
    return next(detail for detail in found.verdict.details if "They began" in detail)


@pytest.mark.parametrize("gap", [5, 10, 30, 60, 120, 240, 400])
def test_a_release_line_in_the_log_is_named(gap: int) -> None:
    said = sentence(outage(600, release_line(600 - gap, 8)))

    assert "release v8" in said
    assert "o release" not in said


def test_the_release_ten_seconds_before_is_named() -> None:
    found = judged(case_bytes("09-release-10s-before.log.gz").decode())

    assert any("release v8" in detail for detail in found.verdict.details)
    assert found.actions[0].argv[:3] == ("heroku", "releases:info", "v8")


def test_a_log_without_a_release_line_denies_no_release() -> None:
    said = sentence(outage(600))

    assert "No release came" not in said
    assert "This log shows no release shortly before; the API was not asked." in said


def test_the_api_that_lists_no_release_near_denies_one() -> None:
    long_ago = Release(version=41, status="succeeded", created_at=NOON - timedelta(days=2))

    assert "No release came shortly before." in sentence(outage(600), (long_ago,))


def test_a_release_without_a_time_is_no_answer_of_the_api() -> None:
    assert "the API was not asked" in sentence(outage(600), (Release(version=41, status="succeeded", current=True),))


def test_api_and_log_together_know_each_release_once() -> None:
    actions = [
        event
        for event in events_of(
            release_line(0, 7) + release_line(60, 8) + f"{stamp(61)} app[api]: Release v8 command failed\n"
        )
        if isinstance(event, ApiAction)
    ]

    known = known_releases([Release(version=7, status="succeeded", created_at=NOON), Release(version=6)], actions)

    assert [(release.version, release.status) for release in known] == [(7, "succeeded"), (8, "failed")]
