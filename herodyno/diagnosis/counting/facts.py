"""What was seen of each incarnation, in counts that merge: the only thing the verdict reads.

A log session, a file, several processes over many files and an engine over an archive all fold into
these facts, and so give the same verdict. Times are seconds since 1970, memory MB, service times ms.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias, TypeVar

from herodyno.diagnosis.counting.error_facts import ErrorFacts as ErrorFacts
from herodyno.diagnosis.counting.grid import Grid
from herodyno.diagnosis.counting.memory_facts import MemoryFacts
from herodyno.diagnosis.counting.tallies import Tally

EVIDENCE_LINES = 3

IncarnationKey: TypeAlias = tuple[str, int]
_K = TypeVar("_K")


class EvidenceLine(NamedTuple):
    """A log line kept as evidence: when, its number in the input, its text as it came."""

    seconds: float
    number: int
    raw: str


class EvidenceStore:
    """The last few lines that show each thing, by machine word ("H12", "R14", "exit", "memory")."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        self.lines: dict[str, list[EvidenceLine]] = {}

    def add(self, what: str, line: EvidenceLine) -> None:
        """Keep a line for a claim; only the newest few stay."""
        kept = self.lines.setdefault(what, [])
        insort(kept, line)
        if len(kept) > EVIDENCE_LINES:
            del kept[0]

    def update(self, other: EvidenceStore) -> None:
        """Merge another store of evidence into this one."""
        for what, lines in other.lines.items():
            self.lines[what] = sorted(self.lines.get(what, []) + lines)[-EVIDENCE_LINES:]

    def of(self, *what: str) -> list[EvidenceLine]:
        """The lines for these claims, newest first."""
        return sorted((line for word in what for line in self.lines.get(word, ())), reverse=True)


class IncarnationFacts:
    """Everything counted for one incarnation."""

    __slots__ = (
        "clients", "codes", "errors", "evidence", "exceptions", "first", "good_service", "grid", "last", "lines",
        "marks", "memory", "paths", "requests", "service", "waits",
    )  # fmt: skip

    def __init__(self) -> None:
        self.lines = 0
        self.first: float | None = None
        self.last: float | None = None
        self.requests = 0
        self.grid = Grid()
        self.service: dict[int, int] = {}  # ms -> all requests (integers, so percentiles are exact)
        self.good_service: dict[int, int] = {}  # ms -> requests without server error
        self.errors = ErrorFacts()
        self.codes: dict[str, int] = {}  # client, state and R codes
        self.waits: dict[int, int] = {}  # service ms of requests the client gave up
        self.paths = Tally()
        self.clients = Tally()
        self.exceptions = Tally(50)
        self.memory = MemoryFacts()
        self.marks: list[tuple[int, int, float]] = []  # the last few "Process running mem=": line number, MB, percent
        self.evidence = EvidenceStore()

    def seen(self, seconds: float | None) -> None:
        """Count a line of this life."""
        self.lines += 1
        if seconds is not None:
            self.first = seconds if self.first is None else min(self.first, seconds)
            self.last = seconds if self.last is None else max(self.last, seconds)

    def update(self, other: IncarnationFacts) -> None:
        """Merge."""
        self.lines += other.lines
        for seconds in (other.first, other.last):
            if seconds is not None:
                self.first = seconds if self.first is None else min(self.first, seconds)
                self.last = seconds if self.last is None else max(self.last, seconds)
        self.requests += other.requests
        self.grid.update(other.grid)
        _add(self.service, other.service)
        _add(self.good_service, other.good_service)
        self.errors.update(other.errors)
        _add(self.codes, other.codes)
        _add(self.waits, other.waits)
        self.paths.update(other.paths)
        self.clients.update(other.clients)
        self.exceptions.update(other.exceptions)
        self.memory.update(other.memory)
        self.marks = sorted(self.marks + other.marks)[-EVIDENCE_LINES:]
        self.evidence.update(other.evidence)


