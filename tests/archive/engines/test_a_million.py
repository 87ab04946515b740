"""A million generated lines: each engine's facts and verdict are those of one pass over the text.

`python tests/bench/run.py engines --size 2GB` holds the same, for Spark too, and at ten million lines and more.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.archive.engines import started
from tests.archive.engines.alike import difference
from tests.bench.engines import Asked, Engine, asked, engine
from tests.bench.week import kept_week
from tests.real_parts import need

LINES = 1_000_000


class Week(NamedTuple):
    """An archive, and what one pass over its text found."""

    archive: Path
    of_text: Asked


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    folder = tmp_path_factory.mktemp("week")
    log, archive = kept_week(folder, LINES)
    found = Week(archive, asked(folder / "answer", "7d", *Engine(["--log", str(log)])))
    facts, document = found.of_text.found
    assert facts["lines"] > LINES * 0.9
    assert document["verdict"]["class"] != "nothing_found"
    return found


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("DuckDB", marks=pytest.mark.slow),
        pytest.param("ClickHouse in this process", marks=pytest.mark.real),
        pytest.param("Quack", marks=pytest.mark.real),
    ],
)
def test_a_million_lines_give_the_facts_and_the_verdict_of_one_pass(name: str, week: Week, tmp_path: Path) -> None:
    if name != "DuckDB":
        has_packages = (started.ENGINES / "lock.txt").exists()
        need("engines", present=has_packages, install="CI=true .ci/run puts them into .ci/cache")
    with engine(name, week.archive) as way:
        answer = asked(tmp_path / "answer", "7d", *way)
    assert difference(list(answer.found), list(week.of_text.found)) == ""
