"""Starts that fail, terminals that are gone, lines that never arrive: said of the right dyno, or as a limit."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import World
from tests.diagnosis.reading import judged, request, stamp
from tests.diagnosis.simulation import judge
from tests.diagnosis.traffic import traffic

APP = "example-app"


def told(name: str, seed: int = 1, **settings: float) -> tuple[World, Diagnosis]:
    world = scenario(name, seed=seed, **settings)
    return world, judge(world, world.full_log(APP))


@pytest.mark.parametrize("seed", range(3))
def test_r17_is_no_exit_and_the_old_dynos_stop_is_not_taken_for_one(seed: int) -> None:
    world, found = told("damaged-slug", seed)
    assert found.verdict.kind == "crash"
    assert found.verdict.summary == "all 4 web dynos could not be started: R17 (Checksum error)"
    old = {each.id for each in world.app(APP).past if each.release == 412}
    for row in found.incarnations:
        is_old = row.id in old
        assert (row.end_reason, row.exit_status) == (("deployed", 143) if is_old else ("crashed", None)), row.dyno
    assert {row.id for row in found.incarnations} >= {each.id for each in world.dynos(APP)}
    assert [action.argv[:3] for action in found.actions] == [(), ("herodyno", "rollback", "v412")]
    assert {line.line.split(": ")[1][:9] for line in found.findings[0].evidence} <= {"Error R17", "Process exited"}


def test_r99_is_said_of_the_dyno_heroku_cannot_start_and_only_that_one_is_tried_again() -> None:
    world, found = told("platform-cannot-start")
    assert found.verdict.summary == "web.1 could not be started: R99 (Platform error), 2 times"
    assert "Heroku could not start the dyno. Not the app's fault." in found.verdict.details
    assert found.findings[0].dyno_id == world.dyno(APP, "web.1").id
    crashed = [(row.dyno, row.exit_status) for row in found.incarnations if row.end_reason == "crashed"]
    assert crashed == [("web.1", None)] * 2
    argv = found.actions[1].argv
    assert argv == ("herodyno", "restart", "web.1", "-a", APP)


def test_r16_is_a_finding_with_the_command_that_ends_it() -> None:
    world, found = told("left-running")
    name, dyno_id = world.truth.guilty[0]
    assert (found.verdict.kind, found.verdict.severity) == ("nothing_found", "info")
    finding = next(each for each in found.findings if each.kind == "left_running")
    assert (finding.dyno, finding.dyno_id) == (name, dyno_id)
    assert "Error R16 (Detached)" in finding.evidence[0].line
    assert found.actions[0].argv == ("herodyno", "stop", name, "-a", APP)
    world.stop(APP, dyno=name)
    world.tick(40)
    assert not [each for each in judge(world, world.full_log(APP)).findings if each.kind == "left_running"]


def test_losses_are_counted_for_whom_they_concern_and_limit_the_verdict() -> None:
    world, found = told("lines-lost")
    assert found.verdict.kind == "one_dyno"
    coverage = found.coverage
    assert coverage.lost_lines == sum(world.truth.lost.values()) == 51
    assert {loss.code: (loss.lines, loss.this_stream) for loss in coverage.losses} == {
        "L10": (212, False), "L12": (40, True), "L13": (11, True), "L14": (0, False),
    }  # fmt: skip
    notes = {note[:3]: note for note in coverage.notes if note[0] == "L"}
    assert notes["L10"] == "L10: 212 lines lost in 1 report by a drain, not this stream"
    assert notes["L13"].startswith("L13: 11 lines lost in 1 report by every reader, of what dynos print")
    assert "certificate is not valid" in notes["L14"]


def test_history_that_cannot_be_had_is_no_calm_verdict() -> None:
    world = scenario("one-bad-dyno")
    world.app(APP).log.is_hidden = True
    found = judge(world, world.log_text(APP))
    assert found.verdict.kind == "not_enough_data"
    assert "L15: the recent lines could not be had; they are not among those judged here" in found.coverage.notes


def test_some_crashed_dynos_are_started_again_by_name_and_times_are_told_in_order() -> None:
    def crash(at: float, name: str) -> str:
        return (
            f"{stamp(at)} heroku[{name}]: Process exited with status 1\n"
            f"{stamp(at + 0.1)} heroku[{name}]: State changed from up to crashed\n"
        )

    served = "".join(request(float(i), f"web.{i % 4 + 1}") for i in range(100))
    found = judged(served + crash(200, "web.1") + crash(140, "web.3"))
    assert found.verdict.details[0] == "2 exits between 12:02 and 12:03 (1 min); status 1."
    assert found.actions[1].argv[:4] == ("herodyno", "restart", "web.1", "web.3")
    assert "no other dyno is touched" in found.actions[1].effect


@pytest.mark.parametrize(("dynos", "each"), [(["web.2"], 30), (["web.1", "web.3"], 29)])
def test_faults_of_heroku_that_name_dynos_are_the_verdict_and_accuse_none(dynos: list[str], each: int) -> None:
    faults = "".join(
        request(3 + i * 11.0 + n, dyno, code="H99", status=503, path=f"/p{i % 7}")
        for n, dyno in enumerate(dynos)
        for i in range(each)
    )
    found = judged(traffic(4, 200) + faults)
    assert (found.verdict.kind, found.verdict.label, found.verdict.severity) == (
        "no_dyno_named", "NOT YOUR DYNOS", "critical",
    )  # fmt: skip
    assert f"{each * len(dynos)} errors are Heroku's own (H99)" in found.verdict.summary
    assert ("all on web.2" in found.verdict.summary) == (len(dynos) == 1)
    assert not any(row.outlier.verdict in ("outlier", "suspect") for row in found.incarnations)
    assert not any(action.mutates for action in found.actions)
    assert not any(finding.kind == "few_errors" for finding in found.findings)
