"""An incarnation of a dyno name, as a log tells it: when it began, how it ended, and which of its facts are known.

Times are seconds since 1970 here; the pure walk (walk.py) needs nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from herodyno.dynos import process_type_of

if TYPE_CHECKING:
    # Dataclasses take milliseconds to load, and `logs` needs none of them.
    from herodyno.diagnosis.report.row import EndReason, IdSource

# A dyno has 30 s after SIGTERM, then SIGKILL (Dev Center); the lines come up to a few seconds late.
GRACE_SECONDS = 30.0
# With preboot the old dyno gets its SIGTERM 3 to 4 minutes after a release, 4 to 6 after a restart or cycle (Dev
# Center; a release of June 2026: 4 min 11 s). Until then both may serve.
PREBOOT_SECONDS = 400.0
# The longest gap between two samples of one dyno is 35 s (measured), and one line may be lost.
_SILENT = 75.0


class Incarnation:
    """One incarnation of a name. `start` is None when it began before the first line; `end` None while it runs."""

    __slots__ = (
        "after_end", "announced", "begun", "codes", "crashed", "down", "dyno", "end", "end_reason", "exit_status", "id",
        "id_source", "made", "number", "release", "sampled", "size", "start", "state", "term", "type", "up",
    )  # fmt: skip

    def __init__(self, dyno: str, number: int, start: float | None) -> None:
        self.dyno = dyno
        self.number = number
        self.type = process_type_of(dyno)
        self.start = start
        self.up: float | None = None
        self.term: float | None = None
        self.down: float | None = None
        self.end: float | None = None
        self.exit_status: int | None = None
        self.crashed = False
        self.made = False  # a state line "to starting" was seen
        self.begun = False  # a line "Starting process" was seen
        self.after_end = False  # a state line says that nothing ran under the name before
        self.codes: list[str] = []  # R codes about how it ended
        self.announced = ""  # restarting, cycling, idling
        self.end_reason: EndReason | None = None
        self.id: str | None = None
        self.id_source: IdSource = "unknown"
        self.sampled: float | None = None  # when the runtime metrics last named its id
        self.release: int | None = None
        self.size = ""
        self.state = ""

    @property
    def key(self) -> tuple[str, int]:
        """(dyno name, which life of that name)."""
        return (self.dyno, self.number)

    @property
    def has_served(self) -> bool:
        """Whether it had been up: seen so, or begun before the first line."""
        return self.up is not None or self.start is None

    @property
    def never_ran(self) -> bool:
        """Whether the platform could not start it: no process, so no exit of one."""
        return "R17" in self.codes or ("R99" in self.codes and not self.begun)

    def __repr__(self) -> str:
        return f"Life({self.dyno}#{self.number} id={self.id} {self.start}..{self.end} {self.end_reason})"


def give_ends(incarnations: Sequence[Incarnation], last_seen: float, *, gone: bool) -> None:
    """Give each life of a name the end that can be known. `gone`: the API no longer lists this name."""
    for incarnation, successor in zip(incarnations, [*incarnations[1:], None], strict=False):
        if incarnation.end is not None:
            continue
        if incarnation.term is not None:
            end = incarnation.term + GRACE_SECONDS
            incarnation.end = end if successor or end <= last_seen or gone else None
        elif successor is not None:
            incarnation.end = (
                None if _may_run_beside(incarnation, successor, last_seen) else _left(incarnation, successor)
            )
        elif incarnation.down is not None:
            incarnation.end = incarnation.down + GRACE_SECONDS
        elif gone:
            incarnation.end = last_seen + 60.0
    for incarnation in incarnations:  # an API that tells no time of one of two dynos of a name can bend their order
        if incarnation.start is not None and incarnation.end is not None:
            incarnation.start = min(incarnation.start, incarnation.end)


def _may_run_beside(incarnation: Incarnation, successor: Incarnation, last_seen: float) -> bool:
    """Whether the old dyno may still serve: the new one is young, and no line says that the old one was stopped."""
    if successor.after_end or successor.start is None or last_seen - successor.start >= PREBOOT_SECONDS:
        return False
    return incarnation.sampled is None or last_seen - incarnation.sampled < _SILENT


def _left(incarnation: Incarnation, successor: Incarnation) -> float | None:
    """When a life without a last line ended: as its successor began, but not before it was last heard of."""
    if incarnation.sampled is None or successor.start is None:
        return successor.start
    return max(incarnation.sampled, successor.start)
