"""One `split` over a block gives the fields of all rows as columns and, between the rows, the unmatched lines."""

from __future__ import annotations

from bisect import bisect
from itertools import compress
from operator import not_, or_
from typing import Any, TypeAlias

from herodyno.logs.scan.columns import Failures, PlainLines, Requests, Samples
from herodyno.logs.scan.fast_reject import has_telling_words, may_mean_more
from herodyno.logs.scan.matched import Matched, failures_of
from herodyno.logs.scan.patterns import (
    APP_LINE,
    DYNO,
    FAILED,
    NAME,
    REQUEST,
    ROW,
    SAMPLE,
    SPEAKER,
    STAMP,
    UNBOUNDED,
)
from herodyno.logs.scan.rows import BLANK, ListedRows
from herodyno.logs.scan.stamps import Stamps

_STEP = ROW.groups + 1
_BEFORE, _BEHIND = [None] * (SPEAKER - STAMP - 1), [None] * (ROW.groups - SPEAKER)

# What `split` gives: unmatched lines, the fields of a row, unmatched lines, the fields of a row, unmatched lines …
# A field that a row does not have is None.
_Flat: TypeAlias = list[Any]


def matched(text: bytes, first: int, stamps: Stamps) -> Matched:
    """The rows of lines that end with LF each, numbered from `first`."""
    flat: _Flat = ROW.split(b"\n" + text)
    flat[-1] = flat[-1][:-1]
    if _crosses_lines(flat) or not stamps.are_times(flat[STAMP::_STEP]):
        flat = _one_by_one(text, stamps)
    flat, unmatched = _fast_rejected(flat, stamps)
    rows = _rows(text, first, flat, unmatched)
    plain = _plain(rows)
    if has_telling_words(b"\n".join(plain.lines)):
        flat, unmatched = _without_telling(flat, rows, plain)
        rows = _rows(text, first, flat, unmatched)
        plain = _plain(rows)
    dynos: list[Any] = flat[DYNO::_STEP]
    requests = Requests(*(list(compress(flat[at::_STEP], dynos)) for at in (STAMP, *REQUEST)))
    requests, failures = _apart(requests, rows, dynos)
    samples = Samples(
        *(list(compress(flat[at::_STEP], rows.names)) for at in (STAMP, *SAMPLE)),
        list(compress(rows.numbers, rows.names)),  # type: ignore[call-arg]  # the star's length
    )
    return Matched(rows, requests, failures, plain, samples)


def _one_by_one(text: bytes, stamps: Stamps) -> _Flat:
    """The outcome of `split`, line by line: for blocks in which a field crosses lines or a time does not exist."""
    flat: _Flat = []
    between: list[bytes] = []
    for line in text.split(b"\n")[:-1]:
        found = ROW.match(b"\n%b\n" % line)
        if found and found.end() <= len(line) + 1 and stamps.are_times([found[1]]):
            flat += [b"".join(between), *found.groups()]
            between = []
        else:
            between += [b"\n", line]
    return [*flat, b"".join(between)]


def _fast_rejected(flat: _Flat, stamps: Stamps) -> tuple[_Flat, list[tuple[int, bytes]]]:
    """Give fast-rejected lines of apps their rows. Returns the rows and the lines that stay unmatched, by place."""
    unmatched: list[tuple[int, bytes]] = []
    rejected: list[tuple[int, bytes, bytes]] = []
    for at in compress(range(0, len(flat), _STEP), flat[::_STEP]):
        for line in flat[at][1:].split(b"\n"):
            found = APP_LINE.match(line)
            if found and not may_mean_more(line[found.end() :]) and stamps.is_time(found[1]):
                rejected.append((at, found[1], found[2]))
            elif line.strip(BLANK):
                unmatched.append((at // _STEP + len(rejected), line))
    if not rejected:
        return flat, unmatched
    merged: _Flat = []
    done = 0
    for at, stamp, name in rejected:
        merged += flat[done:at]
        merged += [b"", stamp, *_BEFORE, name, *_BEHIND]
        done = at
    return merged + flat[done:], unmatched


def _without_telling(flat: _Flat, rows: ListedRows, plain: PlainLines) -> tuple[_Flat, list[tuple[int, bytes]]]:
    """Take their rows from apps' lines with telling words. To look for the words while matching would take longer.

    Returns what _fast_rejected does.
    """
    told: set[int] = set()
    for number, line in zip(plain.numbers, plain.lines, strict=True):
        said = line.partition(b"]: ")[2]
        if has_telling_words(said) and may_mean_more(said):
            told.add(number)
    kept: _Flat = []
    done = 0
    for place in [place for place, number in enumerate(rows.numbers) if number in told]:
        kept += flat[done : place * _STEP]
        done = (place + 1) * _STEP
    numbers = [number for number in rows.numbers if number not in told]
    between = sorted(set(range(rows.first, rows.first + len(rows) + len(rows.unmatched))).difference(numbers))
    lines = rows.lines_of(between)
    unmatched = [(bisect(numbers, number), line) for number, line in zip(between, lines, strict=True)]
    return kept + flat[done:], unmatched


def _rows(text: bytes, first: int, flat: _Flat, unmatched: list[tuple[int, bytes]]) -> ListedRows:
    return ListedRows(text, first, (flat[STAMP::_STEP], flat[SPEAKER::_STEP], flat[NAME::_STEP]), unmatched)


def _crosses_lines(flat: _Flat) -> bool:
    """Whether a field crosses the end of a line. For speed, the pattern does not exclude that in path, host and fwd."""
    return any(b"\n" in b"".join(filter(None, flat[at::_STEP])) for at in UNBOUNDED)


def _apart(requests: Requests, rows: ListedRows, dynos: list[Any]) -> tuple[Requests, Failures]:
    """Good and failed requests: a code that the router gives to a failure of the server, or a status of one."""
    statuses = {status for status in set(requests.statuses) if status.startswith(b"5")}
    methods = {method for method in set(requests.methods) if method.startswith(FAILED)}
    if not (statuses or methods):
        return requests, Failures(*([] for _ in Failures._fields))
    failed = list(map(statuses.__contains__, requests.statuses))
    if methods:
        failed = list(map(or_, failed, map(methods.__contains__, requests.methods)))
    places = list(compress(compress(range(len(dynos)), dynos), failed))
    bad = Requests(*(list(compress(column, failed)) for column in requests))
    numbers, lines = [rows.numbers[place] for place in places], [rows.line(place) for place in places]
    good = list(map(not_, failed))
    return Requests(*(list(compress(column, good)) for column in requests)), failures_of(bad, numbers, lines)


def _plain(rows: ListedRows) -> PlainLines:
    """The rows that apps wrote."""
    speakers = rows.speakers
    if not any(speakers):
        return PlainLines(*([] for _ in PlainLines._fields))
    numbers = list(compress(rows.numbers, speakers))
    lines = rows.lines_of(numbers)
    return PlainLines(list(compress(rows.stamps, speakers)), [each for each in speakers if each], numbers, lines)
