"""The incarnations of one name, oldest first, and which of them a line can be about: the newest, or one that stops."""

from __future__ import annotations

from herodyno.diagnosis.timeline.incarnations import PREBOOT_SECONDS, STOP_SECONDS, Incarnation

# After the exit of a dyno that was told to stop, all its other lines are logged within this time. Ours.
AFTERMATH = 5.0
# Requests that a dyno had are all logged within this time after its exit. Ours.
_GOES_ON = 60.0
# A state line is printed 4 ms to 1.6 s after the exit that it reports, and sometimes before (108 real pairs). Ours.
STATE_NEAR = 2.0


class Succession:
    """The incarnations of a name. `first_seen` is when any line first named the dyno, None when no line did.

    `of_line` gives the incarnation of each boundary line by the line's number.
    """

    def __init__(self, dyno: str, first_seen: float | None = None) -> None:
        self.dyno = dyno
        self.first_seen = first_seen
        self.incarnations: list[Incarnation] = []
        self.of_line: dict[int, Incarnation] = {}
        self._seconds_of_line: dict[int, float] = {}

    def begin_before_the_window(self) -> None:
        """An incarnation runs when the log begins."""
        self.open(None)

    def open(self, start: float | None) -> Incarnation:
        """A new incarnation, the newest."""
        incarnation = Incarnation(self.dyno, len(self.incarnations), start)
        self.incarnations.append(incarnation)
        return incarnation

    def note(self, number: int, seconds: float, own: Incarnation) -> None:
        """A boundary line is about an incarnation."""
        self.of_line[number] = own
        self._seconds_of_line[number] = seconds

    def put_before(self, own: Incarnation, start: float | None) -> Incarnation:
        """A new incarnation that went before `own`."""
        older = Incarnation(self.dyno, 0, start)
        self.incarnations.insert(self.incarnations.index(own), older)
        for number, each in enumerate(self.incarnations):
            each.number = number
        return older

    def divide(self, own: Incarnation, at: float) -> None:
        """`own` began at a time: what its lines show of earlier times is an older incarnation's, id unknown."""
        older = self.put_before(own, own.start)
        older.made, older.begun, older.after_end = own.made, own.begun, own.after_end
        older.end = own.start = at
        own.made, own.begun, own.after_end = False, True, False
        for moment in ("up", "asked", "term", "down"):
            seconds = getattr(own, moment)
            if seconds is not None and seconds < at:
                setattr(older, moment, seconds)
                setattr(own, moment, None)
        if older.asked is not None:
            older.announced, own.announced = own.announced, ""
        for number, each in self.of_line.items():
            if each is own and self._seconds_of_line[number] < at:
                self.of_line[number] = older

    def newest_open(self) -> Incarnation | None:
        """The newest incarnation, unless it has ended."""
        return self.incarnations[-1] if self.incarnations and self.incarnations[-1].end is None else None

    def oldest_open(self) -> Incarnation | None:
        """The oldest incarnation that has not ended."""
        return next((each for each in self.incarnations if each.end is None), None)

    def next_to_stop(self) -> Incarnation | None:
        """The oldest that runs and is not told to stop yet; when all are, the oldest that runs."""
        return next((each for each in self.incarnations if each.end is None and each.asked is None), self.oldest_open())

    def stopping_at(self, seconds: float) -> Incarnation | None:
        """The incarnation that was told to stop so shortly before that it can still be stopping."""
        for each in self.incarnations:
            since = each.stopping_since
            if each.end is None and since is not None and seconds - since <= STOP_SECONDS:
                return each
        return None

    def just_ended(self, seconds: float) -> Incarnation | None:
        """The newest incarnation that ended at a time, or so shortly before or after that a line can be about it."""
        ended = [each for each in self.incarnations if abs(seconds - (each.end or 0.0)) <= STATE_NEAR]
        return ended[-1] if ended else None

    def leaving_at(self, seconds: float) -> Incarnation | None:
        """The oldest that runs and is to stop. With preboot SIGTERM comes minutes after the word."""
        for each in self.incarnations:
            if each.end is None and each.asked is not None and each.term is None:
                return each if seconds - each.asked <= PREBOOT_SECONDS else None
        return None

    def is_near_the_beginning(self, seconds: float, reach: float) -> bool:
        """Whether a time lies within reach of the first line of the name."""
        return self.first_seen is not None and seconds - self.first_seen < reach

    def unless_sampled_later(self, own: Incarnation, seconds: float, after: float) -> Incarnation:
        """`own`, unless the runtime metrics still name it when it would be gone: then an older, unseen incarnation."""
        stopped_before = any(each.term is not None for each in self.incarnations)
        is_early = self.is_near_the_beginning(seconds, PREBOOT_SECONDS)
        if (own.sampled or 0.0) <= seconds + after or stopped_before or not is_early:
            return own
        return self.put_before(own, None)

    def give_exit_back(self, newest: Incarnation) -> bool:
        """Give the exit of the newest dyno, which goes on, to the one before it, seen or not. False when it is its own.

        The one before has not exited so far as lines show: SIGTERM and its announcement were lost, or lie before the
        first line.
        """
        if newest.exit_status is None or newest.end is None or newest.start is None:
            return False
        if newest.crash_told or newest.asked is not None or newest.coded is not None:
            return False
        before = self.incarnations[: self.incarnations.index(newest)]
        older = before[-1] if before else self.put_before(newest, None)
        if older.end is not None or newest.after_end:
            return False
        for number, each in self.of_line.items():
            if each is newest and self._seconds_of_line[number] == newest.end:
                self.of_line[number] = older
        older.end, older.exit_status = newest.end, newest.exit_status
        newest.end = newest.exit_status = None
        return True

    def continue_unseen(self, last: float) -> None:
        """Lines go on after the newest dyno of the name exited, without a start: it was another that exited.

        After the only one stopped another ran beside it (preboot).
        """
        newest = self.incarnations[-1]
        if newest.end is not None and last > newest.end + _GOES_ON and self.give_exit_back(newest):
            return
        only = self.incarnations[0]
        if len(self.incarnations) > 1 or only.term is None or only.end is None or last <= only.end + AFTERMATH:
            return
        beside = not only.announced and self.is_near_the_beginning(only.term, PREBOOT_SECONDS)
        self.open(None if beside else only.end)
