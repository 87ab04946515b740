"""Paths of one page: "/orders/17" and "/orders/18" are the same page, and its count is whole or not told at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import nsmallest

from herodyno.diagnosis.counting.folded_names import FoldedNames
from herodyno.diagnosis.counting.tallies import MOST_NAMES, Tally

# A part of a path that is a number, a hash or a UUID; paths stand one a line.
_NUMBER = re.compile(r"/(?:\d+|[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4})(?=[/\n]|$)")


def page_of(path: str) -> str:
    """The path without its numbers. A path of numbers only is a page of its own."""
    page = _NUMBER.sub("/*", path)
    return page if page.strip("/*") else path


class PathTally(Tally):
    """How often each path came, and each page.

    Of more than `most_pages` pages the first in `_order` are kept. Which they are depends on the pages alone, not on
    how often or in what order they come. So the count of a kept page is whole.
    """

    __slots__ = ("_folded_pages", "most_pages")

    def __init__(
        self, most: int = MOST_NAMES, folded: FoldedNames | None = None, most_pages: int | None = None
    ) -> None:
        super().__init__(most, folded)
        self._folded_pages: Counter[str] = Counter()
        # Pages that are counted.
        self.most_pages = most * 10 if most_pages is None else most_pages

    def fold(self, names: Mapping[str, int]) -> None:
        """Count paths by their page alone."""
        super().fold(names)
        for page, n in zip(_pages(list(names)), names.values(), strict=True):
            self._folded_pages[page] += n
        self._bound_pages()

    def update(self, other: Tally) -> None:
        """Merge another tally into this one."""
        super().update(other)
        if isinstance(other, PathTally):
            self._folded_pages.update(other._folded_pages)
            self._bound_pages()

    def by_page(self) -> Counter[str]:
        """How often each page came, of the pages that are kept. Requests without a path are on none."""
        pages = Counter(self._folded_pages)
        for path, n in self.counts.items():
            pages[page_of(path)] += n
        return _first(pages, self.most_pages)

    def of_page(self, page: str) -> int | None:
        """How often a page came, None where so many pages came that nobody can tell."""
        pages = self.by_page()
        is_told = page in pages or len(pages) < self.most_pages or _order(page) < max(map(_order, pages))
        return pages[page] if is_told else None

    def top_whole(self, n: int) -> tuple[tuple[str, int], ...]:
        """The n most frequent paths; where paths were folded, pages, whose counts are whole.

        Where too many pages came as well, the most frequent paths again: their counts may be too low.
        """
        if self.is_whole or len(pages := self.by_page()) >= self.most_pages:
            return self.top(n)
        return tuple(sorted(pages.items(), key=lambda item: (-item[1], item[0]))[:n])

    def at_most(self, name: str) -> tuple[int, bool]:
        """How often a path may have come at most, which is as often as its page; and whether exactly so often."""
        n, is_exact = super().at_most(name)
        page = page_of(name)
        if is_exact or (of_page := self.of_page(page)) is None:
            return n, is_exact
        return (of_page, True) if page == name else (min(n, of_page), False)

    def _bound_pages(self) -> None:
        if len(self._folded_pages) > self.most_pages * 2:  # sorting is slow
            self._folded_pages = _first(self._folded_pages, self.most_pages)


def _order(page: str) -> tuple[bool, int, str]:
    """Pages of many paths before single paths, short ones before long ones."""
    return "/*" not in page, len(page), page


def _first(pages: Counter[str], most: int) -> Counter[str]:
    del pages[""]
    if len(pages) <= most:
        return pages
    return Counter({page: pages[page] for page in nsmallest(most, pages, key=_order)})


def _pages(paths: Sequence[str]) -> list[str]:
    pages = _NUMBER.sub("/*", "\n".join(paths)).split("\n")  # one call, since each costs more than its work
    if len(pages) != len(paths):
        return [page_of(path) for path in paths]
    return [page if page.strip("/*") else path for page, path in zip(pages, paths, strict=True)]
