"""Paths of one page: "/orders/17" and "/orders/18" are the same page, and its count is whole however many there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from herodyno.diagnosis.counting.tallies import MOST_NAMES, Tally

# A part of a path that is a number, a hash or a UUID; paths stand one a line.
_NUMBER = re.compile(r"/(?:\d+|[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4})(?=[/\n]|$)")


def page_of(path: str) -> str:
    """The path without its numbers. A path of numbers only is a page of its own."""
    page = _NUMBER.sub("/*", path)
    return page if page.strip("/*") else path


class PathTally(Tally):
    """How often each path came. What is folded of it is still counted by page, if the page is among the frequent."""

    __slots__ = ("_folded",)

    def __init__(self, most: int = MOST_NAMES) -> None:
        super().__init__(most)
        self._folded: Counter[str] = Counter()

    def fold(self, names: Mapping[str, int]) -> None:
        """Count paths by their page alone."""
        self.other += sum(names.values())
        for page, n in zip(_pages(list(names)), names.values(), strict=True):
            self._folded[page] += n
        if len(self._folded) > self.most * 2:
            self._folded = Counter(dict(self._folded.most_common(self.most)))

    def update(self, other: Tally) -> None:
        """Merge another tally into this one."""
        super().update(other)
        if isinstance(other, PathTally):
            self._folded.update(other._folded)

    def by_page(self) -> Counter[str]:
        """How often each page came."""
        pages = Counter(self._folded)
        for path, n in self.counts.items():
            pages[page_of(path)] += n
        return pages


def _pages(paths: Sequence[str]) -> list[str]:
    pages = _NUMBER.sub("/*", "\n".join(paths)).split("\n")  # one call, since each costs more than its work
    if len(pages) != len(paths):
        return [page_of(path) for path in paths]
    return [page if page.strip("/*") else path for page, path in zip(pages, paths, strict=True)]
