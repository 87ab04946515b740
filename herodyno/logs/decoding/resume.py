"""Which lines of another log session were shown already: a multiset by time, source, process and text.

A new session begins with what Logplex still keeps, the last 1,500 lines, so it repeats most of what
was shown. The n-th equal line of one session is new only if fewer than n such lines were shown: so
equal lines of one microsecond are all kept, and two sessions may be read side by side.
"""

from __future__ import annotations

from collections import Counter, deque
from datetime import datetime
from typing import Literal, TypeAlias

from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.events import LogLine

# Lines remembered. Of two sessions side by side, one may be ahead by what is under way. Ours.
MEMORY = 10 * LOG_BUFFER_LINES

Verdict: TypeAlias = Literal["new", "repeat", "after a gap"]


class Shown:
    """The last lines that were shown, in any session. Memory is bounded: 15,000 hashes."""

    def __init__(self) -> None:
        self._order: deque[int] = deque()
        self._counts: Counter[int] = Counter()
        self.last_at: datetime | None = None

    def add(self, key: int, at: datetime | None) -> None:
        """Remember a line, and forget the oldest."""
        self.last_at = at or self.last_at
        self._order.append(key)
        self._counts[key] += 1
        if len(self._order) > MEMORY:
            oldest = self._order.popleft()
            if self._counts[oldest] == 1:
                del self._counts[oldest]
            else:
                self._counts[oldest] -= 1

    def __len__(self) -> int:
        return len(self._order)

    def count(self, key: int) -> int:
        """How often such a line was shown."""
        return self._counts[key]

    def counts(self) -> Counter[int]:
        """A copy of all counts."""
        return self._counts.copy()

    def resume(self) -> Resume:
        """Where a session begins that may repeat all of it."""
        return Resume(self, has_gap_before=len(self) > 0)


class Resume:
    """One session's place in what was shown. Every line of that session must be judged, in its order.

    `has_gap_before`: until a repeated line proves that the sessions touch, lines may be missing
    between them, and the first new line is "after a gap".
    """

    def __init__(self, shown: Shown, *, has_gap_before: bool) -> None:
        self._shown = shown
        self._given: Counter[int] = Counter()
        self._has_gap_before = has_gap_before
        self._judged = 0
        self._settled = False

    def judge(self, line: LogLine) -> Verdict:
        """Whether to show the line; it counts as shown then."""
        key = hash((line.at, line.source, line.proc, line.text))
        if self._settled:
            self._shown.add(key, line.at)
            return "new"
        self._judged += 1
        self._given[key] += 1
        if self._given[key] <= self._shown.count(key):
            self._has_gap_before = False
            return "repeat"
        verdict: Verdict = "after a gap" if self._has_gap_before else "new"
        self._has_gap_before = False
        self._shown.add(key, line.at)
        return verdict

    def settle(self) -> None:
        """Stop judging once this session, alone, has given more than a new one may repeat: all that follows is new."""
        if self._judged > LOG_BUFFER_LINES:
            self._settled = True
            self._given.clear()

    def beside_another(self) -> None:
        """Another session begins while this one goes on: from now on either may be the first with a line."""
        self._given = self._shown.counts()
        self._settled, self._judged = False, 0

    def touches(self, yes: bool) -> None:
        """Whether this session was there before the other one ended, so that nothing falls between the two."""
        self._has_gap_before = not yes and len(self._shown) > 0
