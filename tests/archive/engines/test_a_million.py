"""A million generated lines: DuckDB's facts and verdict are those of one pass over the text.

`python tests/bench/run.py engines --size 2GB` holds the same, and for every engine, at ten million lines and more.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.engines.alike import difference
from tests.bench.engines import asked
from tests.bench.week import kept_week

LINES = 1_000_000


@pytest.mark.slow
def test_a_million_lines_give_the_facts_and_the_verdict_of_one_pass(tmp_path: Path) -> None:
    log, archive = kept_week(tmp_path, LINES)
    of_text = asked(tmp_path / "answer", "7d", ["--log", str(log)])
    of_engine = asked(tmp_path / "answer", "7d", ["--archive", str(archive)])
    assert difference(list(of_engine.found), list(of_text.found)) == ""
    facts, document = of_text.found
    assert facts["lines"] > LINES * 0.9
    assert document["verdict"]["class"] != "nothing_found"
