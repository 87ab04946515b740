"""The boundary lines of one dyno name, read in order of time: which incarnation began when, and how it ended.

The trap is a restart. The old dyno's SIGTERM, R12, SIGKILL and exit 137 are logged under the same name after the
start of the new dyno (15 of 73 real stops overlap so). So an exit belongs to the incarnation that was told to stop,
and only without such a one to the newest. With preboot both run for minutes, and a log can begin while they do.
Then an incarnation that the runtime metrics name later cannot have been stopped before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from herodyno.diagnosis.timeline.boundaries import Boundary, FirstLast
from herodyno.diagnosis.timeline.ids import bind_sampled_id
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.stops import Stops, ask
from herodyno.diagnosis.timeline.succession import STATE_NEAR
from herodyno.dynos import ONE_OFF_TYPES
from herodyno.logs.events import DynoError, Exited, Starting, StateChange, Stopping

_ENDED_STATES = frozenset({"down", "crashed", "created", "provisioning", "complete"})


class Lifecycle(Stops):
    """Takes one name's boundary lines in order of time."""

    def take(self, seconds: float, event: Boundary) -> None:
        """Take in the next boundary line."""
        match event:
            case StateChange():
                own = self._state(seconds, event.before, event.after)
            case Starting():
                own = self._starting(seconds)
            case Stopping():
                own = self.stopping(seconds, event.kind)
            case Exited():
                own = self.exited(seconds, event.status)
            case DynoError():
                own = self.error(seconds, event.code)
        if own is not None:
            self.note(event.line.number, seconds, own)

    def _state(self, seconds: float, before: str, after: str) -> Incarnation | None:
        newest = self.newest_open()
        if after == "starting":
            return self._made(seconds, before, newest)
        if after == "up":
            last = self.incarnations[-1] if self.incarnations else None
            if newest is None and last is not None and last.up is None and self.give_exit_back(last):
                newest = last
            if newest is not None:
                newest.up = seconds
            return newest
        if after in ("down", "stopping"):
            own = self.oldest_open() or self.just_ended(seconds)
            if own is not None:
                own.down = seconds
                ask(own, seconds)
            return own
        if after in ("crashed", "complete"):
            return self.ended_by_state(seconds, before, after)
        return newest

    def _made(self, seconds: float, before: str, newest: Incarnation | None) -> Incarnation:
        fresh = newest is not None and newest.begun and not newest.made and newest.up is None
        if newest is None or not fresh or seconds - (newest.start or 0) > STATE_NEAR:
            newest = self.open(seconds)
        newest.made = True
        newest.after_end = before in _ENDED_STATES
        newest.after_crash = before == "crashed" and newest is self.incarnations[0]
        if before == "up":  # what runs under the name makes room
            for each in self.present[:-1]:
                if each.end is None or (each.exit_status is not None and seconds - each.end <= STATE_NEAR):
                    ask(each, seconds, "restarting")
        return newest

    def _starting(self, seconds: float) -> Incarnation:
        newest = self.newest_open()
        # An attached one-off dyno is up, then waits for its client, then starts the command.
        is_next = newest is not None and (not newest.made or newest.up is not None) and newest.type not in ONE_OFF_TYPES
        if newest is None or newest.begun or is_next:
            newest = self.open(seconds)
        newest.begun = True
        return newest


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
        of_name.forget_before(seconds)
        if isinstance(step, str):
            bind_sampled_id(of_name, step, ids[step])
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
