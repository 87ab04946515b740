"""The exceptions that an app printed are told by class with their counts, as long as these can be whole."""

from __future__ import annotations

from functools import partial

import pytest

from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App
from herodyno.logs.scan.blocks import line_blocks
from tests.diagnosis.reading import NOON, request, stamp


def raised_by(classes: int, n: int) -> bytes:
    """An app that raises so many classes of exceptions, one of them more often than the others."""
    lines = []
    for i in range(n):
        name = "KeyError" if i % 10 == 9 else f"E{i * 7 % classes}Error"
        at, process = stamp(i), f"app[web.{1 + i % 2}]: "
        lines += [request(i, "web.1"), f"{at} {process}Traceback (most recent call last):\n"]
        lines += [f'{at} {process}  File "/app/x.py", line 1, in f\n', f"{at} {process}{name}: thing\n"]
    return "".join(lines).encode()


@pytest.mark.parametrize(
    ("classes", "told"),
    [
        (30, "1,200 exceptions: KeyError x120, E"),
        (300, "exceptions: KeyError x120, E"),
        (997, "of more than 800 classes"),
    ],
)
def test_classes_are_told_with_whole_counts_in_one_part_and_in_two(classes: int, told: str) -> None:
    text = raised_by(classes, 1200 if classes < 900 else 2600)
    middle = text.index(b"heroku[router]", len(text) // 2) - 33
    assert text[middle - 1 : middle] == b"\n"
    whole, *parts = (partial(line_blocks, [some]) for some in (text, text[:middle], text[middle:]))
    said = {
        claim.sentence
        for log in (Log(logs=[whole], year=2026), Log(logs=[whole], year=2026, parts=parts, spread=map))
        for claim in diagnose(log, app=App(name="example-app"), at=NOON, source=Source(kind="file")).findings
        if claim.kind == "exceptions"
    }
    assert [told in sentence for sentence in said] == [True]
