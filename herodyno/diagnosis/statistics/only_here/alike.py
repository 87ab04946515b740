"""Lines in a wider and a narrower form than a template: kinds that differ in a word or two, and words as printed.

Names of people and places vary without a digit, which makes many templates of one kind of line. Where an app prints
very many kinds of lines, a template is so wide that a line that tells something is lost in it. So both forms are
compared beside the templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby

from herodyno.diagnosis.counting.facts import IncarnationKey
from herodyno.diagnosis.counting.printed import Joined, Kind, Occurrences, PrintedFacts
from herodyno.dynos import process_type_of
from herodyno.logs.patterns.word_marks import ANY

# Of five words one may differ, of ten two. In longer lines it is one again, so that the work is bounded.
_WORDS_FOR_ONE, _WORDS_FOR_TWO = 5, range(10, 17)

# Of four words one may be a name of the dyno's own.
_WORDS_FOR_NAME = 4


def kinds_of(lines: Sequence[Joined]) -> list[Joined]:
    """Kinds of several templates. The same lines give the same kinds in any order.

    Templates are of one kind that differ in a word or two, or are linked by such templates.
    """
    return [
        _as_one(members)
        for _, group in groupby(sorted(lines, key=_group), key=_group)
        for members in _linked(list(group))
        if len(members) > 1
    ]


def frequent(lives: Mapping[IncarnationKey, PrintedFacts], events: int, *, known: Sequence[Joined]) -> Iterator[Joined]:
    """The masked lines with so many events at least that are no template by themselves."""
    templates = {(each.process_type, each.kind, each.template) for each in known}
    found: dict[tuple[str, Kind, str], dict[IncarnationKey, Occurrences]] = {}
    for key, printed in lives.items():
        for (kind, words), occurrences in printed.found.items():
            found.setdefault((process_type_of(key[0]), kind, " ".join(words)), {})[key] = occurrences
    for shape, of in found.items():
        if sum(each.events for each in of.values()) >= events and shape not in templates:
            process_type, kind, masked = shape
            yield Joined(masked, kind, process_type, of)


def covers(wide: Joined, narrow: Joined) -> bool:
    """Whether each line of the narrow form is one of the wide form."""
    if ANY not in wide.template or (wide.kind, wide.process_type) != (narrow.kind, narrow.process_type):
        return False
    mine, theirs = wide.template.split(), narrow.template.split()
    return len(mine) == len(theirs) and all(word in (ANY, other) for word, other in zip(mine, theirs, strict=True))


def is_own_name(line: Joined, lines: Sequence[Joined], events: int) -> bool:
    """Whether two other dynos at least print the line as well, so often at least, each with words of its own.

    Such words name a shard, a node, a partition. Words that several dynos print alike tell something else.
    """
    own, words, peers = {key[0] for key in line.of}, line.template.split(), set[str]()
    for each in lines:
        if _group(each) == _group(line) and each.template != line.template:
            differing = sum(one != other for one, other in zip(words, each.template.split(), strict=True))
            if differing <= max(1, len(words) // _WORDS_FOR_NAME):
                names = {key[0] for key in each.of}
                if len(names) > 1:
                    return False
                if sum(printed.events for printed in each.of.values()) >= events:
                    peers |= names
    return len(own) == 1 and len(peers - own) > 1


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
