"""What a log holds before and from a moment on, whatever is selected of it: lines, requests, seconds.

A share of selected lines says nothing of how often they come. So rates are taken over the log that they were selected
from. Words that name a dyno or a process type choose the requests to these dynos. No other filter chooses requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from herodyno.dynos import process_type_of
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.router_lines import router_request
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.selecting import SOURCES, Selection, Selector


class Side(NamedTuple):
    """The log before the moment, or from it on: lines and requests with a time, and the seconds that it covers."""

    lines: int
    seconds: float
    requests: int


class WholeLog:
    """Sees each line that is read, wanted or not. Without `split` it learns only how far the log reaches.

    What lies outside the selection's `since` and `until` is not of the log. `types` are the process types of the dynos
    that requests went to.
    """

    def __init__(self, selection: Selection, split: datetime | None = None) -> None:
        self._split = split
        self._since, self._until = selection.since, selection.until
        self._selector = Selector(_of_requests(selection))
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._lines = [0, 0]
        self._requests = [0, 0]
        self.types: set[str] = set()

    def see(self, items: Iterable[LogLine | Mark]) -> None:
        """The next lines."""
        split = self._split
        for item in items:
            at = item.at
            if at is None or isinstance(item, Mark):
                continue
            if self._first is None or self._last is None:
                self._first = self._last = at
            elif at > self._last:
                self._last = at
            elif at < self._first:
                self._first = at
            if split is None or (self._since and at < self._since) or (self._until and at > self._until):
                continue
            self._lines[at >= split] += 1
            if item.proc != "router" or item.source != "heroku" or not self._selector.wants(item):
                continue
            if request := router_request(item):
                self._requests[at >= split] += 1
                self.types.add(process_type_of(request.dyno))

    @property
    def first(self) -> datetime | None:
        """When the log begins, None where no line has a time."""
        return max(self._first, self._since) if self._first and self._since else self._first

    @property
    def last(self) -> datetime | None:
        """When the log ends."""
        return min(self._last, self._until) if self._last and self._until else self._last

    @property
    def seconds(self) -> float:
        """The length of the log."""
        return max(0.0, (self.last - self.first).total_seconds()) if self.first and self.last else 0.0

    def sides(self) -> tuple[Side, Side]:
        """The log before and from the moment on."""
        before = after = 0.0
        if self._split and self.first and self.last:
            before = max(0.0, (self._split - self.first).total_seconds())
            after = max(0.0, (self.last - self._split).total_seconds())
        (lines, lines_after), (requests, requests_after) = self._lines, self._requests
        return Side(lines, before, requests), Side(lines_after, after, requests_after)


def _of_requests(selection: Selection) -> Selection:
    """What is left of a selection where it chooses requests: the dynos that they went to, and when."""
    targets = [_process(word) for word in selection.targets if word not in SOURCES]
    return Selection(
        targets=() if "router" in targets else targets,
        without=[_process(word) for word in selection.without if _process(word) not in (*SOURCES, "router")],
        lifetimes=() if "router" in targets else selection.lifetimes,
    )


def _process(word: str) -> str:
    """The process of "app[web.1]"."""
    return word.rpartition("[")[2].removesuffix("]")
