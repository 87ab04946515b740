"""A verdict from an archive counts from the last line that can be true, whatever a dyno's clock says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from herodyno.archive.journal import Journal
from herodyno.archive.records import Frame
from tests.archive.archived import rows
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.diagnosis.reading import NOON, stamp
from tests.diagnosis.traffic import errors, traffic

_TEXT = re.compile(r"(\S+) (\w+)\[(.+?)\]: (.*)")
FAR = "2038-01-19T03:14:07.000000+00:00"


def framed(number: int, line: str, *, received: float) -> Frame:
    """A line of text as a frame of a drain."""
    found = _TEXT.fullmatch(line)
    text = f"<190>1 {found[1]} host {found[2]} {found[3]} - {found[4]}\n" if found else line
    us = round((NOON.timestamp() + received) * 1e6)
    return Frame(us, "example-app", "d.1", f"{number}", f"{len(text.encode())} {text}".encode())


def received(root: Path, invoke: Invoke, lines: str, *, at: float = 400.0) -> None:
    """An archive of lines that a drain brought."""
    journal = Journal(root / "journal")
    journal.append([framed(number, line, received=at) for number, line in enumerate(lines.splitlines())])
    journal.close()
    assert invoke(f"archive compact --archive {root}").code == 0


def test_a_line_of_a_clock_far_ahead_moves_no_window(invoke: Invoke, tmp_path: Path) -> None:
    lines = "".join(sorted((traffic(3, 60) + errors("web.2", 12)).splitlines(keepends=True)))
    sound, spoilt = tmp_path / "sound", tmp_path / "spoilt"
    received(sound, invoke, lines)
    received(spoilt, invoke, f"{lines}{FAR} app[web.1]: a clock far ahead\n")
    for flags in ("", "--since 1h", "--since 1h --until 12:03"):
        true, told = (
            valid(invoke(f"diagnose --archive {root} --json --utc {flags}").stdout) for root in (sound, spoilt)
        )
        assert told["verdict"] == true["verdict"]
        assert told["coverage"]["to"] == true["coverage"]["to"]
        assert told["incarnations"] == true["incarnations"]
        assert "1 line dated up to 2038-01-19T03:14:07" in str(told)
    shown = valid(invoke(f"diagnose --archive {spoilt} --json --since 2038-01-19 --until 2038-01-20").stdout)
    assert shown["coverage"]["lines"] == 1


def test_where_most_lines_are_ahead_the_clock_of_the_receiver_is_not_believed(invoke: Invoke, tmp_path: Path) -> None:
    received(tmp_path, invoke, traffic(2, 30), at=-9000.0)
    told = valid(invoke(f"diagnose --archive {tmp_path} --json --since 1h").stdout)
    assert told["coverage"]["lines"] == 60


@pytest.mark.parametrize("time", ["-", "2026-02-30T01:00:00+00:00", "garbage"])
def test_a_line_without_a_time_is_of_when_it_was_received(invoke: Invoke, tmp_path: Path, time: str) -> None:
    before = f"{FAR} app[web.1]: a clock far ahead\n"
    received(tmp_path, invoke, f"{before}<190>1 {time} host app web.1 - no time", at=7.0)
    assert [row["ts_us"] for row in rows(tmp_path) if row["kind"] == "undated"] == [round(NOON.timestamp() + 7) * 10**6]


def test_a_leap_second_is_the_end_of_the_second_before(invoke: Invoke, tmp_path: Path) -> None:
    received(tmp_path, invoke, "2016-12-31T23:59:60.5+00:00 app[web.1]: leap\n")
    (row,) = rows(tmp_path)
    assert (row["kind"], row["ts_us"]) == ("app", 1_483_228_799_999_999)


def test_what_the_heads_of_frames_say_was_lost_is_told_once(invoke: Invoke, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    lines = traffic(2, 30).splitlines()
    frames = [framed(number, line, received=400.0) for number, line in enumerate(lines)]
    frames[1] = frames[1]._replace(dropped=600, origin="shuttle", drain="example-app")
    frames[2] = frames[2]._replace(messages=7)  # and one is there
    told = framed(
        99, f"{stamp(5)} heroku[logplex]: Error L10 (output buffer overflow): 50 messages dropped", received=9
    )
    journal.append([*frames, told._replace(dropped=50)])
    journal.close()
    assert invoke(f"archive compact --archive {tmp_path}").code == 0
    assert valid(invoke(f"diagnose --archive {tmp_path} --json").stdout)["coverage"]["lost_lines"] == 600 + 6 + 50
    assert len(rows(tmp_path)) == len(lines) + 3
