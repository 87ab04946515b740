"""The README's table of families."""

from __future__ import annotations

from collections.abc import Sequence

from tests.diagnosis.world.case import FAMILIES
from tests.diagnosis.world.scoring import Outcome, figures


def table(outcomes: Sequence[Outcome]) -> str:
    """A row for each family, in Markdown."""
    rows = ["| family | cases | wrongly accused | sufficient cases found | error lines attributed | tense | said |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    part = ""
    parts = list(dict.fromkeys(each.part for each in FAMILIES.values()))
    names = sorted(dict.fromkeys(o.family for o in outcomes), key=lambda name: parts.index(FAMILIES[name].part))
    for name in [*names, ""]:
        own = [o for o in outcomes if name in (o.family, "")]
        if name and FAMILIES[name].part != part:
            part = FAMILIES[name].part
            rows.append(f"| **{part}** | | | | | | |")
        f = figures(own)
        lines = f"{f.attributed[0] / f.attributed[1]:.1%} of {f.attributed[1]:,}" if f.attributed[1] else "-"
        rows.append(
            f"| {name or '**all**'} | {len(own)} | {f.wrongly[0]} | {_of(f.found)} | {lines} | {_of(f.tense)} "
            f"| {_of(f.said)} |"
        )
    return "\n".join(rows)


def _of(pair: tuple[int, int]) -> str:
    return f"{pair[0]} of {pair[1]}" if pair[1] else "-"
