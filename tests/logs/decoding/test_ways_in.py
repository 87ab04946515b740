"""The same bytes are the same lines: from a file, from a pipe, and from a socket, however they are cut.

`streams/` holds one small log for each way that lines travel and begin. The public logs are kept beside
the repository, and a run without them says so; a run in CI fails.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from herodyno.cli.logs.sources import as_they_come, window
from herodyno.cli.session import Session
from herodyno.logs.decoding.decoder import Decoder, sniff
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine, RouterRequest
from herodyno.logs.parsing.event import event_of
from herodyno.render.output import Output
from tests.conftest import TOKEN, Invoke
from tests.heroku.faults import faults, head, raw
from tests.real_parts import SHARED_DATA, need_shared_data

STREAMS = Path(__file__).parents[1] / "streams"
NOW = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)
PUBLIC = {".log", ".txt", ".tsv", ".frames", ".drainlines", ".sse"}
SUFFIXES = PUBLIC | {".json", ".jsonl", ".csv", ".logfmt"}
SIZES = (1, 7, 512, 65536)
CONTENT_TYPES = {".log": "text/plain", ".sse": "text/event-stream"}  # others are judged by their first bytes
MOST_IN_SMALL_CHUNKS = 4096  # on a socket a chunk of one byte takes as long as one of 64 KB

HOW_MANY = {
    "blank-lines-first.log": 3, "events-ended-by-cr.sse": 3, "events-of-several-lines.sse": 3,
    "events.sse": 3, "heartbeats-first.frames": 1,
    "heartbeats-before-a-mark.log": 2, "heartbeats.log": 2, "heartbeats.sse": 2, "id-first.sse": 1,
    "lines-of-a-drain.frames": 4,
    "loss-and-request-glued.frames": 2, "mark-and-lines.log": 3, "mark-and-one-short-line.log": 1,
    "mark-first.frames": 1, "mark-first.sse": 1, "nothing.log": 0, "one-loss.frames": 1, "one-request.frames": 1,
    "one-short-event.sse": 1, "one-short-line.log": 1, "only-a-mark.log": 0, "only-heartbeats.log": 0,
    "papertrail-archive-of-one-line.tsv": 1, "papertrail-page-of-one-line.txt": 1, "papertrail-page.txt": 2,
    "pieces.frames": 1, "pieces.log": 3, "request-without-count.frames": 1, "text-of-windows.log": 3,
    "text-without-last-line-end.log": 3, "text.log": 3, "utf-16-of-the-other-order.log": 3, "utf-16-short.frames": 1,
    "utf-16-short.log": 1, "utf-16.log": 3,
}  # fmt: skip
# One and the same log as tools and people pass it on: three lines each.
PASSED_ON = (
    "array.json",
    "bare.log",
    "better-stack.jsonl",
    "blank-for-t.log",
    "bullets.log",
    "ci-job-as-viewed.log",
    "ci-job-of-circleci.log",
    "ci-job-of-gitlab.log",
    "ci-job-of-jenkins.log",
    "ci-job-of-objects.log",
    "ci-job.log",
    "cloudwatch.log",
    "colours-of-the-cli.log",
    "comma-and-no-offset.log",
    "commented.log",
    "datadog.jsonl",
    "elastic.jsonl",
    "flat-names.jsonl",
    "fluent-bit.jsonl",
    "fluentd.log",
    "found-by-grep-with-number.log",
    "found-by-grep.log",
    "frames-with-a-message-id.frames",
    "frames-with-an-empty-field.frames",
    "frames-without-host-or-id.frames",
    "frames-without-host.frames",
    "from-compose.log",
    "indented.log",
    "kibana.csv",
    "logentries.jsonl",
    "loki.log",
    "mezmo.jsonl",
    "milliseconds.jsonl",
    "numbered-by-cat.log",
    "object-then-text.json",
    "own-columns.csv",
    "own.csv",
    "own.json",
    "own.jsonl",
    "own.logfmt",
    "page-with-years.log",
    "papertrail-api-by-lines.json",
    "papertrail-api.json",
    "papertrail-with-heading.tsv",
    "papertrail.csv",
    "patch.log",
    "quoted-twice.log",
    "quoted.log",
    "raw-frames.jsonl",
    "rsyslog-with-iso-times.log",
    "rsyslog.txt",
    "spreadsheet.csv",
    "syslog-in-a-file.log",
    "syslog-with-priority.log",
    "syslog-without-priority.log",
    "vector.jsonl",
    "web-page.log",
    "without-offset.log",
    "wrapped-and-quoted.log",
    "wrapped-by-a-mail.log",
    "wrapped-by-a-terminal.log",
)
HOW_MANY |= dict.fromkeys(PASSED_ON, 3)


def public_logs() -> Iterator[tuple[str, bytes]]:
    """Every public log and every case that is one."""
    need_shared_data()
    for folder in (SHARED_DATA / "logs", SHARED_DATA / "cases"):
        for path in sorted(folder.iterdir()):
            if Path(path.name.removesuffix(".gz")).suffix in PUBLIC:
                data = path.read_bytes()
                yield path.name.removesuffix(".gz"), gzip.decompress(data) if path.suffix == ".gz" else data


def chunks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def from_file(data: bytes, size: int) -> list[LogLine]:
    return list(read_lines(chunks(data, size), year=NOW))


def from_pipe(data: bytes, size: int) -> list[LogLine]:
    decoder = Decoder(LineReader(year=NOW))
    return [line for batch in as_they_come(chunks(data, size), decoder) for line in batch]


def from_socket(data: bytes, size: int, content_type: str) -> list[LogLine]:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks(data, size))
    start = head(200, content_type=content_type, transfer_encoding="chunked")
    with faults(raw(start + body + b"0\r\n\r\n")) as server:
        # A log session on this machine is read only beside an API on this machine.
        environ = {"HEROKU_API_KEY": TOKEN, "HEROKU_HOST": server.url}
        session = Session(Output(io.StringIO(), io.StringIO(), {}), environ=environ, clock=lambda: NOW)
        lines, error = window(session, server.url)
    assert error is None
    return lines


def content_types(name: str, data: bytes) -> set[str]:
    """A log session has a time in each line, so lines without never have its content type."""
    said = "" if sniff(data, is_all=True) == "bare" else CONTENT_TYPES.get(Path(name).suffix, "")
    return {said, "application/octet-stream"} - {""}


@pytest.mark.parametrize("name", sorted(path.name for path in STREAMS.iterdir() if path.suffix in SUFFIXES))
def test_a_stream_is_the_same_lines_by_every_way_in(name: str) -> None:
    data = (STREAMS / name).read_bytes()
    lines = from_file(data, len(data) or 1)

    assert len(lines) == HOW_MANY[name]
    assert all((line.at or name == "bare.log") and line.source and line.proc for line in lines)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    for size in SIZES:
        assert from_file(data, size) == lines
        assert from_pipe(data, size) == lines
        if size > 7 or len(data) <= MOST_IN_SMALL_CHUNKS:
            for content_type in content_types(name, data):
                assert from_socket(data, size, content_type) == lines


@pytest.mark.parametrize("name", sorted(HOW_MANY))
def test_logs_shows_and_counts_standard_input_as_it_does_the_file(name: str, invoke: Invoke) -> None:
    path = STREAMS / name
    for words in (["--stats", "count by type"], ["-o", "jsonl"]):
        in_file = invoke(["logs", "--from-file", str(path), *words])
        piped = invoke(["logs", "--from-file", "-", *words], stdin=path.read_bytes())
        assert piped == in_file
        assert in_file.code == 0


@pytest.mark.parametrize("size", SIZES)
def test_a_public_log_is_the_same_lines_from_a_file_and_from_a_pipe(size: int) -> None:
    for name, data in public_logs():
        small = data if size > 7 else data[: 1 << 15]
        lines = from_file(small, len(small))
        assert from_file(small, size) == lines, name
        assert from_pipe(small, size) == lines, name


def test_a_public_log_is_the_same_lines_from_a_file_and_from_a_socket() -> None:
    for name, data in public_logs():
        lines = from_file(data, len(data))
        for size in SIZES:
            if size > 7 or len(data) <= MOST_IN_SMALL_CHUNKS // 4:
                for content_type in content_types(name, data):
                    assert from_socket(data, size, content_type) == lines, name


def test_a_later_data_line_of_an_event_has_no_speaker_of_its_own() -> None:
    first, *others = read_lines([(STREAMS / "events-of-several-lines.sse").read_bytes()], year=2026)
    assert (first.source, first.proc) == ("app", "web.1")
    assert first.text.endswith("\n2026-11-23T02:00:03.000001+00:00 heroku[web.3]: Error R14 (Memory quota exceeded)")
    assert [line.proc for line in others] == ["router", "web.1"]


@pytest.mark.parametrize("name", PASSED_ON)
def test_a_log_that_was_passed_on_says_what_it_said_before(name: str) -> None:
    passed_on, original = (
        [event_of(line) for line in read_lines([(STREAMS / each).read_bytes()], year=2026)]
        for each in (name, "text.log")
    )
    for got, wanted in zip(passed_on, original, strict=True):
        at = None if name == "bare.log" else wanted.line.at
        if got.line.at and at and not got.line.at.microsecond % 1000:
            at = at.replace(microsecond=got.line.at.microsecond)
        assert type(got) is type(wanted)
        assert (got.line.at, got.line.source, got.line.proc) == (at, wanted.line.source, wanted.line.proc)
        assert got[1:] == wanted[1:]
        assert got.line.text == wanted.line.text or isinstance(got, RouterRequest)
