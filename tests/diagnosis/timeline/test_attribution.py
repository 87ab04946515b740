"""Each event belongs to one life, or is counted as ambiguous or as naming no dyno: none is dropped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.timeline.attribution import place_event
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.events import RouterRequest
from tests.diagnosis.oracle import facts_by_events, seen_in
from tests.diagnosis.reading import events_of, failed, log, read, request, sample, stamp


def test_a_request_belongs_to_the_life_that_was_open_when_it_was_sent() -> None:
    result = read(log("restart-with-overlap"))
    places = {
        event.path: place_event(event, result.times) for event in result.events if isinstance(event, RouterRequest)
    }
    old, new = result.times.incarnations["web.1"]

    assert (places["/"].incarnation, places["/"].certainty) == (old, "strong")
    assert places["/old"].incarnation is old, "sent 30 s before its line, when only the old dyno was there"
    assert (places["/both"].incarnation, places["/both"].certainty) == (None, "ambiguous")
    assert places["/new"].incarnation is new


def test_metric_lines_are_certain_by_their_id() -> None:
    result = read(log("restart-with-overlap"))
    old, new = result.times.incarnations["web.1"]

    assert result.facts.of(old.key).memory.last is not None
    assert [result.facts.of(incarnation.key).memory.n for incarnation in (old, new)] == [1, 1]


def test_an_h13_just_before_an_exit_is_a_symptom_of_it() -> None:
    result = read(log("three-ids-and-a-crash"))
    _, crashed, after = result.times.incarnations["web.1"]

    assert result.facts.symptoms == {crashed.key: 2}
    assert result.facts.of(crashed.key).errors.by_code == {"H13": 2}
    assert result.facts.of(after.key).errors.n == 0


def test_a_line_that_names_no_dyno_is_blamed_on_none() -> None:
    facts = read(log("three-ids-and-a-crash")).facts

    assert facts.no_dyno.by_code == {"H10": 1}


def test_a_request_that_waited_for_a_booting_dyno_is_the_new_dynos() -> None:
    result = read(log("idle-and-back"))
    old, new = result.times.incarnations["web.1"]

    assert result.facts.of(new.key).requests == 1
    assert result.facts.of(old.key).requests == 0


DYNOS = ("web.1", "web.2", "worker.1")
IDS = ("aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222")


@st.composite
def any_line(draw: st.DrawFn) -> str:
    seconds = draw(st.integers(0, 400)) + draw(st.sampled_from((0.0, 0.25)))
    dyno = draw(st.sampled_from(DYNOS))
    message = draw(
        st.sampled_from(
            (
                "Restarting", "Cycling", "State changed from up to starting", "State changed from starting to up",
                "State changed from up to crashed", "State changed from crashed to starting",
                "Starting process with command `x`", "Stopping all processes with SIGTERM",
                "Process exited with status 0", "Process exited with status 137", "Error R14 (Memory quota exceeded)",
                "Error R12 (Exit timeout) -> x", "Error R10 (Boot timeout) -> x", "router", "failed", "sample", "app",
                "nonsense",
            )
        )
    )  # fmt: skip
    match message:
        case "router":
            return request(seconds, draw(st.sampled_from((*DYNOS, ""))))
        case "failed":
            return failed(seconds, dyno)
        case "sample":
            return sample(seconds, dyno, draw(st.sampled_from(IDS)), 300.0)
        case "app":
            return f"{stamp(seconds)} app[{dyno}]: hello\n"
        case "nonsense":
            return "no head at all\n"
        case _:
            return f"{stamp(seconds)} heroku[{dyno}]: {message}\n"


@given(st.lists(any_line(), max_size=60))
def test_every_event_is_counted_exactly_once(lines: list[str]) -> None:
    text = "".join(lines)
    events = events_of(text)
    facts = read(text).facts

    attributed = sum(incarnation.lines for incarnation in facts.incarnations.values())
    assert attributed + facts.ambiguous + facts.unattributed == facts.lines == len(lines)
    requests = [e for e in events if isinstance(e, RouterRequest)]
    named = sum(incarnation.requests for incarnation in facts.incarnations.values()) + sum(
        facts.ambiguous_requests.values()
    )
    assert named == sum(1 for e in requests if e.dyno)
    assert facts.router_lines == len(requests)


@given(st.lists(any_line(), max_size=60), st.integers(0, 60))
def test_facts_counted_in_two_parts_and_merged_are_the_facts_of_the_whole(lines: list[str], cut: int) -> None:
    events = events_of("".join(lines))
    times = timeline(seen_in(events), None, ())
    whole = facts_by_events(events, times)
    parts = facts_by_events(events[:cut], times)
    parts.update(facts_by_events(events[cut:], times))

    assert _plain(parts) == _plain(whole)


def _plain(value: object) -> object:
    """Facts as plain values: everything the verdict can read."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Grid):
        return [(at, cell.requests, cell.errors, cell.service) for at, cell in value.in_order()]
    slots = getattr(type(value), "__slots__", None)
    if slots and not isinstance(value, float | int | str):
        return {name: _plain(getattr(value, name)) for name in slots}
    return value


def test_lives_do_not_depend_on_the_order_of_arrival() -> None:
    lines = log("three-ids-and-a-crash").splitlines(keepends=True)

    shuffled = read("".join(lines[1::2] + lines[0::2])).times.incarnations["web.1"]
    straight = read("".join(lines)).times.incarnations["web.1"]

    assert [
        (incarnation.id, incarnation.start, incarnation.end, incarnation.end_reason) for incarnation in shuffled
    ] == [(incarnation.id, incarnation.start, incarnation.end, incarnation.end_reason) for incarnation in straight]
