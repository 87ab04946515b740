"""Drain templates in a normal form: the same lines give the same templates, in any order and merged from any parts.

Source: He, Zhu, Zheng, Lyu, "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017. As there, a tree
of fixed depth (number of words, then the first words) leads to a group, and a group's lines become one template. Drain
itself depends on the order of lines. Here each step depends on the set of lines only, and once true for a set it is
true for every larger set:

1. Lines go together that have as many words and the same first words (PATH of those that say something).
2. Where more than MOST_PATHS such beginnings have the same number of words, a place with more than MOST_CHILDREN
   different words is a wildcard in all of them. (Drain: maxChild.)
3. More than MOST_ALIKE lines of one beginning become one template: the words that they share, ANY for the others.

The templates shown are formed from these once more: where more than MOST_IN_FAMILY differ in one word, they are one,
and so are those that differ only in what is an id here and a number there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, repeat
from typing import Generic, Protocol, Self, TypeAlias, TypeVar

from herodyno.logs.patterns.word_marks import ANY, ID, NUMBER

PATH = 3
MOST_PATHS = 128
MOST_CHILDREN = (16, 8, 8)
MOST_ALIKE = 16
MOST_IN_FAMILY = 8
_MOST_KNOWN = 4096

Words: TypeAlias = tuple[str, ...]


class Mergeable(Protocol):
    """What is counted for a template."""

    def update(self, other: Self, /) -> object:
        """Merge `other` into this one."""
        ...


V = TypeVar("V", bound=Mergeable)


class Templates(Generic[V]):
    """What is counted for each template. `make` makes an empty count. The number of templates is bounded."""

    def __init__(self, make: Callable[[], V]) -> None:
        self._make = make
        self._groups: dict[int, _Group[V]] = {}

    def at(self, words: Words) -> V:
        """The count for a line of these masked words. To be asked for anew for each line: templates may merge."""
        group = self._groups.get(len(words))
        if group is None:
            group = self._groups[len(words)] = _Group()
        found = group.known.get(words)
        return group.at(words, self._make) if found is None else found

    def update(self, other: Self) -> None:
        """Merge. `other` must not be used afterwards."""
        for length, theirs in other._groups.items():
            mine = self._groups.setdefault(length, theirs)
            if mine is not theirs:
                mine.update(theirs)

    def __iter__(self) -> Iterator[tuple[Words, V]]:
        """Each template and its count."""
        for group in self._groups.values():
            found = self._summed(group)
            for place in range(len(next(iter(found), ()))):
                found = self._summed(_families(found, place))
            yield from self._summed(_with_ids(found)).items()

    def _summed(self, counts: Iterable[tuple[Words, V]]) -> dict[Words, V]:
        """Each template once. The counts of the tree stay as they are."""
        found: dict[Words, V] = {}
        made: set[Words] = set()
        for words, count in counts:
            if words in found and words not in made:
                first, found[words] = found[words], self._make()
                found[words].update(first)
                made.add(words)
            if words in made:
                found[words].update(count)
            else:
                found[words] = count
        return found


def _families(found: dict[Words, V], place: int) -> Iterator[tuple[Words, V]]:
    """The templates, with ANY at a place where more than MOST_IN_FAMILY differ at that place alone."""
    families = Counter(words[:place] + words[place + 1 :] for words in found)
    for words, count in found.items():
        before, after = words[:place], words[place + 1 :]
        yield ((*before, ANY, *after) if families[before + after] > MOST_IN_FAMILY else words), count


def _with_ids(found: dict[Words, V]) -> Iterator[tuple[Words, V]]:
    """The templates, with ID for NUMBER where another one has ID: some ids happen to be digits only."""
    alike: dict[Words, list[Words]] = {}
    for words in found:
        alike.setdefault(tuple(word.replace(NUMBER, ID) for word in words), []).append(words)
    for with_ids, group in alike.items():
        places = zip(zip(*group, strict=True), with_ids, strict=True)
        joined = tuple(own[0] if len(set(own)) == 1 else shared for own, shared in places)
        for words in group:
            yield joined, found[words]


class _Group(Generic[V]):
    """Lines with as many words. `leaves`: the first words -> lines, or their template -> the count.

    `is_varied`: there were more than MOST_PATHS beginnings. `known` spares the way through the tree.
    """

    __slots__ = ("is_varied", "known", "leaves", "wild")

    def __init__(self) -> None:
        self.leaves: dict[Words, dict[Words, V]] = {}
        self.is_varied = False
        self.wild: set[int] = set()  # places of a path that are wildcards
        self.known: dict[Words, V] = {}

    def __iter__(self) -> Iterator[tuple[Words, V]]:
        for leaf in self.leaves.values():
            yield from leaf.items()

    def at(self, words: Words, make: Callable[[], V]) -> V:
        """The count for a line, made when first asked for."""
        if len(self.known) >= _MOST_KNOWN:
            self.known.clear()
        path = _path(words)
        leaf = self.leaves.get(self._resolved(path), {})
        if words not in leaf:
            self._put(path, words, make())
            self._settle()
            leaf = self.leaves[self._resolved(path)]
        count = leaf[words] if words in leaf else next(iter(leaf.values()))  # the only template of the leaf
        self.known[words] = count
        return count

    def update(self, other: _Group[V]) -> None:
        """Merge."""
        self.known.clear()
        self.is_varied |= other.is_varied
        self.wild |= other.wild
        mine, self.leaves = self.leaves, {}
        for leaves in (mine, other.leaves):
            self._put_all(leaves)
        self._settle()

    def _put_all(self, leaves: dict[Words, dict[Words, V]]) -> None:
        for path, leaf in leaves.items():
            for words, count in leaf.items():
                self._put(path, words, count)

    def _put(self, path: Words, words: Words, count: V) -> None:
        leaf = self.leaves.setdefault(self._resolved(path), {})
        if words in leaf:
            leaf[words].update(count)
            return
        leaf[words] = count
        if len(leaf) > (1 if self.is_varied else MOST_ALIKE) or any(map(_is_template, leaf)):
            self._join(leaf)

    def _join(self, leaf: dict[Words, V]) -> None:
        (template, joined), *others = leaf.items()
        for words, count in others:
            template = tuple(map(_shared, template, words))
            joined.update(count)
        if len(others) > 1:
            self.known.clear()
        leaf.clear()
        leaf[template] = joined

    def _settle(self) -> None:
        """Make places of the path wildcards where there are too many beginnings."""
        if len(self.leaves) <= MOST_PATHS and not self.is_varied:
            return
        words = map(set, zip(*self.leaves, strict=True))
        wild = {place for place, (own, most) in enumerate(zip(words, MOST_CHILDREN, strict=True)) if len(own) > most}
        if wild or not self.is_varied:
            self.is_varied = True
            self.wild |= wild
            self.known.clear()
            leaves, self.leaves = self.leaves, {}
            self._put_all(leaves)

    def _resolved(self, path: Words) -> Words:
        return tuple(ANY if place in self.wild else word for place, word in enumerate(path)) if self.wild else path


def _path(words: Words) -> Words:
    """The first words that say something: no numbers, no marks, no punctuation."""
    telling = (word for word in words if word[0] != "<" and any(map(str.isalpha, word)))
    return tuple(islice(chain(telling, repeat("")), PATH))


def _is_template(words: Words) -> bool:
    """Whether words stand for several lines. Masked words hold no ANY."""
    return any(word.endswith(ANY) for word in words)


def _shared(one: str, other: str) -> str:
    """The narrowest word that stands for both: the word, its key with any value, or anything."""
    if one == other:
        return one
    key, equals, _ = one.partition("=")
    return f"{key}={ANY}" if equals and other.startswith(f"{key}=") else ANY
