"""The lives of one dyno name, read from its boundary lines: which incarnation began when and how it ended.

The trap: on a restart the old dyno's SIGTERM, R12, SIGKILL and exit 137 are logged under the same
name after the new one's start. So an exit belongs to the life that was told to stop, and only
without one to the newest (specification of facts, section 5; 15 of 73 real stops overlap so). With
preboot both run for minutes, and a log can begin while they do: then what the runtime metrics name
later cannot have been stopped before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from herodyno.diagnosis.timeline.boundaries import Boundary, Seen
from herodyno.diagnosis.timeline.incarnations import GRACE_SECONDS, PREBOOT_SECONDS, Life
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
        self.lives: list[Life] = []
        self.of_line: dict[int, Life] = {}
        self._announced = ""

    def begin_before_the_window(self) -> None:
        """The log starts mid-life."""
        self._open(None)

    def take(self, seconds: float, event: Boundary) -> None:
        """Take in the next boundary line."""
        match event:
            case StateChange():
                life = self._state(seconds, event.before, event.after)
            case Starting():
                life = self._starting(seconds)
            case Stopping():
                life = self._stopping(seconds, event.kind)
            case Exited():
                life = self._exited(seconds, event.status)
            case DynoError():
                life = self._error(seconds, event.code)
        if life is not None:
            self.of_line[event.line.number] = life

    def take_id(self, dyno_id: str, seen: Seen) -> None:
        """A dyno id is seen for the first time: bind it to the life it must be, or open one."""
        free = [life for life in self.lives if life.id is None and (life.end is None or life.end > seen.first)]
        settled = [life for life in free if life.start is None or life.start <= seen.first - _FIRST_SAMPLE]
        life = settled[-1] if settled else free[0] if free else None
        if life is None:
            previous = self._newest_open()
            overlaps = previous is not None and (previous.sampled or 0.0) > seen.first
            if previous is not None and not overlaps:
                known = previous.sampled or seen.first
                previous.end = min(seen.first, max(known, previous.start or known))
            # Where two are sampled in turn from the first minute on, the second may be as old as the log, too.
            life = self._open(
                None if overlaps and self._is_near_the_beginning(seen.first, GRACE_SECONDS) else seen.first
            )
        life.id, life.id_source, life.sampled = dyno_id, "runtime-metrics", seen.last

    def _is_near_the_beginning(self, seconds: float, reach: float) -> bool:
        return self.first_seen is not None and seconds - self.first_seen < reach

    def _unless_it_lives(self, life: Life, seconds: float, after: float) -> Life:
        """The life, or an older one not seen otherwise: the metrics name this one when it would have been gone."""
        told_before = any(each.term is not None for each in self.lives)
        is_early = self._is_near_the_beginning(seconds, PREBOOT_SECONDS)
        if (life.sampled or 0.0) <= seconds + after or told_before or not is_early:
            return life
        unseen = Life(self.dyno, 0, None)
        self.lives.insert(self.lives.index(life), unseen)
        for number, each in enumerate(self.lives):
            each.number = number
        return unseen

    def continue_unseen(self, last: float) -> None:
        """Lines go on under a name whose only dyno was stopped, without a start: another ran beside it (preboot)."""
        life = self.lives[0]
        if len(self.lives) > 1 or life.term is None or life.end is None or last <= life.end + _AFTERMATH:
            return
        beside = not life.announced and self._is_near_the_beginning(life.term, PREBOOT_SECONDS)
        self._open(None if beside else life.end)

    def _open(self, start: float | None) -> Life:
        life = Life(self.dyno, len(self.lives), start)
        self.lives.append(life)
        return life

    def _newest_open(self) -> Life | None:
        return self.lives[-1] if self.lives and self.lives[-1].end is None else None

    def _stopping_at(self, seconds: float) -> Life | None:
        for life in self.lives:
            if life.end is None and life.term is not None and seconds - life.term <= _STOP_REACH:
                return life
        return None

    def _state(self, seconds: float, before: str, after: str) -> Life | None:
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
            old = next((life for life in self.lives if life.end is None), None)
            if old is not None:
                old.down = seconds
                old.announced = old.announced or self._announced
            return old
        if after in ("crashed", "complete"):
            return self._ended_by_state(seconds, before, after)
        return newest

    def _ended_by_state(self, seconds: float, before: str, after: str) -> Life | None:
        if before == "starting":
            self._take_exit_from_the_stopping(seconds)
        near = [
            life
            for life in self.lives
            if life.end is not None and abs(seconds - life.end) <= _STATE_NEAR and life.term is None
        ]
        newest = self._newest_open()
        if newest is not None and newest.after_end:
            near = []  # the crash of the one before it was told already
        life = near[-1] if near else newest
        if life is None:
            return None
        life.crashed = after == "crashed"
        if life.end is None:
            life.end = seconds
        return life

    def _take_exit_from_the_stopping(self, seconds: float) -> None:
        """An exit was taken for the old dyno's, which stops; now the booting one turns out to have crashed."""
        newest = self._newest_open()
        if newest is None or newest.up is not None:
            return
        for old in self.lives[:-1]:
            is_near = old.end is not None and abs(seconds - old.end) <= _STATE_NEAR
            if old.term is not None and is_near and old.exit_status != _BY_SIGTERM:
                newest.end, newest.exit_status = old.end, old.exit_status
                old.end = old.exit_status = None

    def _starting(self, seconds: float) -> Life:
        newest = self._newest_open()
        # An attached one-off dyno is up, then waits for its client, then starts the command.
        is_next = newest is not None and (not newest.made or newest.up is not None) and newest.type not in ONE_OFF_TYPES
        if newest is None or newest.begun or is_next:
            newest = self._open(seconds)
        newest.begun = True
        return newest

    def _stopping(self, seconds: float, kind: str) -> Life | None:
        open_lives = [life for life in self.lives if life.end is None]
        if kind in ("restarting", "cycling", "idling"):
            self._announced = kind
            return open_lives[0] if open_lives else None
        if kind == "unidling":
            self._announced = ""
            return None
        if kind == "sigkill":
            return self._stopping_at(seconds) or self._newest_open()
        waiting = [life for life in open_lives if life.term is None]
        if not waiting:
            return None
        served = [life for life in waiting if life.has_served] or waiting[:1]
        stopped = next((life for life in served if (life.sampled or 0.0) <= seconds + _STOP_REACH), served[0])
        life = self._unless_it_lives(stopped, seconds, _STOP_REACH)
        life.term = seconds
        life.announced = self._announced
        self._announced = ""
        return life

    def _error(self, seconds: float, code: str) -> Life | None:
        life = self._stopping_at(seconds) if code == "R12" else None
        if code == "R12" and life is None:
            told = [
                life for life in self.lives if life.term is not None and abs(seconds - (life.end or 0)) <= _STATE_NEAR
            ]
            life = told[-1] if told else next((life for life in self.lives if life.end is None), None)
            life = self._unless_it_lives(life, seconds, _AFTERMATH) if life is not None else None
        life = life or self._newest_open()
        if life is not None:
            life.codes.append(code)
            if code == "R12" and life.term is None:  # R12 says that a SIGTERM was sent before the log begins
                life.term = seconds - GRACE_SECONDS
        return life

    def _exited(self, seconds: float, status: int | None) -> Life:
        told: Life | None = None  # by a state line that was printed before
        for each in self.lives:
            is_open_question = each.end is not None and each.exit_status is None and not each.never_ran
            if is_open_question and abs(seconds - (each.end or 0.0)) <= _STATE_NEAR:
                told = each
        stopping = self._stopping_at(seconds)
        if stopping is not None and status == _BY_SIGTERM:
            told = None  # one was told to stop, and obeyed: it is not the booting one that has just crashed
        life = told or stopping or self._newest_open()
        if life is not None and status == _BY_SIGTERM:
            life = self._unless_it_lives(life, seconds, _AFTERMATH)
        if life is None or (life.exit_status is not None and life.end is not None):
            life = self._open(self.lives[-1].end if self.lives else None)
        life.exit_status = status
        life.end = seconds
        if life.term is None and status != _BY_SIGTERM and life.type not in ONE_OFF_TYPES:
            life.crashed = True
        return life


def walk(dyno: str, boundaries: Iterable[tuple[float, Boundary]], ids: Mapping[str, Seen], seen: Seen) -> Walk:
    """Read one name's lives. `boundaries` in order of time; `ids` the dyno ids of its metric lines."""
    steps: list[tuple[float, int, Boundary | str]] = [(at, 0, event) for at, event in boundaries]
    steps += [(span.first, 1, dyno_id) for dyno_id, span in ids.items()]
    steps.sort(key=lambda step: step[:2])
    walked = Walk(dyno, seen.first)
    if not steps or steps[0][0] > seen.first + 1.0 or _implies_an_earlier_life(steps[0][2]):
        walked.begin_before_the_window()
    for seconds, _, step in steps:
        if isinstance(step, str):
            walked.take_id(step, ids[step])
        else:
            walked.take(seconds, step)
    if not walked.lives:  # a name of which only "Unidling" was said
        walked.begin_before_the_window()
    walked.continue_unseen(seen.last)
    return walked


def _implies_an_earlier_life(first: Boundary | str) -> bool:
    match first:
        case Stopping(kind=kind):
            return kind != "unidling"
        case StateChange(before=before):
            return before in ("up", "starting")
        case Starting():
            return False
        case _:
            return True
