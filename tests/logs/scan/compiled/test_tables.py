"""The compiled part gives the commonest lines as the columns that `re` gives: real, hostile and mutated lines."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from ctypes import CDLL

import pytest

from herodyno.archive.staging import matched
from herodyno.archive.staging.matched import Matched, by_compiled_part, by_re
from herodyno.logs.scan.common_lines import MESSAGE_ROW, TEXT_ROW
from herodyno.logs.scan.compiled.tables import LineTables
from tests.archive.staging.any_shape import LINES, MESSAGES
from tests.real_parts import REAL_LOGS, need_shared_data, real_logs

pytestmark = pytest.mark.real

# The part gives a line back where it would have to know the blanks of Unicode.
NO_ASCII_CLIENT = re.compile(r'fwd="[^"]*[^"\x00-\x7f]')
USUAL = {
    TEXT_ROW: [line.rstrip("\n") for line in LINES],
    MESSAGE_ROW: [line.rstrip("\n") for line in MESSAGES],
}
CHANGES = [
    '"', "=", " ", ",", "?", "9", "0", "\t", "é", "\0", "\x1c", "\x85", "ms", "", "\r", "\n", "\n \n", "T24", "MB",
    ": ", " protocol=http1.1", " tls=true", "\u00a0", "app[api]: ", "heroku[router]: ", "[", "]", "code=H12 ",
    "<", ">1 ", " sample#load_avg_5m=0.50", "-", "2026", "2024-02-29", "+", ".", "\u2028", "sock=client ",
]  # fmt: skip


@pytest.fixture(autouse=True)
def tables(part: CDLL, monkeypatch: pytest.MonkeyPatch) -> LineTables:
    found = LineTables(part)
    monkeypatch.setattr(matched, "line_tables", lambda: found)
    return found


def plain(found: Matched | None) -> object:
    """What was found, as values that can be compared; each column with its type."""
    assert found
    rows = [
        (kind.kind, {name: (str(column.type), column.to_pylist()) for name, column in sorted(columns.items())})
        for kind, columns in found.rows
    ]
    for _, columns in found.rows:
        for column in columns.values():
            column.validate(full=True)
    return found._replace(rows=[]), rows


def same(lines: Iterable[str], row: bytes) -> int:
    """The number of rows of a text, which both ways give alike."""
    known = [f"{line}\n".encode("utf-8", "replace") for line in lines if not NO_ASCII_CLIENT.search(line)]
    data = b"".join(known)
    if (expected := by_re(data, 7, row)) is None:  # for a time that does not exist, which the part gives back alone
        data = b"".join(line for line in known if by_re(line, 7, row))
        expected = by_re(data, 7, row)
    assert plain(by_compiled_part(data, 7, row)) == plain(expected)
    assert expected
    return expected.lines - len(expected.unmatched)


@pytest.mark.parametrize("row", USUAL, ids=["text", "messages"])
@pytest.mark.parametrize("rounds", [40, pytest.param(600, marks=pytest.mark.slow)])
def test_mutated_lines_are_the_same_columns(rounds: int, row: bytes) -> None:
    chance = random.Random(rounds)
    rows = 0
    for _ in range(rounds):
        lines = []
        for line in chance.choices(USUAL[row], k=80):
            for _ in range(chance.choice((0, 0, 1, 1, 2))):
                at, gone = chance.randint(0, len(line)), chance.choice((0, 0, 1, 3, 9))
                line = line[:at] + chance.choice(CHANGES) + line[at + gone :]
            lines += line.split("\n")
        rows += same(lines, row)
    assert rows > rounds * 10


@pytest.mark.parametrize("name", real_logs(".log", ".txt"))
def test_real_logs_are_the_same_columns(name: str) -> None:
    need_shared_data()
    data = (REAL_LOGS / name).read_bytes()[: 1 << 20].decode("utf-8", "replace")
    same(data.split("\n"), TEXT_ROW)


def test_texts_without_rows_or_lines_are_the_same_columns() -> None:
    for lines in ([], [""], [" ", "\t"], ["no head"], ["", LINES[4], ""], [LINES[4], "no head", "", "no head"]):
        same(lines, TEXT_ROW)


def test_a_time_that_does_not_exist_makes_no_row_and_leaves_the_others() -> None:
    dates = ["2026-02-29", "2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00", "1970-12-31", "9000-01-01"]
    lines = [f"{date}T00:00:00.000001+00:00 app[web.1]: x\n" for date in ["2024-02-29", *dates, "2026-12-31"]]
    found = by_compiled_part("".join(lines).encode(), 1, TEXT_ROW)
    assert found
    assert [number for number, _ in found.unmatched] == list(range(2, 2 + len(dates)))
    assert found.rows[0][1]["ts_us"].to_pylist() == [1_709_164_800_000_001, 1_798_675_200_000_001]


def test_a_text_that_the_part_does_not_take_is_read_by_re(tables: LineTables, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (b"", b"x", b"\nx", b"x\n"):
        assert tables.read(text, 1, are_messages=False) == -1
    monkeypatch.setattr(tables, "read", lambda *args, **how: -1)
    assert by_compiled_part(b"x\n", 1, TEXT_ROW) is None


def test_a_client_that_ends_with_a_blank_of_unicode_is_given_back() -> None:
    line = next(line for line in LINES if "198.51.100.9" in line)
    found = by_compiled_part(line.encode(), 1, TEXT_ROW)
    assert found
    assert (found.rows, found.unmatched) == ([], [(1, None)])
