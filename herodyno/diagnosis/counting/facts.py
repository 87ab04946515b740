"""The counts of each incarnation and of the app: all that the verdict reads of a log. Facts merge.

Every source of lines is counted into the same facts, so equal lines give an equal verdict. Times are seconds since
1970, memory is in MB, service times are in ms.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from herodyno.diagnosis.counted import Counted, Renumber, counts, greatest, least, merging, part, parts, starting, total
from herodyno.diagnosis.counting.errors.error_facts import ErrorFacts as ErrorFacts
from herodyno.diagnosis.counting.folded_names import FoldedNames
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.counting.pages import PathTally
from herodyno.diagnosis.counting.peaks import Peaks
from herodyno.diagnosis.counting.printed import PrintedFacts, least_rank
from herodyno.diagnosis.counting.raised import RaisedFacts
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.logs.decoding.guesses import lacks
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.chatter import is_chatter

EVIDENCE_LINES = 3
MOST_FAILED = 800  # values of one key of failed requests that are kept: there is one such tally of an app
# Characters kept of a line that an app printed. More than is shown, so that a cut secret is not shown as plain text.
LONGEST_OUTPUT = 400

_BLANK = " \t\n\r\v\f"  # what bytes.strip() takes away

IncarnationKey: TypeAlias = tuple[str, int]
LossKey: TypeAlias = tuple[str, bool]  # L code, whether this stream lost the lines


class Mark(NamedTuple):
    """A line "Process running mem=781M(152.5%)": its time (0 without one), its number, the level as it names it."""

    seconds: float
    number: int
    mem_mb: int
    percent: float


class EvidenceLine(NamedTuple):
    """A log line kept as evidence: the time, the number in the input, the text as received."""

    seconds: float
    number: int
    raw: str


def _keep(kept: list[EvidenceLine], line: EvidenceLine) -> None:
    insort(kept, line)
    if len(kept) > EVIDENCE_LINES:
        del kept[0]


def _newest(mine: list[Any], other: list[Any]) -> list[Any]:
    return sorted(mine + other)[-EVIDENCE_LINES:]


def _newest_of_each(
    mine: dict[str, list[EvidenceLine]], other: dict[str, list[EvidenceLine]]
) -> dict[str, list[EvidenceLine]]:
    return mine | {what: _newest(mine.get(what, []), lines) for what, lines in other.items()}


def _renumbered(lines: list[EvidenceLine], of: Renumber) -> list[EvidenceLine]:
    return [line._replace(number=of(line.number)) for line in lines]


def _renumbered_each(kept: dict[str, list[EvidenceLine]], of: Renumber) -> dict[str, list[EvidenceLine]]:
    return {what: _renumbered(lines, of) for what, lines in kept.items()}


def _earlier(mine: tuple[int, str] | None, other: tuple[int, str] | None) -> tuple[int, str] | None:
    return min(filter(None, (mine, other)), default=None)


def _renumbered_line(line: tuple[int, str] | None, of: Renumber) -> tuple[int, str] | None:
    return (of(line[0]), line[1]) if line else None


def _renumbered_marks(marks: list[Mark], of: Renumber) -> list[Mark]:
    return [mark._replace(number=of(mark.number)) for mark in marks]


@dataclass(slots=True, eq=False)
class EvidenceStore(Counted):
    """The last few lines that show each thing, by machine word ("H12", "R14", "exit", "memory")."""

    lines: dict[str, list[EvidenceLine]] = merging(dict, _newest_of_each, _renumbered_each)

    def add(self, what: str, line: EvidenceLine) -> None:
        """Keep a line for a claim; only the newest few stay."""
        _keep(self.lines.setdefault(what, []), line)

    def of(self, *what: str) -> list[EvidenceLine]:
        """The lines for these claims, newest first."""
        return sorted((line for word in what for line in self.lines.get(word, ())), reverse=True)


@dataclass(slots=True, eq=False)
class IncarnationFacts(Counted):
    """Everything counted for one incarnation."""

    lines: int = total()
    first: float | None = least()
    last: float | None = greatest()
    requests: int = total()
    grid: Grid = part(Grid)
    good_service: Counter[int] = counts()  # ms -> requests without server error (integers, so percentiles are exact)
    failed_service: Counter[int] = counts()
    errors: ErrorFacts = part(ErrorFacts)
    codes: Counter[str] = counts()  # client, state and R codes
    waits: Counter[int] = counts()  # service ms of requests the client gave up
    left: Tally = part(Tally)  # paths of requests the client gave up
    paths: Tally = part(Tally)
    clients: Tally = part(Tally)
    raised: RaisedFacts = part(RaisedFacts)
    timeouts: Counter[str] = counts()  # by server: requests or workers that the server itself ended for their time
    websockets: int = total()  # of `requests`: their service time is how long they were open, so it is in no histogram
    output: list[EvidenceLine] = merging(list, _newest, _renumbered)  # the texts of the last lines the app printed
    patterns: PrintedFacts = part(PrintedFacts)  # all lines that the app printed, masked
    memory: MemoryFacts = part(MemoryFacts)
    load: Peaks = part(Peaks)  # the load average of 1 minute
    marks: list[Mark] = merging(list, _newest, _renumbered_marks)  # the last few "Process running mem="
    highest_mark: tuple[int, float] | None = greatest()  # (MB, percent of the quota)
    evidence: EvidenceStore = part(EvidenceStore)

    @property
    def exceptions(self) -> Tally:
        """Exceptions by class."""
        return self.raised.by_kind

    @property
    def service(self) -> Counter[int]:
        """How many requests took each number of milliseconds."""
        counts = self.good_service.copy()  # the sum of two counters would look at each number twice
        for ms, n in self.failed_service.items():
            counts[ms] += n
        return counts

    def add_mark(self, mark: Mark) -> None:
        """Count a "Process running mem=" line; only the newest few stay, and the highest level."""
        self.marks = _newest(self.marks, [mark])
        level = (mark.mem_mb, mark.percent)
        self.highest_mark = level if self.highest_mark is None else max(self.highest_mark, level)

    def saw(self, first: float, last: float, *, lines: int = 0) -> None:
        """Count lines of this incarnation that were logged between two times."""
        self.lines += lines
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def printed(self, line: EvidenceLine) -> bool:
        """Keep a text that the app printed, if it is among the newest few. Whether it says something: blank lines and
        chatter do not.
        """
        if not (said := line.raw.strip(_BLANK)) or is_chatter(said):
            return False
        _keep(self.output, EvidenceLine(line.seconds, line.number, said[:LONGEST_OUTPUT]))
        return True

    def pack(self) -> None:
        """Shrink all but the grid, once nothing more is to be counted."""
        self.paths.bound(self.paths.most)
        self.clients.bound(self.clients.most)
        self.errors.bursts.fuse()


@dataclass(slots=True, eq=False)
class SharedFacts(Counted):
    """Values of the keys in which failed and good requests may differ: path, method, status, host, client.

    What nearly all failed requests have is found among many values; of good requests it is enough to know how often
    they have it at most.
    """

    bad: dict[str, Tally] = parts()
    good: dict[str, Tally] = parts()

    def add(self, *, failed: bool, values: Iterable[tuple[str, str]]) -> None:
        """Count one request's values."""
        of = self._of_bad if failed else self._of_good
        for key, value in values:
            if value:
                of(key).add(value)

    def add_good(self, key: str, values: Sequence[str] | Mapping[str, int]) -> None:
        """Count the values of one key of good requests."""
        if values:
            self._of_good(key).add_all(values, room=16)

    def add_good_each(self, key: str, values: Sequence[str]) -> None:
        """The same, with the outcome of one by one."""
        if values:
            self._of_good(key).add_each(values)

    def add_bad(self, key: str, values: Sequence[str] | Mapping[str, int]) -> None:
        """Count the values of one key of failed requests."""
        if values:
            self._of_bad(key).add_all(values, room=2)

    def fold_good(self, key: str, values: Mapping[str, int]) -> None:
        """Count rare values of one key of good requests, as part of the rest."""
        self._of_good(key).fold(values)

    def _of_good(self, key: str) -> Tally:
        tally = self.good.get(key)
        if tally is None:
            folded = FoldedNames()
            tally = self.good[key] = PathTally(folded=folded) if key == "path" else Tally(folded=folded)
        return tally

    def _of_bad(self, key: str) -> Tally:
        tally = self.bad.get(key)
        if tally is None:
            tally = self.bad[key] = PathTally(MOST_FAILED) if key == "path" else Tally(MOST_FAILED)
        return tally


