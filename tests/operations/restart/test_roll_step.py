"""The state machine by itself: what each look at the app makes of a roll, on Fir too, and what it keeps on disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from herodyno.dynos import Dyno, Formation
from herodyno.operations.restart.roll import Roll, Rules, left_behind, new_roll
from herodyno.operations.restart.roll_runner import resumed_roll
from herodyno.operations.restart.roll_step import CheckGates, End, Send, Wait, next_action

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
FORMATION = [Formation(type="web", quantity=3)]


def dyno(name: str, dyno_id: str, state: str = "up") -> Dyno:
    return Dyno(name=name, id=dyno_id, type="web", state=state)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def begun(*dynos: Dyno, **rules: float) -> Roll:
    roll, action = next_action(new_roll("example-app", Rules(**rules), dynos), dynos, FORMATION, NOW)  # type: ignore[arg-type] # names of Rules' fields
    assert isinstance(action, Send)
    return roll.marked(action.items, "sent")


CEDAR = [dyno("web.1", "a1"), dyno("web.2", "a2"), dyno("web.3", "a3")]


def test_an_old_dyno_that_is_still_listed_beside_its_successor_does_not_confuse_it() -> None:
    roll, action = next_action(begun(*CEDAR), [*CEDAR, dyno("web.1", "b1", "starting")], FORMATION, later(1))
    assert isinstance(action, Wait)
    assert roll.items[0].new_id == "b1"
    told = "0 of 3 dynos restarted and steady; web.1 restarting, not yet known to be steady; web.2, web.3 not touched."
    assert left_behind(roll) == told


def test_up_is_not_enough_it_must_stay_up() -> None:
    new = [dyno("web.1", "b1"), *CEDAR[1:]]
    roll, action = next_action(begun(*CEDAR), new, FORMATION, later(5))
    assert isinstance(action, Wait)
    shaky = [dyno("web.1", "b1", "starting"), *CEDAR[1:]]
    roll, _ = next_action(roll, shaky, FORMATION, later(10))
    roll, action = next_action(roll, new, FORMATION, later(16))
    assert isinstance(action, Wait), "the steady time begins anew"
    roll, action = next_action(roll, new, FORMATION, later(26))
    assert isinstance(action, CheckGates)


def test_a_new_dyno_that_is_replaced_again_has_failed() -> None:
    roll, _ = next_action(begun(*CEDAR), [dyno("web.1", "b1", "starting"), *CEDAR[1:]], FORMATION, later(1))
    roll, action = next_action(roll, [dyno("web.1", "c1", "starting"), *CEDAR[1:]], FORMATION, later(5))
    assert action == End("web.1: its new dyno b1 was replaced again")


def test_a_crash_that_heroku_answers_with_a_restart_at_once_is_still_seen() -> None:
    roll, _ = next_action(begun(*CEDAR), [dyno("web.1", "b1"), *CEDAR[1:]], FORMATION, later(1))
    roll, action = next_action(roll, [dyno("web.1", "c1"), *CEDAR[1:]], FORMATION, later(5))
    assert isinstance(action, End)


def test_on_fir_the_new_dyno_has_another_name_and_is_told_by_its_type_and_new_id() -> None:
    fir = [dyno("web-848cd4f64d-pvpr2", "a1"), dyno("web-848cd4f64d-aaaaa", "a2"), dyno("web-848cd4f64d-bbbbb", "a3")]
    roll = begun(*fir, batch=1)
    new = [*fir[1:], dyno("web-848cd4f64d-ccccc", "b1")]
    roll, _ = next_action(roll, new, FORMATION, later(1))
    assert [item.new_id for item in roll.items] == ["b1", "", ""]
    roll, action = next_action(roll, new, FORMATION, later(12))
    assert isinstance(action, CheckGates)
    roll, action = next_action(roll.passed(action.items, later(12)), new, FORMATION, later(12))
    assert isinstance(action, Send)
    roll = roll.marked(action.items, "sent")
    roll, action = next_action(roll, [fir[2], new[2]], FORMATION, later(13))
    assert isinstance(action, Wait), "b1 belongs to the first and is no successor of the second"
    assert roll.items[1].new_id == ""


def test_on_fir_two_dynos_of_a_batch_do_not_share_a_successor() -> None:
    fir = [dyno("web-848cd4f64d-pvpr2", "a1"), dyno("web-848cd4f64d-aaaaa", "a2"), dyno("web-848cd4f64d-bbbbb", "a3")]
    roll = begun(*fir, batch=2, max_share=0.7)
    one, other = dyno("web-848cd4f64d-ccccc", "b1"), dyno("web-848cd4f64d-ddddd", "b2")
    roll, _ = next_action(roll, [*fir, one], FORMATION, later(1))
    assert [item.new_id for item in roll.items] == ["b1", "", ""]
    roll, _ = next_action(roll, [fir[2], one, other], FORMATION, later(3))
    assert [item.new_id for item in roll.items] == ["b1", "b2", ""]


def test_on_fir_a_dyno_that_the_list_still_has_beside_its_successor_does_not_count_as_up() -> None:
    fir = [dyno("web-848cd4f64d-pvpr2", "a1"), dyno("web-848cd4f64d-aaaaa", "a2"), dyno("web-848cd4f64d-bbbbb", "a3")]
    roll = begun(*fir, steady_seconds=0.0)
    late = [*fir, dyno("web-848cd4f64d-ccccc", "b1")]
    roll, action = next_action(roll, late, FORMATION, later(1))
    assert isinstance(action, CheckGates)
    late[2] = late[2]._replace(state="crashed")
    late[3] = late[3]._replace(state="starting")
    _, action = next_action(roll.passed(action.items, later(1)), late, FORMATION, later(1))
    assert isinstance(action, End)
    assert "of the 1 that are up" in action.reason


def test_what_became_of_a_restart_that_was_being_sent_is_decided_when_the_list_is_right() -> None:
    roll, _ = next_action(new_roll("example-app", Rules(), CEDAR), CEDAR, FORMATION, NOW)
    resumed = resumed_roll(roll, later(100))
    for seconds in (100, 103, 107.9):
        resumed, action = next_action(resumed, CEDAR, FORMATION, later(seconds))
        assert action == Wait(2.0, "web.1: looking whether its restart was done before the interruption")
    done, _ = next_action(resumed, [dyno("web.1", "b1", "starting"), *CEDAR[1:]], FORMATION, later(107.9))
    assert [item.phase for item in done.items] == ["sent", "waiting", "waiting"]
    _, action = next_action(resumed, CEDAR, FORMATION, later(108))
    assert isinstance(action, Send), "the list still has it, so nothing was done"
    assert [item.id for item in action.items] == ["a1"]


def test_types_roll_one_after_the_other_in_the_order_given() -> None:
    worker = Dyno(name="worker.1", id="w1", type="worker", state="up")
    roll = new_roll("example-app", Rules(), [CEDAR[2], worker, CEDAR[0]])
    assert [item.name for item in roll.items] == ["web.3", "web.1", "worker.1"]


def test_the_last_dyno_up_of_several_is_not_taken() -> None:
    down = [dyno("web.1", "a1"), dyno("web.2", "a2", "crashed"), dyno("web.3", "a3", "starting")]
    _, action = next_action(new_roll("example-app", Rules(), down[:1]), down, FORMATION, NOW)
    assert isinstance(action, End)
    assert "would leave 0 of 3 web dynos up" in action.reason


def test_nothing_to_do_is_an_end_without_a_reason() -> None:
    roll, action = next_action(new_roll("example-app", Rules(), CEDAR), [], FORMATION, NOW)
    assert action == End("")
    assert left_behind(roll) == "0 of 3 dynos restarted and steady; web.1, web.2, web.3 replaced by others meanwhile."
