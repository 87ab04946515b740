"""Done, waiting or failed: every ending has its reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from herodyno.dynos import Dyno, Formation, Release
from herodyno.operations.wait import Done, Failed, WaitGoal, Waiting, poll_seconds, wait_state

FORMATION = [
    Formation(type="web", quantity=2),
    Formation(type="worker", quantity=1),
    Formation(type="clock", quantity=0),
]
V42 = [Release(version=42, status="succeeded"), Release(version=41, status="succeeded")]
AT = datetime(2026, 11, 24, tzinfo=UTC)


def dyno(name: str, state: str = "up", release: int = 42, dyno_id: str = "") -> Dyno:
    return Dyno(name=name, id=dyno_id or f"id-{name}", type=name.partition(".")[0], state=state, release=release)


ALL_UP = [dyno("web.1"), dyno("web.2"), dyno("worker.1")]


def test_all_up_on_the_newest_release_is_done() -> None:
    assert wait_state(WaitGoal(), ALL_UP, FORMATION, V42) == Done(text="3 of 3 dynos up on v42")


@pytest.mark.parametrize(
    "dynos",
    [
        [],
        ALL_UP[:2],
        [*ALL_UP[:2], dyno("worker.1", "starting")],
        [*ALL_UP[:2], dyno("worker.1", release=41)],
        [*ALL_UP[:2], dyno("worker.1", "idle")],
        [*ALL_UP[:2], dyno("web.3"), dyno("run.1")],
        [*ALL_UP[:2], dyno("worker.1", "crashed", release=41)],
    ],
)
def test_less_than_that_is_waiting(dynos: list[Dyno]) -> None:
    verdict = wait_state(WaitGoal(), dynos, FORMATION, V42)
    assert isinstance(verdict, Waiting)
    assert verdict.wanted == 3
    assert verdict.ready == min(len(dynos), 2)


def test_a_crash_on_the_release_waited_for_fails_at_once() -> None:
    verdict = wait_state(WaitGoal(), [dyno("web.1"), dyno("web.2", "crashed"), dyno("worker.1")], FORMATION, V42)
    assert verdict == Failed(reason="crashed", text="web.2 (id-web.2) crashed")


def test_a_crash_of_a_type_not_waited_for_does_not_matter() -> None:
    dynos = [*ALL_UP[:2], dyno("worker.1", "crashed")]
    assert isinstance(wait_state(WaitGoal(types=frozenset({"web"})), dynos, FORMATION, V42), Done)


def test_a_failed_release_fails_at_once_and_says_what_runs() -> None:
    verdict = wait_state(WaitGoal(), ALL_UP, FORMATION, [Release(version=43, status="failed"), *V42])
    assert verdict == Failed(reason="release_failed", text="release v43 failed; v42 keeps running")


def test_a_pending_release_is_waited_for_though_all_are_up_on_the_old() -> None:
    assert isinstance(wait_state(WaitGoal(), ALL_UP, FORMATION, [Release(version=43, status="pending"), *V42]), Waiting)


def test_a_release_asked_for_by_number_is_not_bound_to_the_newest() -> None:
    releases = [Release(version=43, status="failed"), *V42]
    assert isinstance(wait_state(WaitGoal(version=42), ALL_UP, FORMATION, releases), Done)
    assert isinstance(wait_state(WaitGoal(version=44), ALL_UP, FORMATION, releases), Waiting)


def test_a_release_asked_for_is_not_said_to_be_the_one_that_runs() -> None:
    assert wait_state(WaitGoal(version=40), ALL_UP, FORMATION, V42) == Done(text="3 of 3 dynos up on v40 or later")


def test_no_dynos_wanted_fails_at_once() -> None:
    verdict = wait_state(WaitGoal(types=frozenset({"clock"})), ALL_UP, FORMATION, V42)
    assert isinstance(verdict, Failed)
    assert verdict.reason == "no_dynos"


@pytest.mark.parametrize("types", [{"nosuch"}, {"web", "nosuch"}])
def test_a_type_that_is_not_there_fails_though_others_are_up(types: set[str]) -> None:
    verdict = wait_state(WaitGoal(types=frozenset(types)), ALL_UP, FORMATION, V42)
    assert verdict == Failed(reason="no_type", text="no process type 'nosuch'; there are: web, worker, clock")


def test_after_a_restart_the_old_ids_do_not_count() -> None:
    wish = WaitGoal(version=0, old_ids=frozenset({"old"}))
    old = [*ALL_UP[:2], dyno("worker.1", "crashed", dyno_id="old")]
    assert isinstance(wait_state(wish, old, FORMATION, []), Waiting)
    assert isinstance(wait_state(wish, ALL_UP, FORMATION, []), Done)


def test_an_app_without_a_release_waits_for_dynos_only() -> None:
    assert isinstance(wait_state(WaitGoal(), ALL_UP, FORMATION, []), Done)


def test_looks_become_rarer_and_rare_when_calls_are_short() -> None:
    assert [poll_seconds(waited, 4000) for waited in (0, 19, 20, 120)] == [2, 2, 5, 10]
    assert poll_seconds(0, 100) == 30
    assert poll_seconds(0, None) == 2


def test_an_hour_of_waiting_stays_within_what_heroku_refills() -> None:
    waited, looks = 0.0, 0
    while waited < 3600:
        waited += poll_seconds(waited, 4000)
        looks += 1
    assert looks * 3 < 75 * 60
