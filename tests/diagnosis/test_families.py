"""Families of situations with known truth, judged by the command line: one case of each here, many in the slow run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.diagnosis.world.answer import asked, log_of
from tests.diagnosis.world.case import FAMILIES
from tests.diagnosis.world.promises import OPEN, short_of
from tests.diagnosis.world.scoring import Outcome, judged
from tests.diagnosis.world.table import table

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- measured by tests/diagnosis/test_families.py -->", "<!-- end of families -->"
# For every run. Seeds to look at and to mend with begin at 0.
SEED = 101
# Large logs, or hours of memory: these wait for the slow run.
HEAVY = {"one of forty", "all dynos leak alike", "one level far above its peers"} | {
    name for name in FAMILIES if "leak, seen for" in name and not name.endswith("3 h")
}
_SEPARATED = re.compile(r"\d[\d,.]*")
_CASES_AT_THE_EDGE = 2
# What judges was never looked at.
JUDGING = range(1_000_000, 1_000_100)


@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in HEAVY])
def test_a_case_of_each_family_is_judged_rightly(name: str) -> None:
    outcome = judged(name, SEED)

    wrong = outcome.wrongly or outcome.failed or outcome.found is False or outcome.tense is False
    assert not wrong or name in OPEN, outcome


@pytest.mark.parametrize("name", ["one sick dyno to the end", "a crash loop to the end", "scheduler jobs that fail"])
def test_every_line_of_a_case_is_one_that_the_tool_reads(name: str) -> None:
    for seed in (1, 2):
        case = FAMILIES[name].draw(f"{name}/{seed}")
        assert asked(case.app).document["coverage"]["unparsed_lines"] == 0


def test_the_same_seed_draws_the_same_case() -> None:
    name = "scaled up out of overload"
    assert log_of(FAMILIES[name].draw("x").app) == log_of(FAMILIES[name].draw("x").app)


@pytest.fixture(scope="module")
def measured() -> Iterator[dict[str, list[Outcome]]]:
    """A hundred cases of every family, judged in as many processes as there are cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield {name: list(pool.map(judged, [name] * len(JUDGING), JUDGING, chunksize=10)) for name in FAMILIES}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_keeps_its_promises_or_the_readme_says_why_not(name: str, measured: dict[str, list[Outcome]]) -> None:
    assert name in OPEN or not short_of(measured[name]), short_of(measured[name])


@pytest.mark.slow
def test_the_figures_are_those_of_the_readme(measured: dict[str, list[Outcome]], accept: bool) -> None:
    told = table([outcome for own in measured.values() for outcome in own])
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    shown, _, after = rest.partition(END)
    if accept:
        shown = f"\n\n{told}\n\n"
        README.write_text(f"{before}{BEGIN}{shown}{END}{after}", encoding="utf-8")
    # The last digit of a number depends on the machine, and a case at the edge of a rule on that digit.
    for said, counted in zip(shown.strip().splitlines(), told.splitlines(), strict=True):
        ours, theirs = _figures(said), _figures(counted)
        assert _SEPARATED.sub("", said) == _SEPARATED.sub("", counted)
        assert all(abs(a - b) <= max(_CASES_AT_THE_EDGE, 0.01 * b) for a, b in zip(ours, theirs, strict=True)), counted


def _figures(row: str) -> list[float]:
    return [float(number.replace(",", "")) for number in _SEPARATED.findall(row)]
