"""Whether a dyno that crashed goes on crashing: it is over when it has been up longer than it ever was before a crash.

After one crash that cannot be told sooner. After two and more, a dyno that has not been up for so long goes on.
"""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.statistics.tense import NEVER_FAILED, Tense
from herodyno.diagnosis.timeline.incarnations import Incarnation

# A dyno that has been up for less proves nothing.
MIN_SECONDS = 120.0
# A life counts as at least so long when the log does not show its beginning.
_UNSEEN_SECONDS = 300.0
# From so many crashes on, the first life does not count: it may have gone well for hours before the trouble began.
_LOOP = 3


def crash_tense(incarnations: Sequence[Incarnation], start: float, now: float, *, is_down: bool) -> Tense:
    """The tense of the crashes of one name, its incarnations oldest first. Times are seconds since 1970.

    `start` is the beginning of the window. `is_down`: nothing runs under the name, though a dyno should. `ended_at` is
    when the dyno came up that has not crashed since.
    """
    crashed = [each for each in incarnations if each.crashed and each.end is not None]
    if not crashed:
        return Tense(True) if is_down else NEVER_FAILED
    last = crashed[-1]
    newest = last.end
    assert newest is not None
    if is_down:
        return Tense(True, newest)
    later = [each for each in incarnations if each.number > last.number]
    if not later:  # scaled away, or gone
        return Tense(False, newest, newest)
    came_up = later[0].up or later[0].start or newest
    runs = later[-1].end is None or later[-1].end > now
    if not runs or now - came_up >= max(MIN_SECONDS, _longest_life(crashed, start)):
        return Tense(False, newest, came_up)
    return Tense(True if len(crashed) > 1 else None, newest)


def _longest_life(crashed: Sequence[Incarnation], start: float) -> float:
    """The longest time in seconds that the dyno ran before it crashed."""
    counted = crashed[1:] if len(crashed) >= _LOOP else crashed
    return max(_life(each, start) for each in counted)


def _life(crashed: Incarnation, start: float) -> float:
    end = crashed.end or start
    return max(_UNSEEN_SECONDS, end - start) if crashed.start is None else end - crashed.start
