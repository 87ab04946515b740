"""Which lines one side prints and the other does not, in the time in which both could: one test for each template.

If both sides printed a line alike, each of its events would fall on the one side by that side's share of what both are
exposed to: time, requests, and other lines. The greatest of the three shares counts. A dyno that hangs is sent fewer
requests and prints fewer lines, but what comes each minute comes as often there. A dyno that is sent more requests
prints more of everything.

What comes within five seconds on one dyno is one event. A line is named by five rules:

1. It has 5 events at least.
2. Its rate is 3 times that of the other side at least (Mantel-Haenszel).
3. So much on the one side comes by chance once in a hundred looks at most, corrected by Holm's method.
4. Its lives did not print it as often before they began to fail.
5. No single peer prints it a third as often, and it is beyond chance beside the peers that print it. What a few of ten
   dynos print is theirs, not the accused one's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import inf, log
from typing import NamedTuple

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.printed import SLOT_SECONDS, Joined, Occurrences, PrintedFacts, joined
from herodyno.diagnosis.statistics.only_here.alike import covers, frequent, is_own_name, kinds_of
from herodyno.diagnosis.statistics.only_here.elsewhere import (
    ALPHA,
    MIN_RATIO,
    ended_early,
    events,
    is_habit,
    is_of_a_peer,
)
from herodyno.diagnosis.statistics.only_here.regular import period
from herodyno.diagnosis.statistics.only_here.sides import Sides, Stratum
from herodyno.diagnosis.statistics.rates import holm, sum_tail

MIN_EVENTS = 5  # rule 1
# Of a wide form's events.
_MOST_OF = 0.5
_MANY = 3
# The share of a side whose lines do not count yet.
_NOTHING = 1e-9
# Lines for those who wrote the app. A dyno with another log level prints many of them.
_OF_DEBUGGING = re.compile(r"\b(?:DEBUG|TRACE|VERBOSE)\b|\blevel=\"?(?:debug|trace)|^level: (?:debug|trace)|^D, ", re.I)


class Named(NamedTuple):
    """A line that passes all rules. `n` and `others_n` are its events, `printed` is what the own lives printed.

    `ended_early`: it came no more in most of the time in which those lives failed, as does the warming of a cache.
    """

    line: Joined
    n: int
    others_n: int
    p_adjusted: float
    printed: Mapping[IncarnationKey, Occurrences]
    ended_early: bool

    @property
    def first(self) -> float:
        """When it was printed first, in seconds since 1970."""
        return min(each.first for each in self.printed.values())

    @property
    def example(self) -> str:
        """One of the lines as printed."""
        return min(each.example for each in self.printed.values() if each.example).text

    @property
    def every(self) -> float | None:
        """The seconds between two of them where they come so evenly that a clock prints them, else None."""
        slots = period(max((each.slots for each in self.printed.values()), key=len))
        return None if slots is None else slots * SLOT_SECONDS

    @property
    def is_telling(self) -> bool:
        """Whether it is an advice: it came while the dyno failed, no clock prints it, and it is not for debugging."""
        return not self.ended_early and self.every is None and _OF_DEBUGGING.search(self.line.template) is None


class _Sums(NamedTuple):
    """The events of a line by strata: on the own side, and on the other."""

    line: Joined
    own: list[int]
    others: list[int]


def only_here(lives: Mapping[IncarnationKey, PrintedFacts], sides: Sides) -> list[Named]:
    """The lines that the own side prints and the other does not, strongest first, those that tell little last.

    `lives` has what each life printed.
    """
    lines = joined(lives)
    sums = [_sums(line, sides.strata) for line in lines]
    totals = [
        (sum(each.own[at] for each in sums), sum(each.others[at] for each in sums)) for at, _ in enumerate(sides.strata)
    ]
    tests = []
    words = list(frequent(lives, MIN_EVENTS, known=lines))
    rarer, wider = (
        [_sums(line, sides.strata) for line in forms] for forms in ((*kinds_of(words), *words), kinds_of(lines))
    )
    # Of two equal forms the one of more lines counts.
    for each in {each.line[:3]: each for each in (*rarer, *sums, *wider)}.values():
        shares = [
            _share(each.line.kind, stratum, (mine - own, theirs - others))
            for stratum, (mine, theirs), own, others in zip(sides.strata, totals, each.own, each.others, strict=True)
        ]
        terms = [(own + others, 1.0, share) for own, others, share in zip(each.own, each.others, shares, strict=True)]
        # Where even all events on the one side could not pass, there is no test (Tarone, Biometrics 46 (1990) 515).
        if sum(n * log(share) for n, _, share in terms if n) <= log(ALPHA):
            tests.append((each, sum_tail(terms, sum(each.own)), _ratio(each, shares)))
    found = []
    for (each, _, ratio), p in zip(tests, holm([chance for _, chance, _ in tests]), strict=True):
        is_strong = p <= ALPHA and ratio >= MIN_RATIO and sum(each.own) >= MIN_EVENTS
        if is_strong and not is_habit(each.line, sides) and not is_of_a_peer(each.line, sides, ALPHA / len(tests)):
            printed = _printed(each.line, sides.strata)
            ended = ended_early(printed, sides)
            found.append(Named(each.line, sum(each.own), sum(each.others), p, printed, ended))
    if sides.against == "peers":
        found = [each for each in found if not is_own_name(each.line, lines, MIN_EVENTS)]
    return sorted(
        _each_once(found), key=lambda each: (not each.is_telling, each.p_adjusted, -each.n, each.line.template)
    )


def _each_once(found: Sequence[Named]) -> list[Named]:
    """Each line in one form: one or two narrower ones where they are most of a wider one, else the wider one.

    Many narrower ones differ in a name only, and would take the place of all other lines.
    """
    left_out: set[int] = set()
    for wide in found:
        narrow = [each for each in found if each is not wide and covers(wide.line, each.line)]
        if narrow:
            tells_more = len(narrow) < _MANY and sum(each.n for each in narrow) >= _MOST_OF * wide.n
            left_out |= {id(each) for each in ((wide,) if tells_more else narrow)}
    return [each for each in found if id(each) not in left_out]


def _sums(line: Joined, strata: Sequence[Stratum]) -> _Sums:
    return _Sums(
        line,
        [sum(events(line, key, life) for key, life in each.own.items()) for each in strata],
        [sum(events(line, key, life) for key, life in each.others.items()) for each in strata],
    )


def _share(kind: str, stratum: Stratum, other_lines: tuple[int, int]) -> float:
    """The own side's share of what lines may come from: the greatest of time, requests, and other lines."""
    seconds = tuple(
        sum(each.end - each.since(kind) for each in side.values()) for side in (stratum.own, stratum.others)
    )
    pairs = (seconds, stratum.requests, other_lines)
    return max((own / (own + others) for own, others in pairs if own + others > 0), default=0.0) or _NOTHING


def _ratio(sums: _Sums, shares: Sequence[float]) -> float:
    """The own rate as a multiple of the other side's."""
    own = sum(n * (1 - share) for n, share in zip(sums.own, shares, strict=True))
    others = sum(n * share for n, share in zip(sums.others, shares, strict=True))
    return own / others if others else inf if own else 0.0


def _printed(line: Joined, strata: Sequence[Stratum]) -> dict[IncarnationKey, Occurrences]:
    """What the own lives printed of it in the time that counts."""
    return {key: line.of[key] for each in strata for key, life in each.own.items() if events(line, key, life)}
