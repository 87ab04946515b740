"""Lines that differ in a word or two are one kind as well: names of people and places vary without a digit.

Templates part what may tell something: "gateway says ok" from "gateway says timeout". So the kinds come beside the
templates, and do not take their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.printed import Joined, Occurrences
from herodyno.logs.patterns.masks import ANY

# Of five words one may differ, of ten two. In longer lines it is one again, so that the work is bounded.
_WORDS_FOR_ONE, _WORDS_FOR_TWO = 5, range(10, 17)


def kinds_of(lines: Sequence[Joined]) -> list[tuple[Joined, list[Joined]]]:
    """Each kind of several templates: as one line, and its templates. The same lines give the same kinds in any order.

    Templates are of one kind that differ in a word or two, or are linked by such templates.
    """
    found = []
    ordered = sorted(lines, key=_group)
    for _, group in groupby(ordered, key=_group):
        for members in _linked(list(group)):
            if len(members) > 1:
                found.append((_as_one(members), members))
    return found


def _group(line: Joined) -> tuple[str, str, int]:
    return (line.kind, line.process_type, len(line.template.split()))


def _linked(lines: Sequence[Joined]) -> Iterator[list[Joined]]:
    """The lines in groups of which each is linked to another."""
    leaders = list(range(len(lines)))

    def leader(at: int) -> int:
        while leaders[at] != at:
            leaders[at] = leaders[leaders[at]]
            at = leaders[at]
        return at

    seen: dict[tuple[str, ...], int] = {}
    for at, line in enumerate(lines):
        for shape in _shapes(line.template.split()):
            other = leader(seen.setdefault(shape, at))
            leaders[leader(at)] = other
    groups: dict[int, list[Joined]] = {}
    for at, line in enumerate(lines):
        groups.setdefault(leader(at), []).append(line)
    yield from groups.values()


def _shapes(words: list[str]) -> Iterator[tuple[str, ...]]:
    """The words without each one, or each two, that may differ."""
    differing = 2 if len(words) in _WORDS_FOR_TWO else 1 if len(words) >= _WORDS_FOR_ONE else 0
    for places in combinations(range(len(words)), differing):
        yield tuple(ANY if at in places else word for at, word in enumerate(words))


def _as_one(members: Sequence[Joined]) -> Joined:
    columns = zip(*(each.template.split() for each in members), strict=True)
    of: dict[IncarnationKey, Occurrences] = {}
    for each in members:
        for key, printed in each.of.items():
            of.setdefault(key, Occurrences()).update(printed)
    words = (column[0] if len(set(column)) == 1 else ANY for column in columns)
    return members[0]._replace(template=" ".join(words), of=of)
