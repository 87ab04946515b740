"""An incarnation: one dyno under a name, with its own id, from its start to its end, as far as the log shows them.

Times are seconds since 1970. A dyno name such as web.2 passes from one incarnation to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from herodyno.dynos import process_type_of
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, LONGEST_SAMPLE_GAP_SECONDS, PREBOOT_OVERLAP_SECONDS

EndReason: TypeAlias = Literal[
    "crashed", "killed", "cycled", "relocated", "restarted", "deployed", "scaled_down", "idled", "stopped", "completed",
    "failed", "unknown",
]  # fmt: skip
IdSource: TypeAlias = Literal["api+runtime-metrics", "api", "runtime-metrics", "name", "unknown"]

# The lines of a dyno's end may come late by so much. Ours.
_LATE_SECONDS = 10.0
# A dyno may answer requests so long before its state line "to up". Ours.
_UP_TOLD_LATE = 2.0
# The router may send a dyno requests for so long after its exit, or print their lines. Ours.
_LATE_REFUSALS = 5.0
# From SIGTERM to the last line about the end.
STOP_SECONDS = EXIT_TIMEOUT_SECONDS + _LATE_SECONDS
# With preboot the old dyno's last line comes within this time of its successor's start.
PREBOOT_SECONDS = max(PREBOOT_OVERLAP_SECONDS) + STOP_SECONDS
# Two samples of one dyno, the one between them lost. The leeway of 5 s is ours.
_SILENT = 2 * LONGEST_SAMPLE_GAP_SECONDS + 5.0
# Heroku runs two dynos of a name at most, three for moments. Of more at one time none is told from the others. Ours.
MOST_AT_ONCE = 16
# A dyno that the API no longer lists ended within this time of its last line. Ours.
_GONE_AFTER = 60.0


class Incarnation:
    """One incarnation of a name. `start` is None when it began before the first line, `end` while it runs."""

    __slots__ = (
        "after_crash", "after_end", "announced", "asked", "begun", "coded", "codes", "command", "crash_told", "crashed",
        "created", "down", "dyno", "end", "end_reason", "exit_status", "id", "id_source", "made", "number", "release",
        "sampled", "size", "start", "state", "term", "type", "up",
    )  # fmt: skip

    def __init__(self, dyno: str, number: int, start: float | None) -> None:
        self.dyno = dyno
        self.number = number
        self.type = process_type_of(dyno)
        self.start = start
        self.up: float | None = None  # when the state line "to up" came
        self.asked: float | None = None  # when a line first said that Heroku stops it: a word, a state, SIGTERM, R12
        self.term: float | None = None  # when SIGTERM was sent
        self.down: float | None = None  # when the state line "to down" or "to stopping" came
        self.end: float | None = None
        self.exit_status: int | None = None
        self.crash_told = False  # a state line "to crashed" was seen
        self.crashed = False  # by a mark of a crash; see ends.py
        self.made = False  # a state line "to starting" was seen
        self.begun = False  # a line "Starting process" was seen
        self.after_end = False  # a state line says that nothing ran under the name before
        self.after_crash = False  # a state line says that the name had crashed before the log begins
        self.codes: list[str] = []  # R codes about how it ended
        self.coded: float | None = None  # when the last code came that says why a process was killed or could not begin
        self.announced = ""  # restarting, cycling, relocating, idling
        self.end_reason: EndReason | None = None
        self.created: float | None = None  # by the API
        self.id: str | None = None
        self.id_source: IdSource = "unknown"
        self.sampled: float | None = None  # when the runtime metrics last named its id
        self.command = ""  # as its line "Starting process" or the API gives it
        self.release: int | None = None
        self.size = ""
        self.state = ""

    @property
    def key(self) -> tuple[str, int]:
        """(dyno name, number of the incarnation under that name, from 0)."""
        return (self.dyno, self.number)

    @property
    def has_exited(self) -> bool:
        """Whether a line says that its process is gone. An end may also be known from a successor or the API."""
        return self.end is not None and (self.exit_status is not None or self.crash_told)

    @property
    def is_crash_told(self) -> bool:
        """Whether a line of Heroku's says that it crashed or could not begin; an exit status alone does not."""
        return self.crash_told or self.coded is not None

    @property
    def stopping_since(self) -> float | None:
        """When Heroku began to stop it: at SIGTERM, or where that line is missing at the word that announced it."""
        return self.term if self.term is not None else self.asked

    @property
    def listens(self) -> float | None:
        """Not before this time did it answer a request; None when the log does not show when it was up."""
        return None if self.up is None else self.up - _UP_TOLD_LATE

    @property
    def shutdown(self) -> tuple[float, float] | None:
        """From when until when requests can be cut because Heroku stops it; None for a dyno that is not stopped.

        Without the line of the SIGTERM it is at most the time that Heroku gives a dyno to exit.
        """
        since = self.stopping_since
        if since is None or self.crashed:
            return None
        if self.end is None:
            return (since, since + STOP_SECONDS)
        since = since if self.term is not None else max(since, self.end - EXIT_TIMEOUT_SECONDS)
        return (since, self.end + _LATE_REFUSALS)

    @property
    def has_served(self) -> bool:
        """Whether it had been up: a line says so, or it began before the first line."""
        return self.up is not None or self.start is None

    @property
    def never_ran(self) -> bool:
        """Whether Heroku could not start it (R17, R99). There was no process, so no exit of a process."""
        return "R17" in self.codes or ("R99" in self.codes and not self.begun)

    def __repr__(self) -> str:
        return f"Incarnation({self.dyno}#{self.number} id={self.id} {self.start}..{self.end} {self.end_reason})"


def give_ends(incarnations: Sequence[Incarnation], last_seen: float, *, gone: bool) -> None:
    """Give each incarnation of a name the end that can be known. `gone`: the API no longer lists the name."""
    for incarnation, successor in zip(incarnations, [*incarnations[1:], None], strict=False):
        if incarnation.end is not None:
            continue
        if incarnation.term is not None:
            end = incarnation.term + EXIT_TIMEOUT_SECONDS
            incarnation.end = end if successor or end <= last_seen or gone else None
        elif successor is not None:
            beside = _may_run_beside(incarnation, successor, last_seen)
            incarnation.end = None if beside else _left(incarnation, successor)
        elif incarnation.down is not None:
            incarnation.end = incarnation.down + EXIT_TIMEOUT_SECONDS
        elif gone:
            incarnation.end = last_seen + _GONE_AFTER
    for incarnation in incarnations:
        # Two dynos of a name, one without a time in the API, can stand in the wrong order.
        if incarnation.start is not None and incarnation.end is not None:
            incarnation.start = min(incarnation.start, incarnation.end)


def _may_run_beside(incarnation: Incarnation, successor: Incarnation, last_seen: float) -> bool:
    """Whether the old dyno may still serve: its successor is young, and no line says that the old one stopped."""
    if successor.after_end or successor.start is None or last_seen - successor.start >= PREBOOT_SECONDS:
        return False
    return incarnation.sampled is None or last_seen - incarnation.sampled < _SILENT


def _left(incarnation: Incarnation, successor: Incarnation) -> float | None:
    """The end of an incarnation without a last line: its successor's start, or its own last sample if that is later."""
    if incarnation.sampled is None or successor.start is None:
        return successor.start
    return max(incarnation.sampled, successor.start)


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as an aware UTC time."""
    return datetime.fromtimestamp(seconds, UTC)
