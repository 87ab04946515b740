"""Which releases are known, and which one a rollback would bring back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.diagnosis.releases import known_releases, to_go_back_to
from herodyno.dynos import Release
from herodyno.logs.events import ApiAction
from tests.diagnosis.reading import NOON, events_of, judged, request, stamp
from tests.real_parts import case_bytes


def release(version: int, status: str = "succeeded", *, slug: str = "", can_roll_back: bool | None = None) -> Release:
    return Release(version=version, status=status, slug_id=slug or f"slug-{version}", can_roll_back=can_roll_back)


def actions(*lines: str) -> list[ApiAction]:
    text = "".join(f"{stamp(at)} app[api]: {line} by user bo@example.com\n" for at, line in enumerate(lines))
    return [event for event in events_of(text) if isinstance(event, ApiAction)]


def test_the_log_tells_of_releases_that_took_effect_and_of_one_that_failed() -> None:
    told = actions(
        "Release v41 created", "Deploy 58d1fdd8", "Running release v42 commands", "Release v42 command failed"
    )
    known = known_releases([], told)
    assert [(each.version, each.status) for each in known] == [(42, "failed"), (41, "succeeded")]


def test_the_word_of_the_api_counts_for_what_it_lists() -> None:
    known = known_releases([release(42)], actions("Release v42 command failed"))
    assert [(each.version, each.status) for each in known] == [(42, "succeeded")]


def test_a_release_after_the_time_of_judging_is_left_out() -> None:
    late = Release(version=43, status="failed", created_at=NOON + timedelta(days=1))
    assert known_releases([late], [], until=NOON) == []


def test_a_rollback_to_v41_is_no_release_v41() -> None:
    assert known_releases([], actions("Rollback to v41", "Release v43 created"))[0].version == 43


def test_the_release_before_is_the_one_to_go_back_to() -> None:
    assert to_go_back_to(42, [release(42), release(41), release(40)]) == release(41)


def test_releases_that_failed_are_left_out_since_they_took_no_effect() -> None:
    assert to_go_back_to(42, [release(42), release(41, "failed"), release(40)]) == release(40)


@pytest.mark.parametrize(
    "before",
    [
        [],
        [release(41, "expired"), release(40)],
        [release(41, "pending"), release(40)],
        [release(41, can_roll_back=False), release(40)],
        [release(41, slug="slug-42"), release(40)],
        [Release(version=41, status="succeeded")],
        [release(40)],
    ],
    ids=["unknown", "expired", "pending", "refused", "same slug", "no code", "a gap"],
)
def test_without_a_good_release_before_there_is_none_to_go_back_to(before: list[Release]) -> None:
    assert to_go_back_to(42, [release(42), *before]) is None


@pytest.mark.parametrize("first_deploy", [2, 3])
def test_before_the_first_deploy_there_is_nothing_to_go_back_to(first_deploy: int) -> None:
    log = [each for number in range(1, first_deploy + 1) for each in actions(f"Release v{number} created")]
    assert to_go_back_to(first_deploy, known_releases([], log)) is None


def test_the_first_deploy_can_be_gone_back_to() -> None:
    log = [each for number in range(1, 5) for each in actions(f"Release v{number} created")]
    target = to_go_back_to(4, known_releases([], log))
    assert target is not None
    assert target.version == 3


def test_releases_of_a_container_app_have_no_slug() -> None:
    assert to_go_back_to(42, [Release(version=42), Release(version=41, status="succeeded")])


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


def test_a_failed_release_took_no_effect_and_is_not_named() -> None:
    failed = f"{stamp(590)} app[api]: Release v8 command failed\n"
    found = judged(outage(600, failed))

    assert found.verdict.kind == "release_failed"
    assert not any("They began" in finding.sentence and "v8" in finding.sentence for finding in found.findings)
    assert "release v8" not in sentence(outage(600, failed + release_line(1500, 9)))
