"""Why each incarnation ended: a crash needs a crash's mark, a stop is what the log announces, all else is not known.

The marks of a crash are: the state line "to crashed", a code that says the process was killed or could not begin
(R10, R15, R17, R99), and an exit with a status of the program's own while nothing announced a stop. A status of 0
or of a signal is no mark: Heroku's own stops end so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from herodyno.diagnosis.timeline.ids import SAME_START
from herodyno.diagnosis.timeline.incarnations import STOP_SECONDS, EndReason, Incarnation
from herodyno.dynos import ONE_OFF_TYPES, natural_order
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, PREBOOT_SWITCH_SECONDS
from herodyno.logs.codes.exits import BY_SIGKILL, BY_SIGTERM, is_own_status
from herodyno.logs.events import ApiAction

_Timed: TypeAlias = Sequence[tuple[float, ApiAction]]

# Ours: after a deploy, a change of config or a scaling Heroku restarts the dynos within about this time.
_ACTION_REACH = 180.0
# Ours: the line of an action may come so much after the end that it caused.
_ACTION_LATE = 2.0
# With preboot the SIGTERM comes within this time of the release. The two times differ as those of a start do.
_PREBOOT_REACH = max(PREBOOT_SWITCH_SECONDS) + SAME_START
_DEPLOYS = frozenset({"release", "rollback", "config", "deploy", "addon"})
_ANNOUNCED: Mapping[str, EndReason] = {"cycling": "cycled", "relocating": "relocated", "idling": "idled"}


def give_reasons(
    incarnations: Mapping[str, Sequence[Incarnation]], actions: Iterable[ApiAction], window_start: float
) -> None:
    """Give each incarnation that ended, or is about to end, its reason, and say whether it crashed.

    `window_start` is the time of the first line of all.
    """
    timed = [(action.line.at.timestamp(), action) for action in actions if action.line.at is not None]
    for own in incarnations.values():
        for each, successor in zip(own, [*own[1:], None], strict=True):
            if each.end is not None or each.asked is not None:
                each.crashed = _has_crashed(each, timed, window_start)
                each.end_reason = _end_reason(each, timed, successor)


def _has_crashed(own: Incarnation, actions: _Timed, window_start: float) -> bool:
    """Whether a mark of a crash was seen."""
    if own.end is None:
        return False
    if own.crash_told:
        return True
    if own.asked is not None and (own.coded is None or own.asked < own.coded):
        return False
    if own.coded is not None and own.end - own.coded <= STOP_SECONDS:
        return True
    if own.asked is not None or own.type in ONE_OFF_TYPES or not is_own_status(own.exit_status):
        return False
    # Whether a stop was announced is not known where the announcement may lie before the first line.
    may_be_unseen = own.start is None and own.end - window_start <= STOP_SECONDS
    return not may_be_unseen and not any(_stops(own, action) for action in _near(own, actions))


def _stops(own: Incarnation, action: ApiAction) -> bool:
    """Whether an action makes Heroku stop a dyno of this type that runs already."""
    if action.kind == "scale":
        return any(type_name == own.type for type_name, _, _ in action.formation)
    return action.kind in _DEPLOYS or action.kind == "restart"


def _near(own: Incarnation, actions: _Timed, reach: float = _ACTION_REACH) -> list[ApiAction]:
    """The actions within reach of the moment at which an incarnation began to stop, and after its start."""
    left = next((at for at in (own.stopping_since, own.down, own.end) if at is not None), 0.0)
    return [
        action
        for at, action in actions
        if -reach <= at - left <= _ACTION_LATE and (own.start is None or at > own.start)
    ]


def _end_reason(own: Incarnation, actions: _Timed, successor: Incarnation | None) -> EndReason:
    if own.crashed:
        return "killed" if "R15" in own.codes or own.exit_status == BY_SIGKILL else "crashed"
    if own.announced in _ANNOUNCED:
        return _ANNOUNCED[own.announced]
    if own.type in ONE_OFF_TYPES and own.asked is None:
        return _end_of_one_off(own)
    near = _near(own, actions)
    deployed = any(action.kind in _DEPLOYS for action in near)
    if own.term is not None and successor is not None and own.term - (successor.start or 0.0) > EXIT_TIMEOUT_SECONDS:
        # With preboot the SIGTERM comes minutes after the release that made the successor.
        deployed = any(action.kind in _DEPLOYS for action in _near(own, actions, _PREBOOT_REACH))
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
    return "completed" if own.exit_status == 0 else "failed"


def _scaled_away(own: Incarnation, action: ApiAction) -> bool:
    number = natural_order(own.dyno)[1]
    return any(type_name == own.type and number > quantity for type_name, quantity, _ in action.formation)
