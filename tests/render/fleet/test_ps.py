"""The line of a process type: what is missing, crashed, behind, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from herodyno.dynos import App, Dyno, DynoSize, Formation
from herodyno.errors import NotFound
from herodyno.render.fleet.ps import AppState, fleet_blocks, fleet_totals
from herodyno.render.text import lay_out, plain

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)
SIZES = [
    DynoSize("Standard-1X", cost_cents=2500, cost_unit="month"),
    DynoSize("Eco", cost_cents=500, cost_unit="month"),
]


def state(name: str = "shop", size: str = "Standard-1X", quantity: int = 2, **dynos: str) -> AppState:
    """An app with web dynos in these states; a state "up 411" is on that release."""
    running = [
        Dyno(f"web.{place}", type="web", state=word.partition(" ")[0], size=size,
             release=int(word.partition(" ")[2] or 412))
        for place, word in enumerate(dynos.values(), start=1)
    ]  # fmt: skip
    return AppState(name, App(name, stack="heroku-24"), running, [Formation("web", quantity, size)], 412)


def shown(*states: AppState) -> list[str]:
    return [" ".join(plain(line).split()) for line in lay_out(fleet_blocks(states, SIZES, now=NOW), None)[1:]]


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (state(a="up", b="up"), "shop web 2 2 0 Standard-1X $50.00 -"),
        (state(a="up", b="crashed"), "shop web 2 1 1 Standard-1X $50.00 -"),
        (state(a="starting"), "shop web 2 0 0 Standard-1X $50.00 1 starting, 1 missing"),
        (state(a="up", b="up 411", c="up 410"), "shop web 2 3 0 Standard-1X $50.00 1 too many, 2 behind v412"),
        (state(size="Private-M", a="up", b="up"), "shop web 2 2 0 Private-M - -"),
        (state(size="Eco", a="up", b="up"), "shop web 2 2 0 Eco flat -"),
        (
            AppState("shop", App("shop", stack="heroku-20")),
            "shop - - - - - - heroku-20 ended 2025-04-30, no process types",
        ),
        (AppState("shop", error=NotFound("Couldn't find")), "shop - - - - - - no answer: Couldn't find"),
    ],
)
def test_a_line_says_what_is_wanted_what_is_there_and_what_it_costs(found: AppState, line: str) -> None:
    assert shown(found)[0] == line


def test_the_flat_price_counts_once_and_dynos_without_a_price_are_counted() -> None:
    states = [state("a", "Eco", 2), state("b", "Eco", 1), state("c", "Private-M", 3), state("d"), state("e", "Eco", 0)]
    totals = fleet_totals(states, SIZES, now=NOW)
    assert (totals["cents_per_month"], totals["unpriced"], totals["quantity"]) == (5500, 3, 8)
    assert shown(*states)[-1] == "5 apps, 0 of 8 dynos up, $55.00 a month, 3 dynos without a price"


def test_foreign_text_is_made_harmless() -> None:
    assert "\x1b" not in "".join(shown(AppState("shop", error=NotFound("\x1b[2Jgone"))))
