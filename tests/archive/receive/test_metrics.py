"""The counters as samples: what a sender wrote breaks no line, what is not known has no sample, drains are bounded."""

import pytest

from herodyno.archive.receive import counters as counters_module
from herodyno.archive.receive.counters import OTHERS, Counters
from herodyno.archive.receive.metrics import receive_samples
from herodyno.archive.records import Frame
from tests.archive.receive.drain import BODY
from tests.exposition import parsed, values


def frame(drain: str = "d.1", app: str = "example-app", body: bytes = BODY) -> Frame:
    return Frame(1_772_452_802_500_000, app, drain, "", body, messages=2)


def counted(*frames: Frame) -> str:
    counters = Counters()
    for each in frames:
        counters.kept(each, is_new=True)
    return receive_samples(counters).text()


def test_what_a_sender_wrote_breaks_no_line() -> None:
    text = counted(frame('d."\n\\'))
    assert 'herodyno_receive_messages_total{app="example-app",drain="d.\\"?\\\\"} 2\n' in text
    assert values(text, "herodyno_receive_messages_total") == [2]


def test_lag_and_last_frame_are_there_where_they_are_known() -> None:
    text = counted(frame(), frame("d.2", body=b"nothing with a time"))
    assert values(text, "herodyno_receive_lag_seconds", drain="d.1") == [2.5]
    assert values(text, "herodyno_receive_lag_seconds", drain="d.2") == []
    assert values(text, "herodyno_receive_last_frame_timestamp_seconds") == [1_772_452_802.5] * 2


def test_drains_beyond_the_limit_are_one_of_no_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters_module, "MOST_DRAINS", 2)
    text = counted(*(frame(f"d.{number}", f"app-{number}") for number in range(5)))
    assert values(text, "herodyno_receive_frames_total", app="", drain=OTHERS) == [3]
    assert len(values(text, "herodyno_receive_frames_total")) == 3


def test_a_receiver_without_a_frame_counts_from_zero() -> None:
    assert set(parsed(counted()).values()) == {0.0}


def test_a_new_token_in_each_frame_makes_no_new_series_without_end() -> None:
    text = counted(*(frame(f"d.{number}") for number in range(1_500)))
    assert len(values(text, "herodyno_receive_frames_total")) == 1_001
    assert values(text, "herodyno_receive_frames_total", drain=OTHERS) == [500]
