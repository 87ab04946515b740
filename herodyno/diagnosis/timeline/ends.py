"""Why each incarnation ended: a crash needs a crash's mark, a stop is what the log announces, all else is not known.

The marks of a crash are: the state line "to crashed", a code that says the process was killed or could not begin
(R10, R15, R17, R99), and an exit with a status of the program's own while nothing announced a stop. A status of 0
or of a signal is no mark: Heroku's own stops end so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from herodyno.diagnosis.timeline.ids import SAME_START
from herodyno.diagnosis.timeline.incarnations import PREBOOT_SECONDS, STOP_SECONDS, EndReason, Incarnation
from herodyno.dynos import ONE_OFF_TYPES, natural_order
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, PREBOOT_SWITCH_SECONDS
from herodyno.logs.codes.exits import BY_SIGKILL, BY_SIGTERM, is_own_status
from herodyno.logs.events import ApiAction

# Ours: after a deploy, a change of config or a scaling Heroku restarts the dynos within about this time.
_ACTION_REACH = 180.0
# Ours: the line of an action may come so much after the end that it caused.
_ACTION_LATE = 2.0
# With preboot the SIGTERM comes within this time of the release. The two times differ as those of a start do.
_PREBOOT_REACH = max(PREBOOT_SWITCH_SECONDS) + SAME_START
_DEPLOYS = frozenset({"release", "rollback", "config", "deploy", "addon"})
_ANNOUNCED: Mapping[str, EndReason] = {"cycling": "cycled", "relocating": "relocated", "idling": "idled"}

# SIGHUP and SIGINT: whoever typed `run` closed the terminal or pressed Ctrl-C.
_BY_HAND = frozenset({129, 130})


def give_reasons(
    incarnations: Mapping[str, Sequence[Incarnation]], actions: Iterable[ApiAction], window_start: float
) -> None:
    """Give each incarnation that ended, or is about to end, its reason, and say whether it crashed.

    `window_start` is the time of the first line of all.
    """
    timed = _Actions(actions)
    for own in incarnations.values():
        for before, each, successor in zip([None, *own[:-1]], own, [*own[1:], None], strict=True):
            if each.end is not None or each.asked is not None:
                each.crashed = _is_crash_told(each) or (
                    _has_own_status(each)
                    and each.end is not None
                    # The announcement may lie before the first line.
                    and each.end - window_start > STOP_SECONDS
                    and not _is_replaced_beside(each, before, successor)
                    and not any(_stops(each, action) for action in timed.near(each))
                )
                each.end_reason = _end_reason(each, timed, successor)


def _is_crash_told(own: Incarnation) -> bool:
    """Whether a line of Heroku's tells the crash, by a state or by a code shortly before the end."""
    if own.end is None or own.crash_told:
        return own.end is not None
    is_after_order = own.asked is not None and own.coded is not None and own.asked < own.coded
    return own.coded is not None and own.end - own.coded <= STOP_SECONDS and not is_after_order


def _has_own_status(own: Incarnation) -> bool:
    """Whether it exited with a status of the program's own, and nothing about it announced a stop."""
    return own.asked is None and own.type not in ONE_OFF_TYPES and is_own_status(own.exit_status)


def _is_replaced_beside(own: Incarnation, before: Incarnation | None, successor: Incarnation | None) -> bool:
    """Whether the exit may be the stop of an old dyno that ran beside a new one (preboot): its own, or an older's."""
    if own.end is None:
        return False
    if successor is not None and successor.start is not None and successor.start < own.end:
        return True
    is_young = own.start is not None and not own.after_end and own.end - own.start <= PREBOOT_SECONDS
    return is_young and before is not None and not before.has_exited


def _stops(own: Incarnation, action: ApiAction) -> bool:
    """Whether an action makes Heroku stop a dyno of this type that runs already."""
    if action.kind == "scale":
        return any(type_name == own.type for type_name, _, _ in action.formation)
    return action.kind in _DEPLOYS or action.kind == "restart"


class _Actions:
    """What people and add-ons did, in order of time."""

    def __init__(self, actions: Iterable[ApiAction]) -> None:
        timed = [(action.line.at.timestamp(), action) for action in actions if action.line.at is not None]
        timed.sort(key=lambda item: item[0])
        self._times = [at for at, _ in timed]
        self._actions = [action for _, action in timed]

    def near(self, own: Incarnation, reach: float = _ACTION_REACH) -> list[ApiAction]:
        """The actions within reach of the moment at which an incarnation began to stop, and after its start."""
        left = next((at for at in (own.stopping_since, own.end) if at is not None), 0.0)
        first = bisect_left(self._times, left - reach)
        if own.start is not None:
            first = max(first, bisect_right(self._times, own.start))
        return self._actions[first : bisect_right(self._times, left + _ACTION_LATE)]


def _end_reason(own: Incarnation, actions: _Actions, successor: Incarnation | None) -> EndReason:
    if own.crashed:
        return "killed" if "R15" in own.codes or own.exit_status == BY_SIGKILL else "crashed"
    if own.announced in _ANNOUNCED:
        return _ANNOUNCED[own.announced]
    if own.type in ONE_OFF_TYPES and own.asked is None:
        return _end_of_one_off(own)
    near = actions.near(own)
    deployed = any(action.kind in _DEPLOYS for action in near)
    if own.term is not None and successor is not None and own.term - (successor.start or 0.0) > EXIT_TIMEOUT_SECONDS:
        # With preboot the SIGTERM comes minutes after the release that made the successor.
        deployed = any(action.kind in _DEPLOYS for action in actions.near(own, _PREBOOT_REACH))
    if own.announced == "restarting":
        return "deployed" if deployed else "restarted"
    if any(action.kind == "scale" and _scaled_away(own, action) for action in near):
        return "scaled_down"
    if own.asked is not None or own.exit_status == BY_SIGTERM:
        return "deployed" if deployed else "stopped"
    return "unknown"


def _end_of_one_off(own: Incarnation) -> EndReason:
    if "R15" in own.codes or own.exit_status == BY_SIGKILL:
        return "killed"
    if own.exit_status == BY_SIGTERM:
        return "stopped"
    if own.exit_status is None:
        return "unknown"
    if own.type == "run" and own.exit_status in _BY_HAND:
        return "stopped"
    return "completed" if own.exit_status == 0 else "failed"


def _scaled_away(own: Incarnation, action: ApiAction) -> bool:
    number = natural_order(own.dyno)[1]
    return any(type_name == own.type and number > quantity for type_name, quantity, _ in action.formation)
