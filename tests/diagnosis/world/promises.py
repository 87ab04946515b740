"""What is promised of every family, and which families still fall short of it, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from tests.diagnosis.world.case import FAMILIES
from tests.diagnosis.world.scoring import Outcome, figures

# Parts whose every case must say what is promised: a failed job is told, an ordinary stop is never called a crash.
ALWAYS = frozenset({"ends", "jobs and workers"})

OPEN: dict[str, str] = {
    "two of three": "one of the two is named alone, or neither is accused. The other sick dyno raises the rate that "
    "it is held against."
}


def short_of(outcomes: Sequence[Outcome]) -> list[str]:
    """What the figures of one family fall short of, in words."""
    name = outcomes[0].family
    f = figures(outcomes)
    said = 1.0 if FAMILIES[name].part in ALWAYS else 0.95
    holds = 0.9 if name.startswith("straight") else 0.8
    return [
        f"{what}: {hits} of {of}"
        for what, hits, of, least in (
            ("not accused wrongly", f.wrongly[1] - f.wrongly[0], f.wrongly[1], 0.99),
            ("sufficient cases found", *f.found, 0.95),
            ("error lines attributed", *f.attributed, 0.99 if f.attributed[1] >= 100 else 0.0),
            ("tense", *f.tense, 0.95),
            ("said", *f.said, said),
            ("forecasts that hold", *f.forecasts[:2], holds),
        )
        if hits < least * of
    ]
