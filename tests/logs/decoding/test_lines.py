"""The head of a line in each shape it travels in; cases/ holds the shapes of whole logs."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding import heads
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.parsing.read import read_events
from tests.real_parts import case_bytes

AT = datetime(2026, 3, 2, 8, 0, 0, 1, tzinfo=UTC)
STAMP = "2026-03-02T08:00:00.000001+00:00"


def read(raw: str | bytes, *, year: int = 2026) -> tuple[datetime | None, str, str, str]:
    line = LineReader(year=year).line(raw if isinstance(raw, bytes) else raw.encode())
    return line.at, line.source, line.proc, line.text


@pytest.mark.parametrize(
    ("raw", "source", "proc", "text"),
    [
        (f"{STAMP} app[web.1]:   indented", "app", "web.1", "  indented"),
        (f"{STAMP} app[heroku-postgres]: a]: b", "app", "heroku-postgres", "a]: b"),
        (f"{STAMP} app[web.1]: \x1b[31mred", "app", "web.1", "\x1b[31mred"),
        (f"{STAMP} other-source[x_y.1]: a", "other-source", "x_y.1", "a"),
        (f"<190>1 {STAMP} host app web.1 - - Goodbye!", "app", "web.1", "- Goodbye!"),
        (f"270 <158>1 {STAMP} d.5f5769fc-9dad heroku router - - at=info", "heroku", "router", "at=info"),
        (f"<40>1 {STAMP} heroku web.3 d.73ea7440-270a - Idling", "heroku", "web.3", "Idling"),
        (f'<190>1 {STAMP} host app web.1 - [meta sequenceId="1"] hi', "app", "web.1", "hi"),
        (f"<190>1 {STAMP} host app web.1 - ", "app", "web.1", ""),
        (f"<190>1 {STAMP} host app web.1 -", "app", "web.1", ""),
        (f"<190>1 {STAMP} host app - - tag#x=1", "app", "", "tag#x=1"),
        (f"\0\0{STAMP} app[web.1]: after heartbeats", "app", "web.1", "after heartbeats"),
    ],
)
def test_the_head_is_taken_off(raw: str, source: str, proc: str, text: str) -> None:
    assert read(raw) == (AT, source, proc, text)


def test_bytes_that_are_no_utf_8_become_replacement_characters() -> None:
    assert read(f"{STAMP} app[web.1]: ".encode() + b"caf\xe9")[3] == "caf\ufffd"


@pytest.mark.parametrize(
    "raw",
    [
        "then",
        f"{STAMP} app: no brackets",
        f"{STAMP} app[a b]: x",
        "2026-13-02T08:00:00+00:00 app[web.1]: x",
        "2026-03-02T08:00:00 other[web.1]: no offset",
        "Foo 12 08:00:00 example-app app/web.1: no such month",
        "<190>1 - host app web.1 - no time",
        "7000002\tnot\ta\tlog",
    ],
)
def test_a_line_without_a_head_is_kept_as_it_came(raw: str) -> None:
    assert read(raw) == (None, "", "", raw)


def test_papertrail_years_move_on_at_new_year_and_back_for_a_late_line() -> None:
    reader = LineReader(year=2025)
    days = ["Dec 31", "Jan 01", "Dec 31", "Jan 02", "Feb 29"]

    seen = [reader.line(f"{day} 08:00:00 example-app app/web.1: x".encode()) for day in days]

    assert [line.at and line.at.year for line in seen] == [2025, 2026, 2025, 2026, None]
    assert [line.number for line in seen] == [1, 2, 3, 4, 5]


HEADS = st.builds(
    "{}{}{}[{}]:{}".format,
    st.sampled_from(
        [
            STAMP,
            STAMP[:-1] + "١",
            "2026-02-30T08:00:00.000001+00:00",
            STAMP.replace("T", " "),
            "2026-W10-1" + STAMP[10:],
        ]
    ),
    st.sampled_from([" ", "  "]),
    st.sampled_from(["app", "heroku", "other"]),
    st.text(st.sampled_from("web.1] [\t\u2028é"), max_size=8),
    st.sampled_from(["", " ", " x", "]: y"]),
)


@given(HEADS)
def test_reading_by_position_and_by_pattern_agree(raw: str) -> None:
    by_position = heads._from_usual_text(raw)

    if by_position is not None:
        found = heads._TEXT.match(raw)
        assert found is not None
        assert by_position[1:] == (found[2], found[3], raw[found.end() :])


def test_firs_sources_are_the_parts_of_heroku() -> None:
    said = {
        "heroku-router[web]: at=error code=H12 dyno=web-5f9c8d7b6c-abcde status=503": ("heroku", "router"),
        "heroku-runtime[web-5f9c8d7b6c-abcde]: Process exited with status 137": ("heroku", "web-5f9c8d7b6c-abcde"),
        "heroku-api[api]: Deploy 123 by user me@example.com": ("heroku", "api"),
        "heroku-postgres[x]: hi": ("heroku-postgres", "x"),
    }
    for text, (source, proc) in said.items():
        line = LineReader(year=2026).line(f"2026-09-20T16:00:02.000000+00:00 {text}".encode())
        assert (line.source, line.proc, line.text) == (source, proc, text.partition(": ")[2])


def test_case_32_firs_lines_mean_what_cedars_mean() -> None:
    events = list(read_events([case_bytes("32-types.log")], year=2026))
    assert [type(event).__name__ for event in events[-3:]] == ["Exited", "RouterRequest", "ApiAction"]
    assert [getattr(event, "dyno", "") for event in events[-3:-1]] == ["web-5f9c8d7b6c-abcde"] * 2