@dataclass(slots=True, eq=False)
class Facts(Counted):
    """All facts: of each incarnation, of ambiguous lines by process type, of lines that named no dyno."""

    lines: int = total()
    unread: int = total()
    first_unread: tuple[int, str] | None = starting(None, _earlier, _renumbered_line)  # (number, its beginning)
    undated: dict[str, Counter[str]] = parts()  # dyno -> "lines", codes, exits ...: of lines without a time
    without_year: int = total()  # times whose year is a guess
    without_offset: int = total()  # times that were taken for UTC
    unread_samples: int = total()  # metric lines in an unknown form
    router_lines: int = total()
    first: float | None = least()
    last: float | None = greatest()
    incarnations: dict[IncarnationKey, IncarnationFacts] = parts()
    types: dict[str, Grid] = parts()  # all requests that named a dyno of the type, ambiguous ones too
    ambiguous: int = total()
    ambiguous_requests: Counter[str] = counts()  # by process type; counted in `types` as well
    ambiguous_errors: dict[str, ErrorFacts] = parts()
    ambiguous_raised: dict[str, RaisedFacts] = parts()
    unattributed: int = total()
    no_dyno: ErrorFacts = part(ErrorFacts)
    no_dyno_codes: Counter[str] = counts()
    no_dyno_grid: Grid = part(Grid)
    lost_lines: Counter[LossKey] = counts()
    losses: Counter[LossKey] = counts()  # how many times lines were lost
    symptoms: Counter[IncarnationKey] = counts()  # H13/H18 that an exit followed at once
    cut_by_stop: Counter[tuple[str, int, str]] = counts()  # (name, number, code): requests that a stopping dyno dropped
    shared: SharedFacts = part(SharedFacts)
    evidence: EvidenceStore = part(EvidenceStore)
    printed_ranks: Counter[int] = counts()  # rank of a slot (printed.py) -> lines that apps printed in such slots

    @property
    def least_printed_rank(self) -> int:
        """The least rank of the slots of 5 seconds of which the lines are compared: one slot in 2 to this power."""
        return least_rank(self.printed_ranks)

    def saw(self, first: float, last: float, *, lines: int) -> None:
        """Count lines that were logged between two times."""
        self.lines += lines
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def guessed(self, line: LogLine) -> None:
        """Count what the time of a line lacks."""
        if lacking := lacks(line):
            self.without_year += lacking == "year"
            self.without_offset += lacking == "offset"

    def leave_out_slots(self) -> None:
        """Leave out the slots of which the lines are not compared, once all is counted."""
        for incarnation in self.incarnations.values():
            incarnation.patterns.leave_out(self.least_printed_rank)

    def of(self, key: IncarnationKey) -> IncarnationFacts:
        """The facts of one incarnation, made when first asked for."""
        facts = self.incarnations.get(key)
        if facts is None:
            facts = self.incarnations[key] = IncarnationFacts()
        return facts
