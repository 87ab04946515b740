"""With preboot two dynos of one name serve for minutes: no line goes to the wrong one, and no successor is accused."""

from __future__ import annotations

from collections import Counter

import pytest

from herodyno.diagnosis.timeline.attribution import place_event
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.events import StateChange
from herodyno.logs.parsing.read import read_events
from herodyno.sandbox.incidents import app_incidents
from herodyno.sandbox.incidents.settings import Settings, healthy_profile
from herodyno.sandbox.world import log_formats
from herodyno.sandbox.world.log_buffer import LogEntry
from herodyno.sandbox.world.world import World
from tests.diagnosis.oracle import seen_in
from tests.diagnosis.reading import limits_of
from tests.diagnosis.simulation import dynos_of, judge

APP = "example-app"


def prebooted(seed: int, how: str, *, seconds: float = 500.0, at: float = 0.4, **more: float) -> World:
    """web.2 is bad; a release or a restart of web.2 replaces it with a good one at `at` of the log."""
    world = World(seed=seed)
    settings = Settings(seconds=seconds, **({"heavy": False, "error_rate": 0.3} | more))
    world.truths[APP] = app_incidents.bad_dynos(world, settings)
    world.app(APP).preboot = True
    good = {"web": healthy_profile(settings)}

    def replace() -> None:
        if how == "release":
            world.deploy(APP, profiles=good)
        else:
            world.app(APP).release.profiles.update(good)
            world.restart(APP, dyno="web.2")

    world.simulator.schedule(seconds * at, replace)
    world.tick(seconds)
    return world


def misplaced(world: World, entries: list[LogEntry], *, with_api: bool = True) -> Counter[str]:
    """Lines that were given to another dyno id than the one that wrote or served them, and how many were given."""
    events = list(read_events([log_formats.text(entries).encode()], year=2026))
    times = timeline(seen_in(events), dynos_of(world, APP) if with_api else None, ())
    counts: Counter[str] = Counter()
    for event in events:
        true_id, incarnation = entries[event.line.number - 1].dyno_id, place_event(event, times).incarnation
        if (
            true_id and incarnation is not None and not isinstance(event, StateChange)
        ):  # which tells of the name, not of one
            counts["given"] += 1
            counts["wrong"] += bool(incarnation.id) and incarnation.id != true_id
    return counts


@pytest.mark.parametrize("runtime_metrics", [True, False])
@pytest.mark.parametrize("how", ["release", "restart"])
@pytest.mark.parametrize("seconds", [420.0, 500.0])  # both serve yet; the release's switch is over
def test_every_line_goes_to_the_dyno_that_wrote_it_or_to_none(how: str, seconds: float, runtime_metrics: bool) -> None:
    world = prebooted(3, how, seconds=seconds, runtime_metrics=runtime_metrics)
    entries = world.app(APP).log.everything
    for with_api in (True, False):
        counts = misplaced(world, entries, with_api=with_api)
        assert counts["wrong"] == 0
        assert counts["given"] > 600


@pytest.mark.parametrize("runtime_metrics", [True, False])
@pytest.mark.parametrize("how", ["release", "restart"])
@pytest.mark.parametrize("seed", range(2))
def test_a_log_that_begins_while_both_serve_gives_todays_id_to_no_older_line(
    how: str, runtime_metrics: bool, seed: int
) -> None:
    world = prebooted(seed, how, seconds=800.0, at=0.3, runtime_metrics=runtime_metrics)
    begins = 240.0 + 60.0 + 40.0 * seed
    entries = [e for e in world.app(APP).log.everything if (e.at - world.simulator.start).total_seconds() >= begins]
    counts = misplaced(world, entries)
    assert counts["wrong"] < 0.02 * counts["given"]  # a few lines before the first sample of either
    found = judge(world, log_formats.text(entries))
    now = {each.id for each in world.dynos(APP)}
    assert not {row.id for row in found.incarnations if row.outlier.verdict == "outlier"} & now
    assert found.verdict.kind in ("not_enough_data", "nothing_found")


@pytest.mark.parametrize("how", ["release", "restart"])
def test_the_old_dyno_is_accused_while_its_successor_is_left_alone(how: str) -> None:
    world = prebooted(1, how, seconds=390.0, at=0.45)
    found = judge(world, world.full_log(APP))
    (_, guilty), new = world.truth.guilty[0], world.dyno(APP, "web.2")
    assert (found.verdict.kind, found.verdict.replaced) == ("one_dyno", True)
    assert "its successor runs already" in found.verdict.summary
    assert f"web.2 ({new.id[:8]}) runs under that name since" in " ".join(found.verdict.details)
    assert [row.id for row in found.incarnations if row.outlier.verdict == "outlier"] == [guilty]
    assert not any(action.mutates for action in found.actions)
    assert "about to be stopped by Heroku" in found.actions[0].text


def test_memory_lines_of_the_old_dyno_are_never_the_new_ones() -> None:
    world = prebooted(1, "release", seconds=420.0, heavy=True)
    rows = {row.id: row.memory for row in judge(world, world.full_log(APP)).incarnations if row.dyno == "web.2"}
    old, new = world.truth.guilty[0][1], world.dyno(APP, "web.2").id
    assert rows[old].last_mb is not None
    assert rows[new].last_mb is not None
    assert rows[old].last_mb > 700 > 400 > rows[new].last_mb
    assert (rows[old].r14 > 0, rows[new].r14) == (True, 0)


def test_a_stop_minutes_after_the_release_is_the_releases() -> None:
    world = prebooted(1, "release", seconds=800.0)
    ends = Counter(row.end_reason for row in judge(world, world.full_log(APP)).incarnations)
    assert ends == {"deployed": 4, None: 4}


def test_a_young_dyno_that_is_accused_may_share_its_name_and_that_is_said() -> None:
    world = prebooted(12, "restart", seconds=420.0, at=0.3, runtime_metrics=False, error_rate=0.6)
    made = world.dyno(APP, "web.2").created_at
    entries = [e for e in world.app(APP).log.everything if 20 < (e.at - made).total_seconds() < 230]
    world.simulator.seconds = entries[-1].at.timestamp() - world.simulator.start.timestamp()
    found = judge(world, log_formats.text(entries))
    assert found.verdict.kind == "one_dyno"
    assert any("web.2 began shortly before this log: with preboot" in limit for limit in limits_of(found))
