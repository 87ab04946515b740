"""Which lines of a new log session were shown already: a multiset by time, source, process and text.

A new session begins with the last 1,500 lines that Logplex keeps, so most of these lines were shown before. The n-th
equal line of one session is new only if fewer than n such lines were shown. So equal lines of one microsecond are all
shown, and two sessions may be read side by side.
"""

from __future__ import annotations

from collections import Counter, deque
from datetime import datetime
from typing import Literal, TypeAlias

from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.events import LogLine

# Lines remembered: of two sessions side by side, one may be ahead by the lines in transit. Ours.
MEMORY = 10 * LOG_BUFFER_LINES

Verdict: TypeAlias = Literal["new", "repeat", "after a gap"]


class Shown:
    """The last lines that were shown, in any session. Memory is bounded: 15,000 hashes."""

    def __init__(self) -> None:
        self._order: deque[tuple[int, bool]] = deque()  # whether Logplex keeps the line as a message of its own
        self._counts: Counter[int] = Counter()
        self.last_at: datetime | None = None

    def add(self, key: int, line: LogLine) -> None:
        """Remember a line, and forget the oldest."""
        self.last_at = line.at or self.last_at
        # Lines without a head belong to the message before. Logplex's own lines are of one session.
        self._order.append((key, bool(line.source) and line.proc != "logplex"))
        self._counts[key] += 1
        if len(self._order) > MEMORY:
            oldest, _ = self._order.popleft()
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

    def too_old(self) -> Counter[int]:
        """The counts without the last 1,500 messages, which are all that a new session can repeat."""
        counts, messages = self.counts(), 0
        for key, is_message in reversed(self._order):
            if messages >= LOG_BUFFER_LINES:
                break
            messages += is_message
            counts[key] -= 1
        return +counts

    def resume(self) -> Resume:
        """The start of a new session, which may repeat any of the shown lines."""
        return Resume(self, has_gap_before=len(self) > 0)


class Resume:
    """The place of one session among the shown lines. Every line of the session must be judged, in order.

    `has_gap_before`: lines may be missing before this session, so the first new line is "after a gap". A repeated line
    proves that none is missing.
    """

    def __init__(self, shown: Shown, *, has_gap_before: bool) -> None:
        self._shown = shown
        # A line from before what Logplex keeps is no repeat, however equal: clocks may stand still or go back.
        self._given = shown.too_old()
        self._has_gap_before = has_gap_before
        self._judged = 0
        self._settled = False

    def judge(self, line: LogLine) -> Verdict:
        """Whether the line is new. A new line counts as shown from now on."""
        key = hash((line.at, line.source, line.proc, line.text))
        if self._settled:
            self._shown.add(key, line)
            return "new"
        self._judged += 1
        self._given[key] += 1
        if self._given[key] <= self._shown.count(key):
            self._has_gap_before = False
            return "repeat"
        verdict: Verdict = "after a gap" if self._has_gap_before else "new"
        self._has_gap_before = False
        self._shown.add(key, line)
        return verdict

    def settle(self) -> None:
        """Stop judging once more lines were judged than a new session may repeat: all later lines are new.

        Only for a session that is read alone.
        """
        if self._judged > LOG_BUFFER_LINES:
            self._settled = True
            self._given.clear()

    def beside_another(self) -> None:
        """Judge again: another session begins while this one goes on, and either may be the first with a line."""
        self._given = self._shown.counts()
        self._settled, self._judged = False, 0

    def touches(self, yes: bool) -> None:
        """`yes`: this session began before the last one ended, so no line is missing between the two."""
        self._has_gap_before = not yes and len(self._shown) > 0
