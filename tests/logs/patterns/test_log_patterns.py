"""The patterns of a log: what is alike is one, what differs in more than numbers is not, and every byte is counted."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from herodyno.logs.decoding.read import read_lines
from herodyno.logs.patterns.log_patterns import MOST_SPEAKERS, LogPatterns, Pattern
from herodyno.logs.patterns.pattern_counts import MOST_DYNOS
from tests.logs.log_lines import START, line, raw, request

TRACEBACK = [
    "Traceback (most recent call last):",
    '  File "/app/shop/cart.py", line 41, in total',
    "KeyError: 'basket:17'",
]
ID = "8c1d7a55-0000-4000-8000-0000000000a1"
METRICS = f"source=web.1 dyno=heroku.1.{ID} sample#load_avg_1m=0.11"


def patterns(lines: list[str]) -> list[Pattern]:
    found = LogPatterns()
    for each in read_lines(["\n".join([*lines, ""]).encode()], year=2026):
        found.add(each)
    found.close()
    rows = sorted(found, key=lambda it: (it.who, it.template))
    assert sum(row.counts.lines for row in rows) == found.lines
    assert sum(row.counts.bytes for row in rows) == found.bytes
    return rows


def shown(lines: list[str]) -> dict[str, int]:
    return {f"{row.who} {row.template}": row.counts.entries for row in patterns(lines)}


def test_lines_that_differ_in_numbers_and_ids_are_one_pattern() -> None:
    texts = ["retry 17 of job 4f0c9ab1", "retry 2 of job 00871234", "retry 3 of job 9e3b00c2", "retried"]
    assert shown([raw(f"app[worker.{at}]: {text}", at) for at, text in enumerate(texts)]) == {
        "app[worker] retry <n> of job <id>": 3,
        "app[worker] retried": 1,
    }


def test_a_request_is_told_by_code_method_and_status_and_counts_for_its_dyno() -> None:
    lines = [
        raw(request(dyno="web.1", service=30, path="/a"), 1),
        raw(request(dyno="web.2", service=31, path="/b c"), 2),
        raw(request(dyno="web.2", service=30_000, status=503, code="H12"), 3),
        raw("heroku[router]: something else", 4),
    ]
    rows = patterns(lines)
    assert [row.template for row in rows] == [
        "at=error code=H12 method=GET status=503",
        "at=info method=GET status=200",
        "something else",
    ]
    assert {dyno: n for dyno, (n, _) in rows[1].counts.dynos.items()} == {"web.1": 1, "web.2": 1}


def test_codes_and_exit_statuses_of_the_platform_stay_apart_and_metrics_are_one() -> None:
    errors = ["Error R14 (Memory quota exceeded)", "Error R15 (Memory quota vastly exceeded)"]
    texts = [*errors, "Process exited with status 0", "Process exited with status 137"]
    texts += [METRICS, METRICS.replace("0.11", "2.50")]
    found = shown([raw(f"heroku[web.1]: {text}", at) for at, text in enumerate(texts)])
    assert found == {f"heroku[web] {text}": 1 for text in texts[:4]} | {"heroku[web] metrics (sample#...)": 2}


def test_the_command_of_a_process_is_no_part_of_a_pattern() -> None:
    command = "Starting process with command `wget --header='X: Basic Y3JvbjpacTdU' \"u\" https://h.example/x`"
    lines = [raw(f"heroku[scheduler.1]: {command}"), raw(f"app[api]: {command} by user kim@example.com")]
    assert shown(lines) == {
        "heroku[scheduler] Starting process with command `<text>`": 1,
        "app[api] Starting process with command `<text>` by user <email>": 1,
    }


def test_a_traceback_is_one_entry_even_between_lines_of_other_dynos() -> None:
    lines = [raw("app[web.1]: begin", 0)]
    for at, text in enumerate(TRACEBACK):
        lines += [raw(f"app[web.1]: {text}", 1 + at / 10_000), raw(f"app[web.2]: served {at} kB", 1 + at / 10_000)]
    rows = patterns([*lines, raw("app[web.1]: end", 9)])
    (exception,) = [row for row in rows if row.kind == "exception"]
    assert exception.template.startswith("KeyError: 'basket:<id>'")
    assert (exception.counts.entries, exception.counts.lines) == (1, 3)
    assert exception.counts.bytes == sum(len(raw(f"app[web.1]: {text}", 1)) + 1 for text in TRACEBACK)


def test_lines_that_turn_out_to_be_no_traceback_are_counted_one_by_one() -> None:
    assert shown([raw("app[web.1]: at the office (2 floors)", 0), raw("app[web.1]: done", 5)]) == {
        "app[web] at the office (<n> floors)": 1,
        "app[web] done": 1,
    }


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_lines_does_not_matter(seed: int) -> None:
    dice = random.Random(seed)
    words = ["cart", "order", "stock", "pool", "queue"]
    lines = [
        raw(f"app[web.{dice.randrange(4)}]: {dice.choice(words)} {dice.choice(words)} {dice.randrange(99)} ms", at * 7)
        for at in range(400)
    ]
    expected = [(row[:4], row.counts.dynos, row.counts.first and row.counts.first.at) for row in patterns(lines)]
    dice.shuffle(lines)
    assert [
        (row[:4], row.counts.dynos, row.counts.first and row.counts.first.at) for row in patterns(lines)
    ] == expected


def test_what_is_kept_is_bounded_whoever_speaks_and_whatever_is_said() -> None:
    dice, found = random.Random(2), LogPatterns()
    for at in range(3000):
        text = "".join(dice.choices("abcdef ", k=40))
        found.add(line(f"app[run.{at}]: {text}", at))
        found.add(line(f"app[kind{at}.1]: hello", at))
    rows = list(found)
    assert sum(row.counts.lines for row in rows) == 6000
    assert len({(row.source, row.type) for row in rows}) == MOST_SPEAKERS + 1
    assert max(len(row.counts.dynos) for row in rows) == MOST_DYNOS + 1


def test_a_split_divides_the_entries_and_undated_lines_are_on_no_side() -> None:
    found = LogPatterns(START + timedelta(seconds=4))
    for at in range(10):
        found.add(line("app[web.1]: hello 1", at))
    found.add(line("app[web.1]: hello 2")._replace(at=None))
    (row,) = found
    assert [cells.entries for cells in row.counts.cells] == [4, 6]
    assert row.counts.entries == 11
