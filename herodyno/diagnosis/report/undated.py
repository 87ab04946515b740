"""What lines without a time tell: they are counted by dyno, and no verdict rests on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from herodyno.diagnosis.counting.facts import Facts
from herodyno.dynos import natural_order
from herodyno.units import count

_MOST_DYNOS = 8  # named in a sentence


def by_name(undated: Mapping[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    """The counts of each dyno, names in natural order."""
    return sorted(undated.items(), key=lambda item: natural_order(item[0]))


def told_of_undated(facts: Facts) -> list[str]:
    """A sentence on the lines without a time; none when every line has one."""
    if not facts.undated:
        return []
    lines = sum(told["lines"] for told in facts.undated.values())
    dynos = [f"{dyno}: {_told(told)}" for dyno, told in by_name(facts.undated)]
    more = [f"{count(len(dynos) - _MOST_DYNOS, 'more dyno')}"] if len(dynos) > _MOST_DYNOS else []
    told = "; ".join(dynos[:_MOST_DYNOS] + more)
    return [f"{count(lines, 'line')} without a time, counted by dyno, part of no verdict: {told}"]


def _told(told: Counter[str]) -> str:
    parts = [count(told["lines"], "line")]
    if told["requests"]:
        parts.append(count(told["requests"], "request"))
    parts += [f"{what} x{n}" for what, n in sorted(told.items()) if what not in ("lines", "requests") and n]
    return ", ".join(parts)
