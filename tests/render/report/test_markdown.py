"""The draft of a post-mortem: every section in order, and texts of the log that stay texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

from herodyno.render.report.kept import Report
from herodyno.render.report.markdown import post_mortem
from herodyno.render.report.parts import Command
from tests.diagnosis.reading import NOON
from tests.render.report.incident import hostile, incident


def test_the_draft_is_as_it_was_reviewed(golden: Callable[[Path, str], None]) -> None:
    commands = (Command(NOON + timedelta(seconds=199), "restart web.2", "done"),)
    text = post_mortem(Report.of(incident(), UTC, commands))
    golden(Path(__file__).parent / "golden" / "post-mortem.md", text)


def test_the_timeline_is_in_order() -> None:
    commands = (Command(NOON + timedelta(seconds=199), "restart web.2", "done"),)
    text = post_mortem(Report.of(incident(), UTC, commands))
    times = re.findall(r"^\| (\d\d:\d\d:\d\d) ", text.partition("## Timeline")[2].partition("##")[0], re.MULTILINE)
    assert times == sorted(times)
    assert "12:03:19" in times


def test_no_text_of_the_log_is_markup() -> None:
    text = post_mortem(Report.of(hostile(), UTC))
    outside = re.sub(r"^(`{3,})\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"(?<!\\)[<>\[\]]", outside)
    assert "javascript" in outside
    rows = [line for line in outside.splitlines() if line.startswith("| ")]
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows if row.count("---") == 0}) <= 3


def test_a_fence_is_longer_than_any_in_the_lines_it_holds() -> None:
    text = post_mortem(Report.of(hostile(), UTC))
    fences = re.findall(r"^`{3,}$", text, re.MULTILINE)
    assert len(fences) % 2 == 0
