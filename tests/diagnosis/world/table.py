"""The README's table of families."""

from __future__ import annotations

from collections.abc import Sequence

from tests.diagnosis.world.case import FAMILIES
from tests.diagnosis.world.promises import OPEN
from tests.diagnosis.world.scoring import Outcome, figures

HEAD = ("family", "cases", "wrongly accused", "sufficient cases found", "error lines attributed", "tense", "said",
        "forecasts that hold")  # fmt: skip


def table(outcomes: Sequence[Outcome]) -> str:
    """A row for each family in Markdown, by part; below it why some fall short."""
    parts = list(dict.fromkeys(each.part for each in FAMILIES.values()))
    names = sorted(dict.fromkeys(o.family for o in outcomes), key=lambda name: parts.index(FAMILIES[name].part))
    rows = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
    part = ""
    for name in [*names, ""]:
        if name and FAMILIES[name].part != part:
            part = FAMILIES[name].part
            rows.append(f"| **{part}** |" + " |" * (len(HEAD) - 1))
        own = [o for o in outcomes if name in (o.family, "")]
        f = figures(own)
        lines = f"{f.attributed[0] / f.attributed[1]:.1%} of {f.attributed[1]:,}" if f.attributed[1] else "-"
        holds = f"{_of(f.forecasts[:2])}, {f.forecasts[2]} leaks" if f.forecasts[2] else "-"
        cells = (
            name or "**all**",
            f"{len(own):,}",
            f"{f.wrongly[0]}",
            _of(f.found),
            lines,
            _of(f.tense),
            _of(f.said),
            holds,
        )
        rows.append(f"| {' | '.join(cells)} |")
    reasons = [f"- {name}: {reason}" for name, reason in OPEN.items() if name in names]
    return "\n".join([*rows, "", "Short of what is promised:", "", *reasons] if reasons else rows)


def _of(pair: tuple[int, ...]) -> str:
    return f"{pair[0]:,} of {pair[1]:,}" if pair[1] else "-"
