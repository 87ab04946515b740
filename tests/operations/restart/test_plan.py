"""What a restart will do, and what refuses it first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from herodyno.dynos import Dyno, Formation
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.restart.plan import (
    RestartPlan,
    Selectors,
    plan_restart,
    require_id,
    select,
    target_dynos,
)

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
APP = "example-app"


def dyno(name: str, state: str = "up", *, hours: float = 3, release: int = 42) -> Dyno:
    process_type, _, number = name.partition(".")
    dyno_id = f"aaaa{number:>04}-0000-4000-8000-{name.encode().hex():0>12}"
    created_at = NOW - timedelta(hours=hours)
    return Dyno(name=name, id=dyno_id, type=process_type, state=state, release=release, created_at=created_at)


DYNOS = [dyno("web.1"), dyno("web.2", "crashed"), dyno("web.3", hours=30, release=41), dyno("worker.1"), dyno("run.77")]
FORMATION = [Formation(type="web", quantity=3), Formation(type="worker", quantity=1)]


def plan(*words: str) -> RestartPlan:
    return plan_restart(APP, words, DYNOS, FORMATION)


def paths(done: RestartPlan) -> list[str]:
    return [write.path for write in done.writes]


def test_without_a_word_the_whole_app_restarts_by_one_call_and_must_be_confirmed() -> None:
    done = plan()
    assert paths(done) == ["/apps/example-app/dynos"]
    assert done.reasons == ("all 4 dynos of the app restart at once",)


def test_one_type_is_one_call_says_that_all_go_at_once_and_must_be_confirmed() -> None:
    done = plan("web")
    assert paths(done) == ["/apps/example-app/formations/web"]
    assert "--rolling" in done.notes[0]
    assert done.reasons == ("all 3 web dynos restart at once",)


def test_all_dynos_of_a_type_named_one_by_one_count_as_the_type_but_go_by_id() -> None:
    done = plan("web.1", "web.2", "web.3")
    assert (done.reasons, done.notes, done.confirms) == (plan("web").reasons, plan("web").notes, ("web",))
    assert len(done.writes) == 3
    assert plan("web.1", "web.2").reasons == ()


def test_what_a_selector_chose_is_asked_about_and_kept_to_the_share_too() -> None:
    done = plan_restart(APP, [], DYNOS, FORMATION, only=DYNOS[:3])
    assert (done.reasons, done.confirms) == (("all 3 web dynos restart at once",), ())


def test_a_dyno_is_restarted_by_its_id() -> None:
    assert paths(plan("web.1")) == [f"/apps/example-app/dynos/{DYNOS[0].id}"]


def test_the_same_dyno_meant_twice_is_restarted_once() -> None:
    assert len(plan("web.1", "web", DYNOS[0].id).writes) == 3


def test_a_one_off_dyno_is_not_restarted_but_sent_to_stop() -> None:
    with pytest.raises(UsageError) as refusal:
        plan("run.77")
    assert "herodyno stop run.77" in refusal.value.next_step


@pytest.mark.parametrize(
    ("selectors", "names"),
    [
        (Selectors(crashed=True), ["web.2"]),
        (Selectors(older_than=timedelta(hours=12)), ["web.3"]),
        (Selectors(stale_release=True), ["web.3"]),
        (Selectors(over_memory=0.9), ["web.1"]),
        (Selectors(over_memory=0.9, crashed=True), []),
        (Selectors(older_than=timedelta(hours=1), stale_release=True), ["web.3"]),
    ],
)
def test_each_selector_narrows_and_one_offs_are_never_meant(selectors: Selectors, names: list[str]) -> None:
    memory = {DYNOS[0].id: 0.95, DYNOS[3].id: 0.5, DYNOS[4].id: 2.0}
    chosen = select(target_dynos(APP, [], DYNOS, FORMATION), selectors, now=NOW, newest_release=42, memory=memory)
    assert [each.name for each in chosen] == names


def test_a_fact_that_is_not_known_selects_nothing() -> None:
    unknown = [Dyno(name="web.1", id="x", type="web", state="up")]
    for selectors in (
        Selectors(older_than=timedelta(0)),
        Selectors(stale_release=True),
        Selectors(over_memory=0.1),
    ):
        assert select(unknown, selectors, now=NOW, newest_release=None, memory={}) == ()


def test_if_id_finds_the_dyno_that_is_still_there() -> None:
    assert require_id(APP, ["web.1"], DYNOS[0].id[:8], DYNOS) == DYNOS[0]
    assert require_id(APP, [], DYNOS[0].id, DYNOS) == DYNOS[0]


@pytest.mark.parametrize("words", [["web.1"], []])
def test_if_id_refuses_when_that_incarnation_is_gone(words: list[str]) -> None:
    with pytest.raises(Refused, match="6f1c02ab is gone"):
        require_id(APP, words, "6f1c02ab", DYNOS)


def test_if_id_of_another_dyno_than_the_named_one_is_refused() -> None:
    with pytest.raises(Refused):
        require_id(APP, ["web.1"], DYNOS[1].id, DYNOS)
    with pytest.raises(NotFound):
        require_id(APP, ["web.9"], DYNOS[1].id, DYNOS)
    with pytest.raises(UsageError):
        require_id(APP, [], "aaaa0", DYNOS)
