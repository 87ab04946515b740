"""A line in two logs counts once, whatever the logs share; a line that one log holds twice stays two."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.logfiles import opened
from herodyno.logfiles.opened import Logs
from herodyno.logfiles.parts import log_in
from herodyno.logfiles.repeats import Repeats
from herodyno.logs.scan.blocks import line_blocks
from tests.diagnosis.reading import request

LINES = [request(i, f"web.{i % 3 + 1}", path=f"/{i}") for i in range(900)]


def read(*paths: Path) -> tuple[list[str], list[str]]:
    """(raw lines, remarks) of files read as one log."""
    with Logs([str(path) for path in paths], year=2026) as logs:
        log = log_in(logs, repeats=Repeats(logs) if len(paths) > 1 else None)
        return [line.raw for line in log.lines()], list(log.remarks())


def written(folder: Path, name: str, lines: list[str]) -> Path:
    path = folder / name
    data = "".join(lines).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def raws(lines: list[str]) -> list[str]:
    return [line.rstrip("\n") for line in lines]


@pytest.mark.parametrize("copy", ["b.log", "b.log.gz"])
def test_a_copy_is_left_out_whole(copy: str, tmp_path: Path) -> None:
    lines, remarks = read(written(tmp_path, "a.log", LINES), written(tmp_path, copy, LINES))

    assert lines == raws(LINES)
    assert remarks == ["900 lines that stand in two of these files were counted once"]


@pytest.mark.parametrize("cuts", [(0, 500, 400, 900), (0, 900, 300, 600), (0, 500, 499, 900), (100, 900, 0, 800)])
def test_logs_that_overlap_count_each_line_once(cuts: tuple[int, int, int, int], tmp_path: Path) -> None:
    first, end, begin, last = cuts
    both = min(end, last) - max(first, begin)

    lines, remarks = read(
        written(tmp_path, "a.log", LINES[first:end]), written(tmp_path, "b.log.gz", LINES[begin:last])
    )

    assert sorted(lines) == sorted(raws(LINES))
    assert remarks[0].startswith(f"{both} line")


def test_logs_that_do_not_overlap_lose_nothing(tmp_path: Path) -> None:
    lines, remarks = read(written(tmp_path, "b.log", LINES[500:]), written(tmp_path, "a.log", LINES[:500]))

    assert (lines, remarks) == (raws(LINES), [])


def test_three_logs_of_one_time(tmp_path: Path) -> None:
    lines, remarks = read(
        written(tmp_path, "a.log", LINES[:600]),
        written(tmp_path, "b.log", LINES[300:]),
        written(tmp_path, "c.log", LINES[200:800]),
    )

    assert sorted(lines) == sorted(raws(LINES))
    assert remarks[0].startswith("900 lines")


def test_a_line_that_one_log_holds_twice_stays_two(tmp_path: Path) -> None:
    twice = [*LINES[:10], LINES[5], LINES[5], *LINES[10:20]]

    lines, remarks = read(written(tmp_path, "a.log", twice), written(tmp_path, "b.log", LINES[:15]))

    assert lines.count(LINES[5].rstrip("\n")) == 3
    assert len(lines) == len(twice)
    assert remarks[0].startswith("15 lines")


def test_lines_of_one_time_with_other_requests_are_two(tmp_path: Path) -> None:
    other = [line.replace("request_id=4f0c", "request_id=aaaa") for line in LINES[:50]]

    lines, remarks = read(written(tmp_path, "a.log", LINES[:50]), written(tmp_path, "b.log", other))

    assert (len(lines), remarks) == (100, [])


def test_lines_without_a_head_go_with_the_line_before(tmp_path: Path) -> None:
    text = [part for line in LINES[:50] for part in (line, "    at main.js:1\n")]

    lines, _ = read(written(tmp_path, "a.log", text), written(tmp_path, "b.log", text[20:]))

    assert lines == raws(text)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=40),
)
def test_each_line_stands_as_often_as_in_the_log_that_has_most_of_it(
    tmp_path_factory: pytest.TempPathFactory, first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    logs = [[request(at, f"web.{n}") for at, n in sorted(each)] for each in (first, second)]
    names = [written(folder, f"{place}.log", lines) for place, lines in enumerate(logs)]

    lines, _ = read(*names)

    wanted = {raw: max(log.count(f"{raw}\n") for log in logs) for log in logs for raw in raws(log)}
    assert {raw: lines.count(raw) for raw in set(lines)} == wanted


@pytest.mark.parametrize("chunk", [2_000, 1 << 18])
@pytest.mark.parametrize("undated", [False, True])
def test_what_no_other_log_reaches_is_read_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, undated: bool
) -> None:
    monkeypatch.setattr(opened, "CHUNK", chunk)
    lines = [request(i * 2, f"web.{i % 3 + 1}", path=f"/{i}") for i in range(900)]  # of half an hour
    if undated:
        lines[::7] = [f"a line without a head {i}\n" for i in range(len(lines[::7]))]
    first, second = written(tmp_path, "a.log", lines[:500]), written(tmp_path, "b.log", lines[400:])
    with Logs([str(first), str(second)], year=2026) as logs:
        repeats = Repeats(logs)
        parts = list(repeats.batches(str(second)))
    as_text = [part for part in parts if isinstance(part, bytes)]
    rest = [line.raw for part in parts if not isinstance(part, bytes) for line in part]
    assert repeats.dropped == {str(second): 100}
    assert rest + raws(b"".join(as_text).decode().splitlines()) == raws(lines[500:])
    assert (len(as_text) > 10) is (chunk == 2_000)  # one block holds both logs whole


@pytest.mark.parametrize("chunk", [2_000, 1 << 18])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_log_that_is_out_of_order_is_compared_line_by_line_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, is_first: bool
) -> None:
    monkeypatch.setattr(opened, "CHUNK", chunk)
    lines = [request(i * 2, f"web.{i % 3 + 1}", path=f"/{i}") for i in range(900)]
    jumping = written(tmp_path, "a.log", lines[:100] + lines[500:800] + lines[100:500])
    in_order = written(tmp_path, "b.log", lines[300:])
    names = [str(jumping), str(in_order)]
    with Logs(names if is_first else names[::-1], year=2026) as logs:
        repeats = Repeats(logs)
        by_blocks = sum(
            part.count(b"\n") if isinstance(part, bytes) else len(part)
            for name in repeats.names
            for part in (repeats.batches(name) if repeats.has_repeats(name) else line_blocks(logs.chunks(name)))
        )
        assert by_blocks == len(list(repeats.lines()))


def test_logs_that_go_back_alike_are_compared_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "CHUNK", 2_000)
    lines = [request(i * 2, f"web.{i % 3 + 1}", path=f"/{i}") for i in range(900)]
    first = written(tmp_path, "a.log", lines[490:600] + lines[100:400] + lines[600:700])
    second = written(tmp_path, "b.log", lines[500:600] + lines[100:400] + lines[600:700])
    with Logs([str(first), str(second)], year=2026) as logs:
        repeats = Repeats(logs)
        assert list(repeats.batches(str(second))) == []
        assert repeats.dropped == {str(second): 500}


def test_frames_too(tmp_path: Path) -> None:
    frames = [f"<158>1 {line[:32]} host heroku router - - {line[48:]}" for line in LINES]

    lines, remarks = read(written(tmp_path, "a.log", frames[:500]), written(tmp_path, "b.log", frames[450:]))

    assert len(lines) == 900
    assert remarks[0].startswith("50 lines")
