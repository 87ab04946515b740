"""The incarnations of one name, oldest first, and which of them a line can be about: the newest, or one that stops."""

from __future__ import annotations

from collections import defaultdict

from herodyno.diagnosis.timeline.incarnations import MOST_AT_ONCE, PREBOOT_SECONDS, STOP_SECONDS, Incarnation

# After the exit of a dyno that was told to stop, all its other lines are logged within this time. Ours.
AFTERMATH = 5.0
# Requests that a dyno had are all logged within this time after its exit. Ours.
_GOES_ON = 60.0
# A state line is printed 4 ms to 1.6 s after the exit that it reports, and sometimes before (108 real pairs). Ours.
STATE_NEAR = 2.0


class Succession:
    """The incarnations of a name. `first_seen` is when any line first named the dyno, None when no line did.

    `of_line` gives the incarnation of each boundary line by the line's number. `present` are the incarnations that the
    next line can be about: the newest, and those before it that run or have just ended.
    """

    def __init__(self, dyno: str, first_seen: float | None = None) -> None:
        self.dyno = dyno
        self.first_seen = first_seen
        self.incarnations: list[Incarnation] = []
        self.present: list[Incarnation] = []
        self.of_line: dict[int, Incarnation] = {}
        self.has_stopped = False  # whether any was sent SIGTERM
        self._lines_of: defaultdict[Incarnation, list[tuple[float, int]]] = defaultdict(list)

    def begin_before_the_window(self) -> None:
        """An incarnation runs when the log begins."""
        self.open(None)

    def open(self, start: float | None) -> Incarnation:
        """A new incarnation, the newest."""
        incarnation = Incarnation(self.dyno, len(self.incarnations), start)
        self.incarnations.append(incarnation)
        self.present.append(incarnation)
        return incarnation

    def forget_before(self, seconds: float) -> None:
        """The next line is of this time. Of a name with thousands of incarnations only a few can be meant."""
        if len(self.present) > 1:
            *older, newest = self.present
            can_be_meant = [each for each in older if each.end is None or seconds - each.end <= STATE_NEAR]
            self.present = [*can_be_meant[-MOST_AT_ONCE:], newest]

    def note(self, number: int, seconds: float, own: Incarnation) -> None:
        """A boundary line is about an incarnation."""
        self.of_line[number] = own
        self._lines_of[own].append((seconds, number))

    def put_before(self, own: Incarnation, start: float | None, place: int | None = None) -> Incarnation:
        """A new incarnation that went before `own`, whose place may be known. `number_all` numbers them again."""
        older = Incarnation(self.dyno, 0, start)
        if place is None:  # mostly it is one of the last
            place = next(at for at in range(len(self.incarnations) - 1, -1, -1) if self.incarnations[at] is own)
        self.incarnations.insert(place, older)
        if own in self.present:
            self.present.insert(self.present.index(own), older)
        return older

    def number_all(self) -> None:
        """Number the incarnations by their order."""
        for number, each in enumerate(self.incarnations):
            each.number = number

    def divide(self, own: Incarnation, at: float, place: int) -> None:
        """`own`, at a place, began at a time: what its lines show of earlier times is an older incarnation's, id
        unknown."""
        older = self.put_before(own, own.start, place)
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
        self._move_lines(own, older, [line for line in self._lines_of[own] if line[0] < at])

    def _move_lines(self, own: Incarnation, older: Incarnation, lines: list[tuple[float, int]]) -> None:
        for line in lines:
            self._lines_of[own].remove(line)
            self.note(line[1], line[0], older)

    def newest_open(self) -> Incarnation | None:
        """The newest incarnation, unless it has ended."""
        return self.incarnations[-1] if self.incarnations and self.incarnations[-1].end is None else None

    def oldest_open(self) -> Incarnation | None:
        """The oldest incarnation that has not ended."""
        return next((each for each in self.present if each.end is None), None)

    def next_to_stop(self) -> Incarnation | None:
        """The oldest that runs and is not told to stop yet; when all are, the oldest that runs."""
        return next((each for each in self.present if each.end is None and each.asked is None), self.oldest_open())

    def stopping_at(self, seconds: float) -> Incarnation | None:
        """The incarnation that was told to stop so shortly before that it can still be stopping."""
        for each in self.present:
            since = each.stopping_since
            if each.end is None and since is not None and seconds - since <= STOP_SECONDS:
                return each
        return None

    def just_ended(self, seconds: float) -> Incarnation | None:
        """The newest incarnation that ended at a time, or so shortly before or after that a line can be about it."""
        ended = [each for each in self.present if abs(seconds - (each.end or 0.0)) <= STATE_NEAR]
        return ended[-1] if ended else None

    def leaving_at(self, seconds: float) -> Incarnation | None:
        """The oldest that runs and is to stop. With preboot SIGTERM comes minutes after the word."""
        for each in self.present:
            if each.end is None and each.asked is not None and each.term is None:
                return each if seconds - each.asked <= PREBOOT_SECONDS else None
        return None

    def is_near_the_beginning(self, seconds: float, reach: float) -> bool:
        """Whether a time lies within reach of the first line of the name."""
        return self.first_seen is not None and seconds - self.first_seen < reach

    def unless_sampled_later(self, own: Incarnation, seconds: float, after: float) -> Incarnation:
        """`own`, unless the runtime metrics still name it when it would be gone: then an older, unseen incarnation."""
        is_early = self.is_near_the_beginning(seconds, PREBOOT_SECONDS)
        if (own.sampled or 0.0) <= seconds + after or self.has_stopped or not is_early:
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
        older = self.incarnations[-2] if len(self.incarnations) > 1 else self.put_before(newest, None)
        if older.end is not None or newest.after_end:
            return False
        self._move_lines(newest, older, [line for line in self._lines_of[newest] if line[0] == newest.end])
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
