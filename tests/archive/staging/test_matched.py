"""The columns of lines have the types of the archive's rows. Both ways are compared elsewhere."""

from __future__ import annotations

from typing import get_type_hints

from herodyno.archive.rows import Row
from herodyno.archive.staging.matched import by_re
from herodyno.logs.scan.common_lines import HUNDREDTHS, KINDS, TEXT_ROW, WHOLE
from tests.diagnosis.reading import request, stamp


def test_the_types_of_the_columns_are_those_of_rows() -> None:
    hints = get_type_hints(Row)
    for name in {name for kind in KINDS for name in kind.groups}:
        expected = int if name in WHOLE else float if name in HUNDREDTHS else str
        assert hints[name] in (expected, expected | None)


def test_a_line_that_is_no_row_has_the_time_of_the_row_right_before_it() -> None:
    found = by_re(f"x\n{stamp(1)} app[web.1]: y\n\nz\nz\n{request(2, 'web.1')}".encode(), 5, TEXT_ROW)
    assert found
    assert (found.lines, [number for number, _ in found.unmatched]) == (5, [5, 7, 8])
    (_, routed), (_, said) = found.rows
    assert [us for _, us in found.unmatched] == [None, said["ts_us"][0].as_py(), None]
    assert found.last_us == routed["ts_us"][0].as_py()
    assert [said["arrival"].to_pylist(), routed["arrival"].to_pylist()] == [[6], [9]]
