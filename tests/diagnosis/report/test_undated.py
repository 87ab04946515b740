"""Lines whose times were cut off are counted by dyno: codes and exits serve, and no time is made up."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from herodyno.diagnosis.counting.counter import Counting
from herodyno.diagnosis.counting.facts import Facts
from herodyno.diagnosis.counting.one_pass import OnePass, log_of
from herodyno.diagnosis.report.undated import told_of_undated
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.parsing.read import read_events
from tests.conftest import Invoke
from tests.diagnosis.oracle import facts_by_events, main_counters, main_counters_of
from tests.diagnosis.plain_values import plain
from tests.real_parts import case_bytes

TEXT = b"""\
heroku[router]: at=info method=GET path="/" host=e.com request_id=r1 fwd="192.0.2.1" dyno=web.2 connect=0ms \
service=3ms status=200 bytes=5
heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/" host=e.com request_id=r2 fwd="192.0.2.1" \
dyno=web.10 connect=0ms service=30000ms status=503 bytes=0
heroku[web.2]: Error R14 (Memory quota exceeded)
heroku[web.2]: Process exited with status 137
heroku[web.2]: State changed from up to crashed
app[web.2]: hello
"""
TOLD = {
    "web.2": {"lines": 5, "requests": 1, "R14": 1, "exit 137": 1, "crashed": 1},
    "web.10": {"lines": 1, "requests": 1, "H12": 1},
}


def facts_of(data: bytes) -> Facts:
    counted = OnePass(log_of(list(read_lines([data], year=2026)), year=2026))
    return counted.facts(timeline(counted.boundaries, None, ()))


def test_both_ways_of_counting_agree_on_lines_without_a_time() -> None:
    counted = OnePass(log_of(list(read_lines([TEXT], year=2026)), year=2026))
    times = timeline(counted.boundaries, None, ())
    facts, events = counted.facts(times), list(read_events([TEXT], year=2026))
    assert facts.undated == TOLD
    assert facts_by_events(events, times).undated == TOLD
    assert main_counters(events, times) == main_counters_of(facts)
    assert not times.all_incarnations()
    assert facts.first is None


def test_parts_merge_to_the_whole_in_any_order() -> None:
    cut = TEXT.index(b"heroku[web.2]: Error")
    for parts in ((TEXT[:cut], TEXT[cut:]), (TEXT[cut:], TEXT[:cut])):
        first, second = (facts_of(part) for part in parts)
        first.update(second)
        assert plain(first.undated) == plain(TOLD)


def test_the_sentence_names_dynos_in_natural_order_and_not_too_many() -> None:
    (told,) = told_of_undated(facts_of(TEXT))
    assert told == (
        "6 lines without a time, counted by dyno, part of no verdict: web.2: 5 lines, 1 request, R14 x1, crashed x1, "
        "exit 137 x1; web.10: 1 line, 1 request, H12 x1"
    )
    facts = Counting().unassigned.facts
    assert told_of_undated(facts) == []
    facts.undated = {f"web.{number}": Counter(lines=1) for number in range(1, 101)}
    assert told_of_undated(facts)[0].endswith("web.8: 1 line; 92 more dynos")


@pytest.mark.parametrize("name", ["13-no-stamps.log", "13-no-stamps-r15.log"])
def test_case_13_is_told_in_text_and_json(name: str, tmp_path: Path, invoke: Invoke) -> None:
    path = tmp_path / name
    path.write_bytes(case_bytes(name))
    dyno, wanted = ("worker.1", {"R15": 1, "exit 137": 1}) if "r15" in name else ("web.1", {"H12": 1, "R14": 1})
    (told,) = json.loads(invoke(["diagnose", "--from-file", str(path), "--json"]).stdout)["coverage"]["undated"]
    assert told["dyno"] == dyno
    assert wanted.items() <= told["counts"].items()
    stdout = invoke(["diagnose", "--from-file", str(path)]).stdout
    assert all(f"{what} x1" in stdout for what in wanted)
