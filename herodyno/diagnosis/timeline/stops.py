"""How the incarnations of one name are told to stop, are killed and exit: whose is a SIGTERM, an R code, an exit?"""

from __future__ import annotations

from herodyno.diagnosis.timeline.incarnations import PREBOOT_SECONDS, STOP_SECONDS, Incarnation
from herodyno.diagnosis.timeline.succession import AFTERMATH, STATE_NEAR, Succession
from herodyno.dynos import ONE_OFF_TYPES
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS
from herodyno.logs.codes.exits import BY_SIGTERM
from herodyno.logs.codes.table import row_of
from herodyno.logs.events import StopKind


class Stops(Succession):
    """Takes the lines about ends."""

    def stopping(self, seconds: float, kind: StopKind) -> Incarnation | None:
        if kind == "unidling":
            return None
        if kind == "sigkill":
            return self.stopping_at(seconds) or self.newest_open()
        if kind != "sigterm":
            own = self.next_to_stop() or self.just_ended(seconds)
            if own is not None:
                ask(own, seconds, kind)
            return own
        waiting = [each for each in self.present if each.end is None and each.term is None]
        # After R10 or R15 Heroku sends SIGKILL at once: the line was cut off before the signal's name.
        waiting = [each for each in waiting if each.coded is None or seconds - each.coded > STATE_NEAR]
        if not waiting:
            return self._still_stopping(seconds)
        # One that was to make room long ago has gone: the lines of its end are lost.
        waiting = [each for each in waiting if each.asked is None or seconds - each.asked <= PREBOOT_SECONDS] or waiting
        served = [each for each in waiting if each.has_served] or waiting[:1]
        stopped = next((each for each in served if (each.sampled or 0.0) <= seconds + STOP_SECONDS), served[0])
        own = self.unless_sampled_later(stopped, seconds, STOP_SECONDS)
        own.term = seconds
        self.has_stopped = True
        ask(own, seconds)
        return own

    def _still_stopping(self, seconds: float) -> Incarnation | None:
        """The one-off dyno whose state is complete already when Heroku sends SIGTERM: its exit is still to come."""
        own = self.just_ended(seconds)
        if own is None or own.exit_status is not None or own.crash_told or own.type not in ONE_OFF_TYPES:
            return None
        own.term, own.end = seconds, None
        self.has_stopped = True
        ask(own, seconds)
        return own

    def error(self, seconds: float, code: str) -> Incarnation | None:
        is_of_old = row_of(code).speaks_of == "old"
        own = self.stopping_at(seconds) or self._not_stopped_in_time(seconds) if is_of_old else None
        own = own or self.newest_open() or self._crashed_before_its_exit(seconds)
        if own is not None:
            own.codes.append(code)
            if not is_of_old:
                own.coded = seconds
            elif own.term is None:  # the code means that SIGTERM was sent, here before the log begins
                own.term = seconds - EXIT_TIMEOUT_SECONDS
                self.has_stopped = True
                own.asked = own.asked if own.asked is not None else own.term
        return own

    def _not_stopped_in_time(self, seconds: float) -> Incarnation | None:
        """The incarnation of an R12 when none is stopping: one that has just ended, else the oldest that runs."""
        ended = [
            each for each in self.present if each.term is not None and abs(seconds - (each.end or 0)) <= STATE_NEAR
        ]
        own = ended[-1] if ended else self.oldest_open()
        return self.unless_sampled_later(own, seconds, AFTERMATH) if own is not None else None

    def _crashed_before_its_exit(self, seconds: float) -> Incarnation | None:
        """The incarnation that a state line told crashed, and whose exit is still to come.

        An archive with times of whole seconds shows the state line before the R10 that it follows.
        """
        own = self.just_ended(seconds)
        return own if own is not None and own.crash_told and own.exit_status is None else None

    def exited(self, seconds: float, status: int | None) -> Incarnation:
        reported: Incarnation | None = None  # by a state line that was printed before the exit
        for each in self.present:
            is_open_question = each.end is not None and each.exit_status is None and not each.never_ran
            if is_open_question and abs(seconds - (each.end or 0.0)) <= STATE_NEAR:
                reported = each
        stopping = self.stopping_at(seconds) or self.leaving_at(seconds)
        if stopping is not None and status == BY_SIGTERM:
            reported = None  # this exit obeys the SIGTERM. It is not of the booting dyno that has just crashed.
        own = reported or stopping or self.newest_open()
        if own is not None and status == BY_SIGTERM:
            own = self.unless_sampled_later(own, seconds, AFTERMATH)
        if own is None or (own.exit_status is not None and own.end is not None):
            own = self.open(self.incarnations[-1].end if self.incarnations else None)
        own.exit_status = status
        own.end = seconds
        return own

    def ended_by_state(self, seconds: float, before: str, after: str) -> Incarnation | None:
        if after == "crashed":
            self._take_exit_from_the_stopping(seconds, before)
        near = [
            each
            for each in self.present
            if each.end is not None and abs(seconds - each.end) <= STATE_NEAR and each.asked is None
        ]
        newest = self.newest_open()
        if newest is not None and newest.after_end:
            near = []  # a state line reported the crash of the former dyno already
        own = near[-1] if near else newest
        if own is None:
            return None
        own.crash_told = after == "crashed"
        if own.end is None:
            own.end = seconds
        return own

    def _take_exit_from_the_stopping(self, seconds: float, before: str) -> None:
        """Give an exit to the dyno that crashed. It was taken for the exit of the old dyno, which is stopping."""
        newest = self.newest_open()
        if newest is None or (newest.up is None) != (before == "starting"):
            return
        for old in self.present[:-1]:
            is_near = old.end is not None and abs(seconds - old.end) <= STATE_NEAR
            may_run_on = before == "starting" or old.term is None
            if old.asked is not None and is_near and may_run_on and old.exit_status != BY_SIGTERM:
                newest.end, newest.exit_status = old.end, old.exit_status
                old.end = old.exit_status = None


def ask(own: Incarnation, seconds: float, word: str = "") -> None:
    """Heroku stops an incarnation. The first word for it stays."""
    own.asked = own.asked if own.asked is not None else seconds
    own.announced = own.announced or word
