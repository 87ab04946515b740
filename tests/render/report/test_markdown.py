"""The draft of a post-mortem: every section in order, and texts of the log that stay texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import cache
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


FENCED = re.compile(r"^(`{3,})\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@cache
def attacked() -> str:
    return post_mortem(Report.of(hostile(), UTC))


def prose() -> str:
    """The draft of the attacks without what is code. An escaped backtick opens none."""
    outside = FENCED.sub("", attacked())
    return re.sub(r"\\.|`[^`\n]+`", lambda found: found[0] if found[0][0] == "\\" else "", outside)


def test_no_text_of_the_log_is_markup() -> None:
    assert not re.search(r"(?<!\\)[<>\[\]`]", prose())
    assert "javascript" in prose()


def test_no_text_of_the_log_is_a_link_or_a_mention_of_github() -> None:
    assert r" www\.example.org/x `kim@example.com` `@octocat`" in attacked()
    # GitHub reads addresses and names behind an escape, so that only code keeps them texts.
    assert not re.search(r"www\.|://|@", prose())


def test_each_row_of_a_table_has_the_cells_of_its_heading() -> None:
    tables = re.findall(r"(?:^\|.*\n)+", FENCED.sub("", attacked()), re.MULTILINE)
    assert len(tables) >= 2
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table


def test_a_fence_is_longer_than_any_in_the_lines_it_holds() -> None:
    blocks = FENCED.findall(attacked())
    assert "`````" in {fence for fence, _ in blocks}
    assert not [fence for fence, lines in blocks if fence in lines]
    assert len(re.findall(r"^`{3,}$", attacked(), re.MULTILINE)) == 2 * len(blocks)
