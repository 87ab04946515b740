"""What a stop will do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from herodyno.dynos import Dyno, Formation
from herodyno.errors import NotFound, UsageError
from herodyno.operations.stop_plan import StopPlan, plan_stop

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def dyno(name: str, hours: float) -> Dyno:
    return Dyno(
        name=name,
        id=f"{name.encode().hex():0<8}-x",
        type=name.partition(".")[0],
        created_at=NOW - timedelta(hours=hours),
    )


DYNOS = [
    dyno("web.1", 3),
    dyno("web.2", 3),
    dyno("run.1", 8),
    dyno("run.2", 1),
    Dyno(name="run.3", id="ffff", type="run"),
]
FORMATION = [Formation(type="web", quantity=2)]


def plan(*words: str, type: str = "", hours: float | None = None) -> StopPlan:
    age = None if hours is None else timedelta(hours=hours)
    return plan_stop("example-app", words, DYNOS, FORMATION, type=type, older_than=age, now=NOW)


def test_nothing_named_stops_nothing() -> None:
    with pytest.raises(UsageError, match="stop what"):
        plan()
    with pytest.raises(UsageError):
        plan(hours=6)


def test_one_offs_are_stopped_by_id_and_without_a_question() -> None:
    done = plan("run.1")
    assert [write.path for write in done.writes] == [f"/apps/example-app/dynos/{DYNOS[2].id}/actions/stop"]
    assert (done.reasons, done.notes) == ((), ())


def test_age_selects_and_an_age_that_is_not_known_does_not() -> None:
    assert [each.name for each in plan(type="run", hours=6).dynos] == ["run.1"]
    assert [each.name for each in plan(type="run", hours=0).dynos] == ["run.1", "run.2"]
    assert [each.name for each in plan(type="run").dynos] == ["run.1", "run.2", "run.3"]


def test_a_formation_type_is_one_call_must_be_confirmed_and_comes_back() -> None:
    done = plan("web")
    assert [write.path for write in done.writes] == ["/apps/example-app/formations/web/actions/stop"]
    assert len(done.reasons) == 1
    assert "starts dynos of the formation again" in done.notes[0]
    assert "herodyno scale web=0 --app example-app" in done.notes[0]


def test_all_dynos_of_a_type_by_name_are_confirmed_as_the_type_is() -> None:
    assert plan("web.1", "web.2").reasons == plan("web").reasons
    assert plan("web.1", "run.1", "run.2").reasons == ()


def test_a_formation_dyno_says_that_it_comes_back() -> None:
    assert "web.1" in plan("web.1").notes[0]


def test_a_one_off_type_is_stopped_dyno_by_dyno_and_confirmed() -> None:
    done = plan("run")
    assert len(done.writes) == 3
    assert done.reasons


def test_no_one_off_running_is_nothing_to_do_and_a_mistyped_name_is_an_error() -> None:
    assert plan(type="scheduler", hours=6).writes == ()
    with pytest.raises(NotFound):
        plan("rnu.1")