class SharedFacts:
    """Values of the keys that may tell failing requests from good ones: path, method, status, host, client."""

    __slots__ = ("bad", "good")

    def __init__(self) -> None:
        self.bad: dict[str, Tally] = {}
        self.good: dict[str, Tally] = {}

    def add(self, *, failed: bool, values: Iterable[tuple[str, str]]) -> None:
        """Count one request's values."""
        side = self.bad if failed else self.good
        for key, value in values:
            if value:
                tally = side.get(key)
                if tally is None:
                    tally = side[key] = Tally()
                tally.add(value)

    def update(self, other: SharedFacts) -> None:
        """Merge."""
        for mine, theirs in ((self.bad, other.bad), (self.good, other.good)):
            for key, tally in theirs.items():
                mine.setdefault(key, Tally()).update(tally)


class Facts:
    """The whole fold: one IncarnationFacts an incarnation, what was ambiguous by process type, what named no dyno."""

    __slots__ = (
        "ambiguous",
        "ambiguous_errors",
        "ambiguous_requests",
        "evidence",
        "first",
        "incarnations",
        "last",
        "lines",
        "losses",
        "no_dyno",
        "no_dyno_codes",
        "no_dyno_grid",
        "router_lines",
        "shared",
        "symptoms",
        "types",
        "unattributed",
        "unread",
    )  # fmt: skip

    def __init__(self) -> None:
        self.lines = 0
        self.unread = 0
        self.router_lines = 0
        self.first: float | None = None
        self.last: float | None = None
        self.incarnations: dict[IncarnationKey, IncarnationFacts] = {}
        self.types: dict[str, Grid] = {}  # all requests that named a dyno of the type, ambiguous ones too
        self.ambiguous = 0
        self.ambiguous_requests: dict[str, int] = {}  # by process type; counted in `types` as well
        self.ambiguous_errors: dict[str, ErrorFacts] = {}
        self.unattributed = 0
        self.no_dyno = ErrorFacts()
        self.no_dyno_codes: dict[str, int] = {}
        self.no_dyno_grid = Grid()
        self.losses: dict[tuple[str, bool], list[int]] = {}  # (L code, this stream) -> [lines, events]
        self.symptoms: dict[IncarnationKey, int] = {}  # H13/H18 that an exit followed at once
        self.shared = SharedFacts()
        self.evidence = EvidenceStore()

    def of(self, key: IncarnationKey) -> IncarnationFacts:
        """The facts of one life, made when first asked for."""
        facts = self.incarnations.get(key)
        if facts is None:
            facts = self.incarnations[key] = IncarnationFacts()
        return facts

    def update(self, other: Facts) -> None:
        """Merge facts counted elsewhere over the same timeline."""
        self.lines += other.lines
        self.unread += other.unread
        self.router_lines += other.router_lines
        for seconds in (other.first, other.last):
            if seconds is not None:
                self.first = seconds if self.first is None else min(self.first, seconds)
                self.last = seconds if self.last is None else max(self.last, seconds)
        for key, incarnation in other.incarnations.items():
            self.of(key).update(incarnation)
        for kind, grid in other.types.items():
            self.types.setdefault(kind, Grid()).update(grid, times=False)
        self.ambiguous += other.ambiguous
        _add(self.ambiguous_requests, other.ambiguous_requests)
        for kind, errors in other.ambiguous_errors.items():
            self.ambiguous_errors.setdefault(kind, ErrorFacts()).update(errors)
        self.unattributed += other.unattributed
        self.no_dyno.update(other.no_dyno)
        _add(self.no_dyno_codes, other.no_dyno_codes)
        self.no_dyno_grid.update(other.no_dyno_grid)
        for loss, (lines, events) in other.losses.items():
            mine = self.losses.setdefault(loss, [0, 0])
            mine[0] += lines
            mine[1] += events
        _add(self.symptoms, other.symptoms)
        self.shared.update(other.shared)
        self.evidence.update(other.evidence)


def _add(into: dict[_K, int], more: dict[_K, int]) -> None:
    for key, n in more.items():
        into[key] = into.get(key, 0) + n
