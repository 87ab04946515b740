"""What came is counted by drain, with its gaps and its lag."""

import pytest

from herodyno.archive.receive.counters import Counters, lag_of
from herodyno.archive.records import Frame
from tests.archive.receive.drain import BODY

AT_US = 1_772_452_802_500_000  # 2.5 s after the message in BODY
L10 = (
    b"<172>1 2026-03-02T12:00:00+00:00 host heroku logplex - Error L10 (output buffer overflow): "
    b"491 messages dropped since 2026-03-02T11:59:58+00:00."
)


def frame(body: bytes = BODY, drain: str = "d.1", dropped: int = 0) -> Frame:
    return Frame(AT_US, "example-app", drain, "", body, messages=2, dropped=dropped)


def test_frames_are_counted_once_and_repetitions_apart() -> None:
    counters = Counters()
    counters.kept(frame(), is_new=True)
    counters.kept(frame(), is_new=False)
    counters.kept(frame(drain="d.2"), is_new=True)
    total = counters.total()
    assert (total.frames, total.messages, total.bytes, total.repeated) == (2, 4, 2 * len(BODY), 1)
    assert total.lag_seconds == 2.5


def test_a_gap_is_what_logplex_says_before_the_first_message_and_what_a_shuttle_says_in_headers() -> None:
    counters = Counters()
    counters.kept(frame(b"%d %s%s" % (len(L10), L10, BODY)), is_new=True)
    counters.kept(frame(BODY + b"%d %s" % (len(L10), L10)), is_new=True)  # an app can print it there
    counters.kept(frame(dropped=9), is_new=True)
    assert counters.total().dropped == 500


@pytest.mark.parametrize(
    ("body", "messages", "miscounted"),
    [(BODY, 1, 0), (BODY * 3, 3, 0), (BODY * 3, 2, 1), (BODY, 0, 0), (BODY[:-1], 1, 1), (b"-5 x", 1, 1),
     (b"9" * 30, 1, 1), (b"99999999 x", 1, 1), (b"x", 1, 1), (b"", 1, 1), (b"%d %s%s" % (len(L10), L10, BODY), 1, 0),
     (b"%d %s%s" % (len(L10), L10, BODY), 2, 0)],
)  # fmt: skip
def test_a_frame_with_other_messages_than_its_sender_counted_is_told(
    body: bytes, messages: int, miscounted: int
) -> None:
    counters = Counters()
    counters.kept(frame(body)._replace(messages=messages), is_new=True)
    assert counters.total().miscounted == miscounted


def test_drains_that_name_themselves_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.archive.receive.counters.MOST_DRAINS", 2)
    counters = Counters()
    for number in range(9):
        counters.kept(frame(drain=f"d.{number}"), is_new=True)
    assert (len(counters.drains), counters.total().frames) == (3, 9)


@pytest.mark.parametrize("body", [b"", b"text", b"9 <45>1 2026-99-99T12:00:00+00:00 host", b"9 <45>1 - host"])
def test_a_frame_without_a_time_has_no_lag(body: bytes) -> None:
    assert lag_of(frame(body)) is None
