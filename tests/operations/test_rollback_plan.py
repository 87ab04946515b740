"""Which release comes back, what is undone by it, and when nothing may be sent."""

from __future__ import annotations

import pytest

from herodyno.dynos import Dyno, Release
from herodyno.errors import Refused
from herodyno.operations.rollback_plan import RollbackPlan, current_release, plan_rollback

APP = "example-app"


def release(version: int, code: str, **fields: object) -> Release:
    usual = Release(version=version, id=f"id-{version}", status="succeeded", slug_id=code, can_roll_back=True)
    return usual._replace(**fields)  # type: ignore[arg-type] # fields of Release


def plan(*releases: Release, version: int | None = None) -> RollbackPlan:
    """The plan for these releases, the newest first."""
    dynos = [Dyno(name="web.1", type="web"), Dyno(name="web.2", type="web"), Dyno(name="run.1", type="run")]
    return plan_rollback(APP, version, releases, dynos)


def test_the_release_before_comes_back() -> None:
    made = plan(release(42, "b"), release(41, "a"))
    assert (made.current.version, made.target.version, made.undone) == (42, 41, ())
    assert str(made.write) == 'POST /apps/example-app/releases {"release": "id-41"}'
    assert (made.write.before, made.write.after) == (("v42",), ("v41",))
    assert " ".join(made.write.undo) == "herodyno rollback v42 --app example-app --confirm example-app"
    assert made.reason == "v42 goes back to v41, and 2 dynos of the formation restart"


@pytest.mark.parametrize(
    "passed",
    [
        release(41, "b", description="Set KEY config vars"),
        release(41, "c", status="expired"),
        release(41, "c", status="failed"),
        release(41, "c", status="pending"),
        release(41, "c", can_roll_back=False),
        release(41, ""),
    ],
    ids=["same code", "expired", "failed", "pending", "not taken", "no code"],
)
def test_a_release_that_cannot_come_back_with_other_code_is_passed_over(passed: Release) -> None:
    assert plan(release(42, "b"), passed, release(40, "a")).target.version == 40


def test_what_ran_between_is_undone_and_what_never_ran_is_not() -> None:
    between = [release(41, "b"), release(40, "c", status="failed"), release(39, "b")]
    made = plan(release(42, "b"), *between, release(38, "a"))
    assert [each.version for each in made.undone] == [41, 39]


def test_a_failed_release_is_no_reason_to_leave_what_runs() -> None:
    made = plan(release(43, "c", status="failed"), release(42, "b"), release(41, "a"))
    assert (made.current.version, made.target.version, made.write.newest) == (42, 41, 43)


def test_the_code_of_a_container_app_is_not_known_so_the_release_before_comes_back() -> None:
    assert plan(release(42, ""), release(41, "")).target.version == 41


def test_the_empty_app_never_comes_back_unasked() -> None:
    with pytest.raises(Refused, match="no earlier release"):
        plan(release(3, "b"), release(2, "a"), release(1, "a"))


def test_a_rollback_sent_twice_does_not_bring_the_bad_release_back() -> None:
    back = release(43, "a", description="Rollback to v41")
    with pytest.raises(Refused, match="went back to v41 already, by v43; nothing was sent"):
        plan(back, release(42, "b"), release(41, "a"))
    assert plan(back, release(42, "b"), release(41, "a"), version=42).target.version == 42


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (release(42, "b"), "it runs already"),
        (release(41, "a", status="failed"), "it never ran"),
        (release(41, "a", status="pending"), "it is pending"),
        (release(41, "a", status="expired"), "no longer keeps its code"),
        (release(41, "a", can_roll_back=False), "does not take it"),
        (release(41, ""), "it has no code"),
    ],
)
def test_a_named_release_that_cannot_come_back_is_refused(wanted: Release, why: str) -> None:
    rest = [] if wanted.version == 42 else [wanted]
    with pytest.raises(Refused, match=why):
        plan(release(42, "b"), *rest, release(40, "a"), version=wanted.version)


def test_a_named_release_with_the_same_code_brings_only_its_config_vars_back() -> None:
    assert "with the same code as now" in plan(release(42, "b"), release(41, "b"), version=41).notes[0]


def test_what_stays_and_what_is_under_way_is_said() -> None:
    notes = plan(release(43, "c", status="pending"), release(42, "b"), release(41, "a")).notes
    assert "database migrations" in notes[1]
    assert "v43 is pending" in notes[2]


def test_the_current_release_is_the_one_that_the_api_calls_so() -> None:
    assert current_release([release(42, "b"), release(41, "a", current=True)]) == release(41, "a", current=True)
    assert current_release([release(42, "b", status="failed"), release(41, "a")]) == release(41, "a")
    with pytest.raises(Refused, match="runs no release"):
        plan(release(3, "b", status="failed"))
