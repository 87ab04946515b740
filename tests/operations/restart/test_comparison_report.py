"""The report of --verify compares the restarted dynos with their peers, and their memory with what it was."""

from __future__ import annotations

from herodyno.dynos import Dyno
from herodyno.operations.restart.comparison_report import comparison_report
from herodyno.render.calls import verify_document
from tests.operations.restart.measured_log import NEW, OLD, SIZES, at, measured, memory, requests


def test_the_verdict_compares_the_restarted_with_its_peers_and_its_memory() -> None:
    before = measured([*requests(0, "web.1", 80, 20), *requests(0, "web.2", 90, 1), memory(50, "web.1", OLD, 781.2)])
    after = measured([*requests(110, "web.1", 70, 0), *requests(110, "web.2", 80, 1), memory(150, "web.1", NEW, 240.0)])
    old = [Dyno(name="web.1", id=OLD, type="web")]
    new = [Dyno(name="web.1", id=NEW, type="web", updated_at=at(108))]
    verdict = comparison_report(old, new, ["web.2"], before, after, restarted_at=at(100), alone_at=at(100), sizes=SIZES)
    assert verdict.restarted.before == (20, 80)
    assert verdict.restarted.after == (0, 70)
    assert verdict.others is not None
    assert verdict.others.judgement == "no_difference_seen"
    assert verdict.memory == ("web.1: memory 153 % of its quota before, 47 % after",)
    assert verdict.sentence == "It helped: fewer errors."
    assert verify_document(verdict)["others"]["what"] == "other dynos"
    told = verify_document(verdict)["restarted"]
    assert told["judgement"] == "fewer"
    assert [(told[side]["errors"], told[side]["requests"]) for side in ("before", "after")] == [(20, 80), (0, 70)]


def test_with_preboot_what_came_before_the_new_dyno_served_alone_is_left_out() -> None:
    before = measured(requests(0, "web.1", 80, 20))
    after = measured([*requests(110, "web.1", 70, 30), *requests(520, "web.1", 60, 0)])
    old = [Dyno(name="web.1", id=OLD, type="web")]
    new = [Dyno(name="web.1", id=NEW, type="web", updated_at=at(108))]
    verdict = comparison_report(old, new, [], before, after, restarted_at=at(100), alone_at=at(490), sizes=SIZES)
    assert (verdict.restarted.after, verdict.sentence) == ((0, 60), "It helped: fewer errors.")
    assert verify_document(verdict)["others"] is None
