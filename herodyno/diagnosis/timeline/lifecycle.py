"""The lives of one dyno name, read from its boundary lines: which incarnation began when and how it ended.

The trap: on a restart the old dyno's SIGTERM, R12, SIGKILL and exit 137 are logged under the same
name after the new one's start. So an exit belongs to the life that was told to stop, and only
without one to the newest (specification of facts, section 5; 15 of 73 real stops overlap so). With
preboot both run for minutes, and a log can begin while they do: then what the runtime metrics name
later cannot have been stopped before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from herodyno.diagnosis.timeline.boundaries import Boundary, FirstLast
from herodyno.diagnosis.timeline.incarnations import GRACE_SECONDS, PREBOOT_SECONDS, Incarnation
from herodyno.dynos import ONE_OFF_TYPES
from herodyno.logs.events import DynoError, Exited, Starting, StateChange, Stopping

_STOP_REACH = 40.0
# The first runtime-metrics line comes 15 to 45 s after the start (three real cases: 15.7, 16.0, 29.7 s).
_FIRST_SAMPLE = 10.0
# Of a dyno that was told to stop everything is logged this long after its exit.
_AFTERMATH = 5.0
# A state line is printed 4 ms to 1.6 s after the exit it speaks of, and sometimes before (108 real pairs).
_STATE_NEAR = 2.0

_ENDED_STATES = frozenset({"down", "crashed", "created", "provisioning", "complete"})
# 128 + 15: it obeyed a SIGTERM, whether or not that line was seen.
_BY_SIGTERM = 143


class Walk:
    """Goes through one name's boundary lines in order of time and keeps its lives.

    `of_line` tells to which life each boundary line (by its number) belongs; `first_seen` is when any
    line first named this dyno, None when none did.
    """

    def __init__(self, dyno: str, first_seen: float | None = None) -> None:
        self.dyno = dyno
        self.first_seen = first_seen
        self.incarnations: list[Incarnation] = []
        self.of_line: dict[int, Incarnation] = {}
        self._announced = ""

    def begin_before_the_window(self) -> None:
        """The log starts mid-life."""
        self._open(None)

    def take(self, seconds: float, event: Boundary) -> None:
        """Take in the next boundary line."""
        match event:
            case StateChange():
                incarnation = self._state(seconds, event.before, event.after)
            case Starting():
                incarnation = self._starting(seconds)
            case Stopping():
                incarnation = self._stopping(seconds, event.kind)
            case Exited():
                incarnation = self._exited(seconds, event.status)
            case DynoError():
                incarnation = self._error(seconds, event.code)
        if incarnation is not None:
            self.of_line[event.line.number] = incarnation

    def take_id(self, dyno_id: str, seen: FirstLast) -> None:
        """A dyno id is seen for the first time: bind it to the life it must be, or open one."""
        free = [
            incarnation
            for incarnation in self.incarnations
            if incarnation.id is None and (incarnation.end is None or incarnation.end > seen.first)
        ]
        settled = [
            incarnation
            for incarnation in free
            if incarnation.start is None or incarnation.start <= seen.first - _FIRST_SAMPLE
        ]
        incarnation = settled[-1] if settled else free[0] if free else None
        if incarnation is None:
            previous = self._newest_open()
            overlaps = previous is not None and (previous.sampled or 0.0) > seen.first
            if previous is not None and not overlaps:
                known = previous.sampled or seen.first
                previous.end = min(seen.first, max(known, previous.start or known))
            # Where two are sampled in turn from the first minute on, the second may be as old as the log, too.
            incarnation = self._open(
                None if overlaps and self._is_near_the_beginning(seen.first, GRACE_SECONDS) else seen.first
            )
        incarnation.id, incarnation.id_source, incarnation.sampled = dyno_id, "runtime-metrics", seen.last

    def _is_near_the_beginning(self, seconds: float, reach: float) -> bool:
        return self.first_seen is not None and seconds - self.first_seen < reach

    def _unless_it_lives(self, incarnation: Incarnation, seconds: float, after: float) -> Incarnation:
        """The life, or an older one not seen otherwise: the metrics name this one when it would have been gone."""
        told_before = any(each.term is not None for each in self.incarnations)
        is_early = self._is_near_the_beginning(seconds, PREBOOT_SECONDS)
        if (incarnation.sampled or 0.0) <= seconds + after or told_before or not is_early:
            return incarnation
        unseen = Incarnation(self.dyno, 0, None)
        self.incarnations.insert(self.incarnations.index(incarnation), unseen)
        for number, each in enumerate(self.incarnations):
            each.number = number
        return unseen

    def continue_unseen(self, last: float) -> None:
        """Lines go on under a name whose only dyno was stopped, without a start: another ran beside it (preboot)."""
        incarnation = self.incarnations[0]
        if (
            len(self.incarnations) > 1
            or incarnation.term is None
            or incarnation.end is None
            or last <= incarnation.end + _AFTERMATH
        ):
            return
        beside = not incarnation.announced and self._is_near_the_beginning(incarnation.term, PREBOOT_SECONDS)
        self._open(None if beside else incarnation.end)

    def _open(self, start: float | None) -> Incarnation:
        incarnation = Incarnation(self.dyno, len(self.incarnations), start)
        self.incarnations.append(incarnation)
        return incarnation

    def _newest_open(self) -> Incarnation | None:
        return self.incarnations[-1] if self.incarnations and self.incarnations[-1].end is None else None

    def _stopping_at(self, seconds: float) -> Incarnation | None:
        for incarnation in self.incarnations:
            if incarnation.end is None and incarnation.term is not None and seconds - incarnation.term <= _STOP_REACH:
                return incarnation
        return None

    def _state(self, seconds: float, before: str, after: str) -> Incarnation | None:
        newest = self._newest_open()
        if after == "starting":
            fresh = newest is not None and newest.begun and not newest.made and newest.up is None
            if newest is None or not fresh or seconds - (newest.start or 0) > _STATE_NEAR:
                newest = self._open(seconds)
            newest.made = True
            newest.after_end = before in _ENDED_STATES
            return newest
        if after == "up" and newest is not None:
            newest.up = seconds
            return newest
        if after == "down":
            old = next((incarnation for incarnation in self.incarnations if incarnation.end is None), None)
            if old is not None:
                old.down = seconds
                old.announced = old.announced or self._announced
            return old
        if after in ("crashed", "complete"):
            return self._ended_by_state(seconds, before, after)
        return newest

    def _ended_by_state(self, seconds: float, before: str, after: str) -> Incarnation | None:
        if before == "starting":
            self._take_exit_from_the_stopping(seconds)
        near = [
            incarnation
            for incarnation in self.incarnations
            if incarnation.end is not None
            and abs(seconds - incarnation.end) <= _STATE_NEAR
            and incarnation.term is None
        ]
        newest = self._newest_open()
        if newest is not None and newest.after_end:
            near = []  # the crash of the one before it was told already
        incarnation = near[-1] if near else newest
        if incarnation is None:
            return None
        incarnation.crashed = after == "crashed"
        if incarnation.end is None:
            incarnation.end = seconds
        return incarnation

    def _take_exit_from_the_stopping(self, seconds: float) -> None:
        """An exit was taken for the old dyno's, which stops; now the booting one turns out to have crashed."""
        newest = self._newest_open()
        if newest is None or newest.up is not None:
            return
        for old in self.incarnations[:-1]:
            is_near = old.end is not None and abs(seconds - old.end) <= _STATE_NEAR
            if old.term is not None and is_near and old.exit_status != _BY_SIGTERM:
                newest.end, newest.exit_status = old.end, old.exit_status
                old.end = old.exit_status = None

    def _starting(self, seconds: float) -> Incarnation:
        newest = self._newest_open()
        # An attached one-off dyno is up, then waits for its client, then starts the command.
        is_next = newest is not None and (not newest.made or newest.up is not None) and newest.type not in ONE_OFF_TYPES
        if newest is None or newest.begun or is_next:
            newest = self._open(seconds)
        newest.begun = True
        return newest

    def _stopping(self, seconds: float, kind: str) -> Incarnation | None:
        open_incarnations = [incarnation for incarnation in self.incarnations if incarnation.end is None]
        if kind in ("restarting", "cycling", "idling"):
            self._announced = kind
            return open_incarnations[0] if open_incarnations else None
        if kind == "unidling":
            self._announced = ""
            return None
        if kind == "sigkill":
            return self._stopping_at(seconds) or self._newest_open()
        waiting = [incarnation for incarnation in open_incarnations if incarnation.term is None]
        if not waiting:
            return None
        served = [incarnation for incarnation in waiting if incarnation.has_served] or waiting[:1]
        stopped = next(
            (incarnation for incarnation in served if (incarnation.sampled or 0.0) <= seconds + _STOP_REACH), served[0]
        )
        incarnation = self._unless_it_lives(stopped, seconds, _STOP_REACH)
        incarnation.term = seconds
        incarnation.announced = self._announced
        self._announced = ""
        return incarnation

    def _error(self, seconds: float, code: str) -> Incarnation | None:
        incarnation = self._stopping_at(seconds) if code == "R12" else None
        if code == "R12" and incarnation is None:
            told = [
                incarnation
                for incarnation in self.incarnations
                if incarnation.term is not None and abs(seconds - (incarnation.end or 0)) <= _STATE_NEAR
            ]
            incarnation = (
                told[-1]
                if told
                else next((incarnation for incarnation in self.incarnations if incarnation.end is None), None)
            )
            incarnation = self._unless_it_lives(incarnation, seconds, _AFTERMATH) if incarnation is not None else None
        incarnation = incarnation or self._newest_open()
        if incarnation is not None:
            incarnation.codes.append(code)
            if code == "R12" and incarnation.term is None:  # R12 says that a SIGTERM was sent before the log begins
                incarnation.term = seconds - GRACE_SECONDS
        return incarnation

    def _exited(self, seconds: float, status: int | None) -> Incarnation:
        told: Incarnation | None = None  # by a state line that was printed before
        for each in self.incarnations:
            is_open_question = each.end is not None and each.exit_status is None and not each.never_ran
            if is_open_question and abs(seconds - (each.end or 0.0)) <= _STATE_NEAR:
                told = each
        stopping = self._stopping_at(seconds)
        if stopping is not None and status == _BY_SIGTERM:
            told = None  # one was told to stop, and obeyed: it is not the booting one that has just crashed
        incarnation = told or stopping or self._newest_open()
        if incarnation is not None and status == _BY_SIGTERM:
            incarnation = self._unless_it_lives(incarnation, seconds, _AFTERMATH)
        if incarnation is None or (incarnation.exit_status is not None and incarnation.end is not None):
            incarnation = self._open(self.incarnations[-1].end if self.incarnations else None)
        incarnation.exit_status = status
        incarnation.end = seconds
        if incarnation.term is None and status != _BY_SIGTERM and incarnation.type not in ONE_OFF_TYPES:
            incarnation.crashed = True
        return incarnation


