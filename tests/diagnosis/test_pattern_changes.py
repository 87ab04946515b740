"""What changed at a moment is named, and what chance, traffic or one burst explains is not."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta

import pytest

from herodyno.diagnosis.pattern_changes import Changes, pattern_changes, too_little
from herodyno.logs.patterns.log_patterns import LogPatterns
from herodyno.logs.query.selecting import Selection
from herodyno.logs.query.whole_log import WholeLog
from tests.logs.log_lines import START, line, request

HALF = 1200.0


def changes(entries: Iterable[tuple[float, str]]) -> Changes:
    """The changes half-way through 40 minutes."""
    moment = START + timedelta(seconds=HALF)
    found, log = LogPatterns(moment), WholeLog(Selection(), moment)
    lines = [line(text, at) for at, text in sorted(entries)]
    log.see(lines)
    for each in lines:
        found.add(each)
    found.close()
    sides = [side._replace(seconds=HALF) for side in log.sides()]
    return pattern_changes(found, (sides[0], sides[1]), log.types, found.clock.seconds)


def told(found: Changes) -> dict[str, str]:
    return {it.pattern.template: it.change for it in found.changed if it.change}


def traffic(dice: random.Random, *, before: int = 800, after: int = 800) -> list[tuple[float, str]]:
    """Requests, and what the app prints of some of them."""
    lines = []
    for n, start in ((before, 0.0), (after, HALF)):
        for _ in range(n):
            at = start + dice.random() * HALF
            dyno = f"web.{dice.randrange(1, 4)}"
            lines.append((at, request(dyno=dyno, service=30)))
            if dice.random() < 0.3:
                lines.append((at, f"app[{dyno}]: cache miss {dice.randrange(99)}"))
            if dice.random() < 0.04:
                lines.append((at, f"app[{dyno}]: slow query of {dice.randrange(999)} ms"))
    return lines


def some(text: str, n: int, start: float, dice: random.Random) -> list[tuple[float, str]]:
    return [(start + dice.random() * HALF, text) for _ in range(n)]


def test_new_gone_more_and_less_are_named() -> None:
    dice = random.Random(3)
    found = changes(
        traffic(dice)
        + some("app[web.1]: pool is exhausted", 40, HALF, dice)
        + some("app[web.1]: legacy path", 40, 0, dice)
        + some("app[web.2]: retrying", 20, 0, dice)
        + some("app[web.2]: retrying", 90, HALF, dice)
        + some("app[worker.1]: job done", 90, 0, dice)
        + some("app[worker.1]: job done", 15, HALF, dice)
    )
    assert told(found) == {"pool is exhausted": "new", "legacy path": "gone", "retrying": "more", "job done": "less"}
    assert [it.change for it in found.changed] == ["new", "gone", "more", "less"]
    units = {it.pattern.template: it.unit for it in found.patterns}
    assert (units["retrying"], units["job done"]) == ("1000 requests", "minute")


@pytest.mark.parametrize("seed", range(12))
def test_chance_is_no_change(seed: int) -> None:
    assert told(changes(traffic(random.Random(seed)))) == {}


def test_three_times_the_traffic_is_no_change_of_what_requests_print() -> None:
    assert told(changes(traffic(random.Random(5), before=400, after=1200))) == {}


def test_one_burst_is_no_change_however_many_lines_it_has() -> None:
    burst = [(HALF + 60 + at / 100, "app[web.1]: retry storm") for at in range(300)]
    found = changes(traffic(random.Random(7)) + burst)
    (storm,) = [it for it in found.patterns if it.pattern.template == "retry storm"]
    assert (storm.entries, storm.bursts, storm.is_judged, storm.change) == ((0, 300), (0, 1), False, None)


def test_what_comes_in_waves_of_minutes_is_not_called_more() -> None:
    dice = random.Random(9)
    waves = [(wave + dice.random() * 50, "app[worker.1]: import row") for wave in (100, 1300, 1900) for _ in range(400)]
    assert told(changes(traffic(dice) + waves)) == {}


def test_too_little_on_either_side_is_said() -> None:
    dice = random.Random(1)
    assert too_little(changes(traffic(dice)).sides) == ""
    assert too_little(changes(traffic(dice, before=0)).sides) == "before"
    assert too_little(changes(traffic(dice, after=3)).sides) == "after"
