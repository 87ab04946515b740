"""Each event belongs to one life, or is counted as ambiguous or as naming no dyno: none is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.timeline.attribution import foretold_exit, place_event
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


def platform(seconds: float, text: str, dyno: str = "web.1") -> str:
    return f"{stamp(seconds)} heroku[{dyno}]: {text}\n"


def lives_apart(gap: float) -> str:
    """A dyno that exits at 100 s, another that begins `gap` seconds later; no line in between."""
    return (
        request(0, "web.1")
        + platform(99, "Stopping all processes with SIGTERM")
        + platform(100, "Process exited with status 143")
        + platform(100 + gap, "State changed from down to starting")
        + platform(500, "State changed from starting to up")
    )


def owner_of(text: str, at: float, *, code: str = "", service: int = 0) -> tuple[int | None, str]:
    """The number of the incarnation that a request belongs to, and how certain that is."""
    result = read(text + request(at, "web.1", code=code, service=service, path="/this"))
    (event,) = (event for event in result.events if isinstance(event, RouterRequest) and event.path == "/this")
    incarnation, certainty = place_event(event, result.times)
    return (None if incarnation is None else incarnation.number, certainty)


@pytest.mark.parametrize(("at", "number"), [(101, 0), (139, 0), (161, 1), (199, 1)])
def test_a_request_between_two_lives_is_the_nearer_ones(at: float, number: int) -> None:
    assert owner_of(lives_apart(100), at) == (number, "inferred")


def test_a_request_that_was_open_when_a_life_began_is_that_lifes_however_near_the_other_is() -> None:
    assert owner_of(lives_apart(100), 202, service=95_000) == (1, "inferred")
    assert owner_of(lives_apart(100), 199, service=95_000) == (0, "inferred")


@pytest.mark.parametrize(
    ("code", "before", "is_foretold"),
    [
        ("H13", 0.49, True), ("H13", 0.51, False), ("H18", 0.99, True), ("H18", 1.01, False),
        ("H13", -0.04, True), ("H13", -0.06, False), ("H12", 0.1, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "end", ["Process exited with status 1", "Process exited with status 0", "State changed from up to crashed"]
)
def test_a_code_foretells_an_exit_within_its_reach(code: str, before: float, end: str, *, is_foretold: bool) -> None:
    text = (
        request(0, "web.1")
        + platform(100, end)
        + platform(100.3, "State changed from crashed to starting")
        + request(100 - before, "web.1", code=code, service=0, path="/this")
    )
    result = read(text)
    (event,) = (event for event in result.events if isinstance(event, RouterRequest) and event.path == "/this")

    assert (foretold_exit(event, result.times) is not None) == is_foretold


def test_no_exit_is_foretold_where_none_was_seen() -> None:
    text = request(0, "web.1") + platform(100, "State changed from down to starting")
    result = read(text + request(99.9, "web.1", code="H13", service=0, path="/this"))
    (event,) = (event for event in result.events if isinstance(event, RouterRequest) and event.path == "/this")
    old, _ = result.times.incarnations["web.1"]

    assert old.end is not None
    assert foretold_exit(event, result.times) is None


def restart(up: float) -> str:
    return (
        request(0, "web.1")
        + platform(100, "Restarting")
        + platform(100.1, "State changed from up to starting")
        + platform(100.2, "Stopping all processes with SIGTERM")
        + platform(101, "Starting process with command `x`")
        + platform(up, "State changed from starting to up")
        + platform(129, "Process exited with status 143")
    )


def test_a_dyno_that_boots_beside_another_answers_no_request() -> None:
    assert owner_of(restart(120), 105, service=3000) == (0, "strong")
    assert owner_of(restart(120), 117.9, service=3000) == (0, "strong")
    assert owner_of(restart(120), 118.1, service=3000) == (None, "ambiguous")
    assert owner_of(restart(120), 130, service=500) == (1, "strong")