def walk(
    dyno: str, boundaries: Iterable[tuple[float, Boundary]], ids: Mapping[str, FirstLast], seen: FirstLast
) -> Walk:
    """Read one name's lives. `boundaries` in order of time; `ids` the dyno ids of its metric lines."""
    steps: list[tuple[float, int, Boundary | str]] = [(at, 0, event) for at, event in boundaries]
    steps += [(span.first, 1, dyno_id) for dyno_id, span in ids.items()]
    steps.sort(key=lambda step: step[:2])
    walked = Walk(dyno, seen.first)
    if not steps or steps[0][0] > seen.first + 1.0 or _implies_an_earlier_incarnation(steps[0][2]):
        walked.begin_before_the_window()
    for seconds, _, step in steps:
        if isinstance(step, str):
            walked.take_id(step, ids[step])
        else:
            walked.take(seconds, step)
    if not walked.incarnations:  # a name of which only "Unidling" was said
        walked.begin_before_the_window()
    walked.continue_unseen(seen.last)
    return walked


def _implies_an_earlier_incarnation(first: Boundary | str) -> bool:
    match first:
        case Stopping(kind=kind):
            return kind != "unidling"
        case StateChange(before=before):
            return before in ("up", "starting")
        case Starting():
            return False
        case _:
            return True
