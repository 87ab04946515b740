"""ONLY HERE, measured on two worlds with known truth: it names the line that says why, and none that misleads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.diagnosis.only_here_judging import ALONE, ENOUGH, Heard, heard, judged, table

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- measured by tests/diagnosis/test_only_here.py -->", "<!-- end of measured -->"


def promised(results: Sequence[Heard]) -> None:
    """The line that says why is shown in 80 of 100; of innocent dynos a line is said in 1 of 100 at most."""
    says_why = [each for each in results if each.why >= ENOUGH and each.family not in ALONE]
    innocent = [each for each in results if not each.guilty]
    assert sum(each.is_named for each in says_why) >= 0.8 * len(says_why), table(results)
    assert sum(each.of_dyno for each in innocent) <= 0.01 * len(innocent), table(results)
    assert sum(each.misled for each in results) <= 0.01 * len(results), table(results)


@pytest.mark.parametrize(
    ("family", "seed"),
    [
        ("sandbox: one bad dyno", 4), ("sandbox: crash loop", 1), ("second: one guilty dyno", 7),
        ("second: why: a traceback", 1),
    ],
)  # fmt: skip
def test_where_the_app_says_why_that_line_is_named(family: str, seed: int) -> None:
    results = [heard(family, seed)]

    assert any(each.why >= ENOUGH for each in results)
    promised(results)


def test_nothing_is_said_of_innocent_dynos_and_no_line_that_misleads_is_named() -> None:
    calm = ("sandbox: one client, one dyno", "second: no dyno: one prints debug lines", "second: a sticky client")
    results = [heard(family, 2) for family in (*calm, "sandbox: one bad dyno")]

    assert not [each for each in results if each.misled or (each.of_dyno and not each.guilty)]


def test_what_is_missed_or_misleads_fails_the_promise() -> None:
    right = heard("sandbox: one bad dyno", 1)

    promised([right])
    for wrong in (right._replace(rank=0), right._replace(misled=True), right._replace(guilty=False)):
        with pytest.raises(AssertionError):
            promised([right, wrong])


@pytest.mark.slow
def test_twenty_of_each_family_keep_the_promise_and_are_those_of_the_readme(accept: bool) -> None:
    results = list(judged(range(6000, 6020)))

    promised(results)
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    shown, _, after = rest.partition(END)
    if accept:
        shown = f"\n\n{table(results)}\n\n"
        README.write_text(f"{before}{BEGIN}{shown}{END}{after}", encoding="utf-8")
    assert shown.strip() == table(results)
