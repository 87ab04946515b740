"""The boundary lines of one dyno name, read in order of time: which incarnation began when, and how it ended.

The trap is a restart. The old dyno's SIGTERM, R12, SIGKILL and exit 137 are logged under the same name after the
start of the new dyno (15 of 73 real stops overlap so). So an exit belongs to the incarnation that was told to stop,
and only without such a one to the newest. With preboot both run for minutes, and a log can begin while they do.
Then an incarnation that the runtime metrics name later cannot have been stopped before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from herodyno.diagnosis.timeline.boundaries import Boundary, FirstLast
from herodyno.diagnosis.timeline.incarnations import PREBOOT_SECONDS, STOP_SECONDS, Incarnation
from herodyno.dynos import ONE_OFF_TYPES
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, FIRST_SAMPLE_SECONDS
from herodyno.logs.codes.table import row_of
from herodyno.logs.events import DynoError, Exited, Starting, StateChange, Stopping

# No sample comes sooner after the start. The leeway of 5 s is ours.
_FIRST_SAMPLE = min(FIRST_SAMPLE_SECONDS) - 5.0
# After the exit of a dyno that was told to stop, all its other lines are logged within this time. Ours.
_AFTERMATH = 5.0
# A state line is printed 4 ms to 1.6 s after the exit that it reports, and sometimes before (108 real pairs). Ours.
_STATE_NEAR = 2.0

_ENDED_STATES = frozenset({"down", "crashed", "created", "provisioning", "complete"})
# 128 + 15: the process obeyed a SIGTERM, whether or not the line of that SIGTERM was seen.
_BY_SIGTERM = 143


class Lifecycle:
    """Takes one name's boundary lines in order of time and keeps the incarnations, oldest first.

    `of_line` gives the incarnation of each boundary line by the line's number. `first_seen` is when any line
    first named the dyno, None when no line did.
    """

    def __init__(self, dyno: str, first_seen: float | None = None) -> None:
        self.dyno = dyno
        self.first_seen = first_seen
        self.incarnations: list[Incarnation] = []
        self.of_line: dict[int, Incarnation] = {}
        self._announced = ""

    def begin_before_the_window(self) -> None:
        """An incarnation runs when the log begins."""
        self._open(None)

    def take(self, seconds: float, event: Boundary) -> None:
        """Take in the next boundary line."""
        match event:
            case StateChange():
                own = self._state(seconds, event.before, event.after)
            case Starting():
                own = self._starting(seconds)
            case Stopping():
                own = self._stopping(seconds, event.kind)
            case Exited():
                own = self._exited(seconds, event.status)
            case DynoError():
                own = self._error(seconds, event.code)
        if own is not None:
            self.of_line[event.line.number] = own

    def take_id(self, dyno_id: str, seen: FirstLast) -> None:
        """Bind a dyno id of the runtime metrics to the incarnation that must bear it, or to a new one."""
        free = [each for each in self.incarnations if each.id is None and (each.end is None or each.end > seen.first)]
        settled = [each for each in free if each.start is None or each.start <= seen.first - _FIRST_SAMPLE]
        own = settled[-1] if settled else free[0] if free else None
        if own is None:
            previous = self._newest_open()
            overlaps = previous is not None and (previous.sampled or 0.0) > seen.first
            if previous is not None and not overlaps:
                known = previous.sampled or seen.first
                previous.end = min(seen.first, max(known, previous.start or known))
            # When two ids are sampled in turn from the first minute on, the second may be as old as the log as well.
            is_old = overlaps and self._is_near_the_beginning(seen.first, EXIT_TIMEOUT_SECONDS)
            own = self._open(None if is_old else seen.first)
        own.id, own.id_source, own.sampled = dyno_id, "runtime-metrics", seen.last

    def _is_near_the_beginning(self, seconds: float, reach: float) -> bool:
        return self.first_seen is not None and seconds - self.first_seen < reach

    def _unless_sampled_later(self, own: Incarnation, seconds: float, after: float) -> Incarnation:
        """`own`, unless the runtime metrics still name it when it would be gone: then an older, unseen incarnation."""
        stopped_before = any(each.term is not None for each in self.incarnations)
        is_early = self._is_near_the_beginning(seconds, PREBOOT_SECONDS)
        if (own.sampled or 0.0) <= seconds + after or stopped_before or not is_early:
            return own
        unseen = Incarnation(self.dyno, 0, None)
        self.incarnations.insert(self.incarnations.index(own), unseen)
        for number, each in enumerate(self.incarnations):
            each.number = number
        return unseen

    def continue_unseen(self, last: float) -> None:
        """Lines go on after the only dyno of the name stopped, without a start: another ran beside it (preboot)."""
        only = self.incarnations[0]
        if len(self.incarnations) > 1 or only.term is None or only.end is None or last <= only.end + _AFTERMATH:
            return
        beside = not only.announced and self._is_near_the_beginning(only.term, PREBOOT_SECONDS)
        self._open(None if beside else only.end)

    def _open(self, start: float | None) -> Incarnation:
        incarnation = Incarnation(self.dyno, len(self.incarnations), start)
        self.incarnations.append(incarnation)
        return incarnation

    def _newest_open(self) -> Incarnation | None:
        return self.incarnations[-1] if self.incarnations and self.incarnations[-1].end is None else None

    def _oldest_open(self) -> Incarnation | None:
        return next((each for each in self.incarnations if each.end is None), None)

    def _stopping_at(self, seconds: float) -> Incarnation | None:
        for each in self.incarnations:
            if each.end is None and each.term is not None and seconds - each.term <= STOP_SECONDS:
                return each
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
            oldest = self._oldest_open()
            if oldest is not None:
                oldest.down = seconds
                oldest.announced = oldest.announced or self._announced
            return oldest
        if after in ("crashed", "complete"):
            return self._ended_by_state(seconds, before, after)
        return newest

    def _ended_by_state(self, seconds: float, before: str, after: str) -> Incarnation | None:
        if before == "starting":
            self._take_exit_from_the_stopping(seconds)
        near = [
            each
            for each in self.incarnations
            if each.end is not None and abs(seconds - each.end) <= _STATE_NEAR and each.term is None
        ]
        newest = self._newest_open()
        if newest is not None and newest.after_end:
            near = []  # a state line reported the crash of the former dyno already
        own = near[-1] if near else newest
        if own is None:
            return None
        own.crashed = after == "crashed"
        if own.end is None:
            own.end = seconds
        return own

    def _take_exit_from_the_stopping(self, seconds: float) -> None:
        """Give an exit to the booting dyno. It was taken for the exit of the old dyno, which is stopping."""
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
        if kind in ("restarting", "cycling", "idling"):
            self._announced = kind
            return self._oldest_open()
        if kind == "unidling":
            self._announced = ""
            return None
        if kind == "sigkill":
            return self._stopping_at(seconds) or self._newest_open()
        waiting = [each for each in self.incarnations if each.end is None and each.term is None]
        if not waiting:
            return None
        served = [each for each in waiting if each.has_served] or waiting[:1]
        stopped = next((each for each in served if (each.sampled or 0.0) <= seconds + STOP_SECONDS), served[0])
        own = self._unless_sampled_later(stopped, seconds, STOP_SECONDS)
        own.term = seconds
        own.announced = self._announced
        self._announced = ""
        return own

    def _error(self, seconds: float, code: str) -> Incarnation | None:
        is_of_old = row_of(code).speaks_of == "old"
        own = self._stopping_at(seconds) or self._not_stopped_in_time(seconds) if is_of_old else None
        own = own or self._newest_open()
        if own is not None:
            own.codes.append(code)
            if is_of_old and own.term is None:  # the code means that SIGTERM was sent, here before the log begins
                own.term = seconds - EXIT_TIMEOUT_SECONDS
        return own

    def _not_stopped_in_time(self, seconds: float) -> Incarnation | None:
        """The incarnation of an R12 when none is stopping: one that has just ended, else the oldest that runs."""
        ended = [
            each
            for each in self.incarnations
            if each.term is not None and abs(seconds - (each.end or 0)) <= _STATE_NEAR
        ]
        own = ended[-1] if ended else self._oldest_open()
        return self._unless_sampled_later(own, seconds, _AFTERMATH) if own is not None else None

    def _exited(self, seconds: float, status: int | None) -> Incarnation:
        reported: Incarnation | None = None  # by a state line that was printed before the exit
        for each in self.incarnations:
            is_open_question = each.end is not None and each.exit_status is None and not each.never_ran
            if is_open_question and abs(seconds - (each.end or 0.0)) <= _STATE_NEAR:
                reported = each
        stopping = self._stopping_at(seconds)
        if stopping is not None and status == _BY_SIGTERM:
            reported = None  # this exit obeys the SIGTERM. It is not of the booting dyno that has just crashed.
        own = reported or stopping or self._newest_open()
        if own is not None and status == _BY_SIGTERM:
            own = self._unless_sampled_later(own, seconds, _AFTERMATH)
        if own is None or (own.exit_status is not None and own.end is not None):
            own = self._open(self.incarnations[-1].end if self.incarnations else None)
        own.exit_status = status
        own.end = seconds
        if own.term is None and status != _BY_SIGTERM and own.type not in ONE_OFF_TYPES:
            own.crashed = True
        return own


def lifecycle(
    dyno: str, boundaries: Iterable[tuple[float, Boundary]], ids: Mapping[str, FirstLast], seen: FirstLast
) -> Lifecycle:
    """Read the incarnations of one name.

    `boundaries` are (seconds, event) in order of time, `ids` the dyno ids of the name's metric lines. `seen` is when
    any line named the dyno, first and last.
    """
    steps: list[tuple[float, int, Boundary | str]] = [(at, 0, event) for at, event in boundaries]
    steps += [(span.first, 1, dyno_id) for dyno_id, span in ids.items()]
    steps.sort(key=lambda step: step[:2])
    of_name = Lifecycle(dyno, seen.first)
    if not steps or steps[0][0] > seen.first + 1.0 or _implies_an_earlier_incarnation(steps[0][2]):
        of_name.begin_before_the_window()
    for seconds, _, step in steps:
        if isinstance(step, str):
            of_name.take_id(step, ids[step])
        else:
            of_name.take(seconds, step)
    if not of_name.incarnations:  # the only line of the name says "Unidling"
        of_name.begin_before_the_window()
    of_name.continue_unseen(seen.last)
    return of_name


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
