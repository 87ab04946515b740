"""Public log lines of 2011 to 2026, kept beside the repository: none is lost, none is misread.

The expected values come from patterns of this test, not from the parser's. Skipped where the folder is absent.
"""

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import AppException, RouterRequest, Unread
from herodyno.logs.parsing.read import read_events
from tests.real_parts import REAL_LOGS, need_shared_data, needed

_data = needed(need_shared_data)

HEAD = re.compile(
    rb"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d ([\w.-]+)\[([^\]\s]+)\]: ?(.*)$", re.MULTILINE
)
# Where the platform says a code: the router's code=, "Error H12 (" of 2012, the dyno manager, Logplex, log-shuttle.
SAID = re.compile(
    rb"^(?:\d+ )?(?:<\d+>1 )?\S+ (?:\S+ )?(?:heroku\[[^\]]+\]: |app\[log-shuttle\]: |heroku \S+ - (?:- )?)"
    rb"(?:[^\n]*?\bcode=(H\d\d)|(?:Error )?([HRL]\d\d)\b)",
    re.MULTILINE,
)


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("real_lines", Path(__file__).with_name("real_lines.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def files() -> list[Any]:
    return list(script().read_all(REAL_LOGS))


def test_no_line_is_lost(files: list[Any]) -> None:
    assert sum(file.lines for file in files) > 3000
    for file in files:
        assert file.lines_in_events == file.lines, file.path.name


def test_every_line_of_a_text_file_has_its_time_source_and_text(files: list[Any]) -> None:
    text_files = [file for file in files if file.path.suffix == ".log" and "papertrail" not in file.path.name]
    for file in text_files:
        heads = HEAD.findall(file.data)
        lines = list(read_lines([file.data], year=2014))
        assert len(heads) == len([line for line in file.data.splitlines() if line.strip()]), file.path.name
        assert [(line.source, line.proc, line.text) for line in lines] == [
            tuple(part.decode() for part in head) for head in heads
        ]
        assert all(line.at for line in lines)
        assert not [event for event in file.events if isinstance(event, Unread)]


def test_every_papertrail_line_has_its_time_and_source(files: list[Any]) -> None:
    for file in files:
        if "papertrail" in file.path.name:
            assert all(event.line.at and event.line.source for event in file.events)


def test_codes_are_counted_as_a_plain_search_counts_them(files: list[Any]) -> None:
    counted = 0
    for file in files:
        if file.path.suffix == ".log" and "papertrail" not in file.path.name:
            said = Counter((by_router or by_dyno).decode() for by_router, by_dyno in SAID.findall(file.data))
            assert file.codes == said, file.path.name
            counted += said.total()
    assert counted > 200


def test_codes_in_papertrail_and_drains_are_those_of_the_index(files: list[Any]) -> None:
    """INDEX.md was made by another program: its column of codes says `H10×3 R10` and so on."""
    index = (REAL_LOGS / "INDEX.md").read_text(encoding="utf-8")
    for file in files:
        row = re.search(rf"^\| `{re.escape(file.path.name)}` \|(?:[^|]*\|){{3}}([^|]*)\|", index, re.MULTILINE)
        assert row, file.path.name
        named = set(re.findall(r"[HRL]\d\d", row[1]))
        if file.path.name.startswith("docs-"):
            named -= {"R13"}  # An old document shows it as a line of app[run.3]: an app's word, not the platform's.
        assert named <= set(file.codes), file.path.name


def test_router_lines_are_requests_with_a_dyno_where_one_is_named(files: list[Any]) -> None:
    named = re.compile(rb"^\S+ heroku\[router\]: [^\n]*\bdyno=(\S+)", re.MULTILINE)
    for file in files:
        if file.path.suffix == ".log" and "papertrail" not in file.path.name:
            dynos = Counter(event.dyno for event in file.events if isinstance(event, RouterRequest) and event.dyno)
            assert dynos == Counter(name.decode() for name in named.findall(file.data)), file.path.name


def test_the_dyno_ids_are_those_of_a_plain_search(files: list[Any]) -> None:
    found = re.compile(rb"\bdyno=heroku\.\d+\.([0-9a-f-]{36})|source=heroku\.\d+\.\S+?([0-9a-f-]{36}) measure")
    for file in files:
        if file.path.suffix == ".log":
            ids = {getattr(event, "dyno_id", "") for event in file.events} - {""}
            assert ids == {(today or old).decode() for today, old in found.findall(file.data)}, file.path.name


def test_small_chunks_give_the_same_events(files: list[Any]) -> None:
    for file in files:
        chunks = [file.data[begin : begin + 7] for begin in range(0, len(file.data), 7)]
        assert list(read_events(chunks, year=2014)) == file.events, file.path.name


def test_tracebacks_take_in_the_lines_of_a_stack(files: list[Any]) -> None:
    """A line that looks like a Java or Node frame stands outside a traceback only where it is alone."""
    frame = re.compile(r"\s*at \S.*\(.*:\d+:?\d*\)")
    stray = [
        event.line.text
        for file in files
        for event in file.events
        if not isinstance(event, AppException) and event.line.source == "app" and frame.match(event.line.text)
    ]

    assert stray == []
