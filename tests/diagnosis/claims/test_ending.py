"""What came with an end is the nearest change in time; a release also shows when the dynos leave for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herodyno.diagnosis.analysing import analyse
from herodyno.diagnosis.claims.ending import Ending, ending
from herodyno.diagnosis.counting.one_pass import OnePass
from herodyno.diagnosis.observations import Observations, Source
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.dynos import App, Release
from tests.diagnosis.reading import NOON, log_of_text, request, stamp
from tests.diagnosis.traffic import restart

END = NOON.timestamp() + 600.0


def api(seconds: float, text: str) -> str:
    return f"{stamp(seconds)} app[api]: {text} by user ops@example.com\n"


def scaled(seconds: float, web: int, worker: int = 1, size: str = "Standard-1X") -> str:
    return api(seconds, f"Scaled to web@{web}:{size} worker@{worker}:Standard-1X")


def came_with(text: str, *, dyno: str = "", gap: float = 0.0, releases: tuple[Release, ...] = ()) -> Ending:
    """What came with an end at 12:10 in a log of twenty minutes of two web dynos."""
    text = request(0, "web.1") + request(0, "web.2") + text + request(1200, "web.1") + request(1200, "web.2")
    counted = OnePass(log_of_text(text))
    times = timeline(counted.boundaries, None, releases)
    observations = Observations(
        app=App(name="example-app"), at=NOON + timedelta(seconds=1200), source=Source(kind="file"), times=times,
        facts=counted.facts(times), releases=releases, actions=counted.boundaries.actions,
    )  # fmt: skip
    return ending(END, analyse(observations), type_name="web", dyno=dyno, gap=gap)


def test_an_end_without_a_change_came_by_itself() -> None:
    assert came_with("") == Ending("itself")
    assert came_with(api(300, "Release v42 created") + scaled(800, 4) + api(605, "Log session created")) == Ending(
        "itself"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (api(560, "Release v43 created"), Ending("release", "release v43 at 12:09")),
        (api(560, "Rollback to v41"), Ending("rollback", "rollback to v41 at 12:09")),
        (
            api(560, "Release v43 created") + api(560.2, "Rollback to v41"),
            Ending("rollback", "rollback to v41 at 12:09"),
        ),
        (api(520, "Deploy 1ab2c3d4"), Ending("release", "release at 12:08")),
        (api(590, "Set SOME_SWITCH config vars"), Ending("release", "release at 12:09")),
        (scaled(100, 2) + scaled(570, 6), Ending("scale", "web scaled from 2 to 6 at 12:09")),
        (scaled(570, 6), Ending("scale", "web scaled to 6 at 12:09")),
        (scaled(100, 2) + scaled(570, 2, size="Standard-2X"), Ending("scale", "web scaled to Standard-2X at 12:09")),
        (scaled(100, 2) + scaled(570, 2, worker=5), Ending("itself")),
        (api(500, "Release v43 created") + scaled(590, 6), Ending("scale", "web scaled to 6 at 12:09")),
        (api(560, "Release v43 command failed"), Ending("itself")),
    ],
)
def test_the_nearest_change_is_named_with_its_time(text: str, told: Ending) -> None:
    assert came_with(text) == told


def test_a_change_may_come_a_while_after_the_last_error_when_errors_are_rare() -> None:
    assert came_with(api(625, "Release v43 created")).ended_with == "release"
    assert came_with(api(680, "Release v43 created")).ended_with == "itself"
    assert came_with(api(680, "Release v43 created"), gap=40.0).ended_with == "release"
    assert came_with(api(790, "Release v43 created"), gap=400.0).ended_with == "itself"


def test_dynos_that_leave_for_a_rollback_leave_not_for_the_release_before_it() -> None:
    left = "".join(restart(572 + n, f"web.{n}") for n in (1, 2))
    text = api(400, "Release v42 created") + api(570, "Rollback to v41") + api(570.2, "Release v43 created") + left
    assert came_with(text) == Ending("rollback", "rollback to v41 at 12:09")


def test_releases_of_the_api_count_without_a_line_and_failed_ones_do_not() -> None:
    def release(description: str, status: str = "succeeded") -> Release:
        made = NOON + timedelta(seconds=570)
        return Release(version=44, status=status, description=description, created_at=made)

    assert came_with("", releases=(release("Deploy 1ab2c3d4"),)) == Ending("release", "release v44 at 12:09")
    assert came_with("", releases=(release("Rollback to v41"),)) == Ending("rollback", "rollback to v41 at 12:09")
    assert came_with("", releases=(release("Deploy 1ab2c3d4", "failed"),)) == Ending("itself")


def test_with_preboot_the_old_dynos_leave_minutes_after_the_release() -> None:
    left = "".join(
        f"{stamp(590 + n)} heroku[web.{n}]: Stopping all processes with SIGTERM\n"
        f"{stamp(592 + n)} heroku[web.{n}]: Process exited with status 143\n"
        for n in (1, 2)
    )
    begun = "".join(
        f"{stamp(396 + n)} heroku[web.{n}]: State changed from up to starting\n"
        f"{stamp(398 + n)} heroku[web.{n}]: Starting process with command `x`\n"
        f"{stamp(404 + n)} heroku[web.{n}]: State changed from starting to up\n"
        for n in (1, 2)
    )
    assert came_with(api(395, "Release v43 created") + begun + left) == Ending("release", "release v43 at 12:06")


def test_a_restart_of_most_dynos_came_with_the_end_of_all() -> None:
    both = restart(570, "web.1") + restart(580, "web.2")
    assert came_with(both) == Ending("restart", "2 web dynos restarted at 12:09")
    assert came_with(restart(570, "web.1"), dyno="web.1") == Ending("restart", "web.1 restarted at 12:09")
    assert came_with(restart(570, "web.1"), dyno="web.2") == Ending("itself")
