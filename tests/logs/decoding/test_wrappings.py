"""What people and tools put around a line comes off, and only where a head of Heroku begins behind it."""

from __future__ import annotations

import pytest

from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.wrappings import WRAPPINGS
from herodyno.logs.events import LogLine

AROUND = {wrapping.name: wrapping.example for wrapping in WRAPPINGS}


def read(raw: str) -> LogLine:
    return LineReader(year=2026).line(raw.encode())


@pytest.mark.parametrize("name", AROUND)
def test_the_example_of_each_wrapping_is_the_line_within(name: str) -> None:
    line = read(AROUND[name])
    assert (line.source, line.proc, line.text) == ("heroku", "web.1", "Idling")
    assert line.raw == "2026-11-23T02:00:00.000001+00:00 heroku[web.1]: Idling"


@pytest.mark.parametrize("inner", AROUND)
@pytest.mark.parametrize("outer", AROUND)
def test_an_apps_own_line_is_never_unwrapped(outer: str, inner: str) -> None:
    head = "2026-11-23T02:00:00.000001+00:00 app[web.1]: "
    before, _, _ = AROUND[outer].partition("2026-11-23T02:00:00.000001")
    said = f"{before}{head}{AROUND[inner]}"
    assert (read(said).source, read(said).proc) == ("app", "web.1")


@pytest.mark.parametrize(
    "raw",
    [
        "12:heroku[web.1]: Idling",
        "note: 2026-11-23T02:00:00 heroku was down",
        "web_1  | heroku[web.1]: Idling",
        "[2026-11-23T02:05:01.123Z] heroku[web.1]: Idling",
        "app.log:12:app[web.1]: Idling",
        "test\tlogs\t2026-11-23T02:00:00+00:00 heroku[web.1]: Idling",
    ],
)
def test_a_wrapping_without_a_whole_head_behind_it_stays(raw: str) -> None:
    assert (read(raw).source, read(raw).raw) == ("", raw)
