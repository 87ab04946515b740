"""Dynos that the API listed in the past: ids for lines without runtime metrics, and never one for another's line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from herodyno.diagnosis.counting.one_pass import OnePass
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.known import KnownBy
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.diagnosis.timeline.timeline import Timeline, timeline
from herodyno.dynos import Dyno
from tests.diagnosis.reading import NOON, log, log_of_text, request, sample, stamp

ONE, TWO, THREE = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "abc")
AT = NOON.timestamp()


def listed(dyno_id: str, made: float, last: float, gone: float | None = None, name: str = "web.1") -> ListedDyno:
    """A dyno of web.1, with times in seconds after noon, in lists from a minute after it was made."""
    dyno = Dyno(name, dyno_id, "web", "up", "Standard-1X", "", 7, NOON + timedelta(seconds=made))
    return ListedDyno(dyno, AT + made + 60, AT + last, None if gone is None else AT + gone)


def seen_in(text: str) -> Boundaries:
    return OnePass(log_of_text(text)).boundaries


def times_of(text: str, dynos: Sequence[ListedDyno]) -> Timeline:
    return timeline(seen_in(text), None, (), dynos)


def spans(times: Timeline, name: str = "web.1") -> list[tuple[str | None, float | None, float | None]]:
    """(id, start, end) in seconds after noon."""
    return [
        (own.id, own.start and own.start - AT, own.end and own.end - AT) for own in times.incarnations.get(name, ())
    ]


def requests(first: int, last: int) -> str:
    return "".join(request(seconds, "web.1") for seconds in range(first, last, 10))


def test_lists_alone_divide_a_log_that_has_no_line_about_any_dyno() -> None:
    dynos = [listed(THREE, 4000, 5000), listed(ONE, -900, 950, 1010), listed(TWO, 1000, 3950, 4010)]
    times = times_of(requests(0, 5000), dynos)
    assert spans(times) == [(ONE, -900, 1000), (TWO, 1000, 4000), (THREE, 4000, None)]
    assert {own.id_source for own in times.all_incarnations()} == {"api"}
    assert times.incarnations["web.1"][1].size == "Standard-1X"


def test_a_dyno_that_was_gone_before_the_first_line_has_none_of_the_lines() -> None:
    times = times_of(requests(0, 500), [listed(ONE, -9000, -3000, -2940)])
    assert spans(times) == [(ONE, -9000, -2940), (None, None, None)]


def test_lines_after_the_last_list_that_has_a_dyno_are_of_another() -> None:
    times = times_of(requests(0, 5000), [listed(ONE, -900, 950, 1010)])
    assert spans(times) == [(ONE, -900, 1010), (None, 1010, None)]


def test_lines_before_a_dyno_was_made_are_of_another() -> None:
    times = times_of(requests(0, 5000), [listed(TWO, 1000, 4990)])
    assert spans(times) == [(None, None, 1000), (TWO, 1000, None)]


def test_lines_of_start_and_end_are_nearer_than_times_of_lists() -> None:
    text = log("daily-cycle")
    old, new = timeline(seen_in(text), None, ()).incarnations["web.1"]
    assert (old.id, new.id, new.end) == (None, None, None)
    assert new.start is not None
    assert old.end is not None
    made, ended = new.start - AT - 2, old.end - AT
    times = times_of(text, [listed(ONE, -3000, ended - 20, ended + 40), listed(TWO, made, made + 600)])
    assert spans(times) == [(ONE, -3000, ended), (TWO, made + 2, None)]


def test_the_id_of_runtime_metrics_and_of_lists_is_one_incarnation() -> None:
    text = "".join(sample(seconds, "web.1", ONE, 200) for seconds in range(0, 400, 20))
    (own,) = times_of(text, [listed(ONE, -50, 380)]).all_incarnations()
    assert (own.id, own.id_source, own.start and own.start - AT) == (ONE, "api+runtime-metrics", -50)


def test_runtime_metrics_that_name_another_id_are_believed_and_it_is_said() -> None:
    text = "".join(sample(seconds, "web.1", ONE, 200) for seconds in range(0, 4000, 20))
    times = times_of(text, [listed(TWO, -100, 3900)])
    assert [own.id for own in times.all_incarnations()] == [ONE]
    assert "matched by name and time" in times.notes[0]


def test_two_of_a_name_run_side_by_side_while_a_new_one_takes_over() -> None:
    text = "".join(sample(seconds, "web.1", ONE, 200) for seconds in range(0, 620, 20))
    times = times_of(text, [listed(ONE, -900, 600, 660), listed(TWO, 420, 900)])
    assert spans(times) == [(ONE, -900, 660), (TWO, 420, None)]


def test_a_dyno_without_a_line_is_there() -> None:
    times = times_of(requests(0, 100), [listed(TWO, 10, 90, name="worker.1")])
    assert spans(times, "worker.1") == [(TWO, 10, None)]


def test_any_order_of_dynos_gives_the_same() -> None:
    dynos = [listed(ONE, -900, 950, 1010), listed(TWO, 1000, 3950, 4010), listed(THREE, 4000, 5000)]
    text = requests(0, 5000)
    assert spans(times_of(text, dynos)) == spans(times_of(text, dynos[::-1]))


def test_how_start_and_end_are_known_is_told_for_each() -> None:
    text = (
        "".join(sample(seconds, "web.1", ONE, 200) for seconds in range(0, 400, 20))
        + f"{stamp(400)} heroku[web.1]: Process exited with status 143\n"
        + requests(2000, 5000)
    )
    dynos = [listed(TWO, 1000, 3950, 4010)]
    seen = seen_in(text)
    times = timeline(seen, None, (), dynos)
    known = KnownBy(seen, dynos, times)

    def told(own: Incarnation) -> tuple[str | None, str | None, float | None, float | None]:
        found = known.known(own)
        first, last = (found.seen.first - AT, found.seen.last - AT) if found.seen else (None, None)
        return found.start_how, found.end_how, first, last

    assert [told(own) for own in times.all_incarnations()] == [
        (None, "state-line", 0, 400),
        ("api", "api", 1060, 3950),
        ("api", None, None, None),
    ]
