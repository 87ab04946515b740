"""A span holds only lines that the attribution, line by line, gives to the same incarnation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from herodyno.archive.folder import US_PER_SECOND
from herodyno.archive.window.safe_spans import EVER_US, safe_spans
from herodyno.diagnosis.timeline.attribution import place_event
from tests.diagnosis.reading import NOON, events_of, read, request, sample
from tests.diagnosis.traffic import NEW, OLD, restart

START_US = round(NOON.timestamp()) * US_PER_SECOND
# web.1 passes on, web.2 runs beside its successor for a while, web.3 stays.
READ = read(
    "".join(request(at, f"web.{n}") for at in range(0, 900, 30) for n in (1, 2, 3))
    + restart(300, "web.1", old=OLD, new=NEW)
    + restart(600, "web.1", old=NEW, new="cccccccc-3333-4333-8333-333333333333")
    + "".join(sample(at, "web.2", OLD if at < 400 else NEW, 200) for at in range(0, 900, 20))
)
OWN = READ.times.all_incarnations()
SPANS = list(safe_spans(READ.times, OWN))


def test_a_name_that_stays_is_safe_for_ever() -> None:
    (span,) = [span for span in SPANS if span.dyno == "web.3"]
    assert (OWN[span.place].dyno, span.first_us < -EVER_US // 2, span.last_us > EVER_US // 2) == ("web.3", True, True)
    assert len([span for span in SPANS if span.dyno == "web.1"]) == 3


@given(st.floats(-100, 1000), st.integers(0, 99_999), st.sampled_from(("web.1", "web.2", "web.3")))
def test_a_request_within_a_span_is_of_its_incarnation(at: float, service: int, dyno: str) -> None:
    (event,) = events_of(request(at, dyno, service=service))
    assert event.line.at is not None
    ts_us = round(event.line.at.timestamp() * US_PER_SECOND)
    for span in SPANS:
        if span.dyno == dyno and span.first_us <= ts_us - service * 1000 and ts_us <= span.last_us:
            assert place_event(event, READ.times).incarnation is OWN[span.place]
