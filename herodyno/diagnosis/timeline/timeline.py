"""Every incarnation the log and the API show, on one clock: the lives of all names, joined to the API's dynos.

The API lists only living dynos; ids that died inside the window are known from the log alone, and a
dyno can be in the API without a line. Nothing here gives today's id to an older line: an API dyno is
bound to the life that began when it was made, else it opens a life of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from herodyno.diagnosis.timeline.boundaries import Boundaries, Boundary, FirstLast
from herodyno.diagnosis.timeline.incarnations import GRACE_SECONDS, Incarnation, give_ends
from herodyno.diagnosis.timeline.lifecycle import Walk, walk
from herodyno.dynos import ONE_OFF_TYPES, Dyno, Release, is_fir_name, natural_order
from herodyno.logs.events import ApiAction, Stopping

if TYPE_CHECKING:
    # Twenty definitions that take 14 ms to load, and `logs` needs none of them.
    from herodyno.diagnosis.report.row import EndReason

# The API's created_at and the log's first line of a start are a few seconds apart (measured on boot lines: 2-6 s).
_SAME_START = 45.0
# After a deploy, config change or scaling the platform restarts dynos within about this time.
_ACTION_REACH = 180.0
_PREBOOT_REACH = 300.0
_DEPLOYS = frozenset({"release", "rollback", "config", "deploy", "addon"})


class Timeline:
    """All lives by name, and where each boundary line belongs. Made by `timeline`, then only read."""

    def __init__(
        self,
        incarnations: Mapping[str, Sequence[Incarnation]],
        of_line: Mapping[int, Incarnation],
        notes: Sequence[str] = (),
    ) -> None:
        self.incarnations = incarnations
        self.of_line = of_line
        self.notes = notes
        self.by_id = {
            (incarnation.dyno, incarnation.id): incarnation for incarnation in self.all_incarnations() if incarnation.id
        }

    def all_incarnations(self) -> Iterator[Incarnation]:
        """Every life, names in natural order, a name's lives oldest first."""
        for name in sorted(self.incarnations, key=natural_order):
            yield from self.incarnations[name]


def timeline(seen: Boundaries, dynos: Sequence[Dyno] | None, releases: Sequence[Release]) -> Timeline:
    """Build the timeline. `dynos` is None when the API was not asked: then no name counts as gone."""
    boundaries: dict[str, list[tuple[float, int, Boundary]]] = {}
    delivered: set[str] = set()
    for event in seen.events:
        at = event.line.at
        assert at is not None
        if event.line.raw in delivered:  # a line that came twice ends no second life
            continue
        delivered.add(event.line.raw)
        boundaries.setdefault(event.dyno, []).append((at.timestamp(), event.line.number, event))
    ids: dict[str, dict[str, FirstLast]] = {}
    for (name, dyno_id), id_seen in seen.ids.items():
        ids.setdefault(name, {})[dyno_id] = id_seen

    listed: dict[str, list[Dyno]] = {}
    for dyno in sorted(dynos or (), key=_age):
        listed.setdefault(dyno.name, []).append(dyno)  # with preboot two dynos bear one name for minutes
    window_end = seen.window.last if seen.window else 0.0
    incarnations: dict[str, list[Incarnation]] = {}
    of_line: dict[int, Incarnation] = {}
    disagree: list[str] = []
    for name in sorted(seen.names.keys() | listed.keys()):
        span = seen.names.get(name)
        walked = Walk(name)
        if span is not None:
            own = sorted(boundaries.get(name, ()), key=lambda item: (item[0], _is_told_late(item[2]), item[1]))
            walked = walk(name, [(at, event) for at, _, event in own], ids.get(name, {}), span)
        for dyno in listed.get(name, ()):
            if not _join(walked, dyno, ids.get(name, {})) and name not in disagree:
                disagree.append(name)
        gone = dynos is not None and name not in listed
        give_ends(walked.incarnations, window_end if span is None or not gone else span.last, gone=gone)
        _name_fir_incarnations(walked)
        incarnations[name] = walked.incarnations
        of_line |= walked.of_line
    _tell_releases(incarnations, releases, seen.actions)
    _tell_reasons(incarnations, seen.actions)
    notes = []
    if disagree:
        notes.append(
            f"the API's ids of {', '.join(disagree)} are not those of its metric lines; matched by name and time"
        )
    return Timeline(incarnations, of_line, notes)


def _age(dyno: Dyno) -> tuple[float, str]:
    return (dyno.created_at.timestamp() if dyno.created_at else 0.0, repr(dyno))


def _is_told_late(event: Boundary) -> bool:
    """Of lines with one time (whole seconds, arrived in disorder) a SIGTERM and its announcement come first."""
    return not isinstance(event, Stopping) or event.kind == "sigkill"


def _join(walked: Walk, dyno: Dyno, ids: Mapping[str, FirstLast]) -> bool:
    """Bind an API dyno to its life, or open one. False when log and API name different ids for one time."""
    created = dyno.created_at.timestamp() if dyno.created_at else None
    incarnation = next(
        (incarnation for incarnation in walked.incarnations if incarnation.id and incarnation.id == dyno.id), None
    )
    agrees = True
    if incarnation is None and created is not None:
        incarnation = _earlier_incarnation(walked, created)
        if incarnation is not None:
            incarnation.id = dyno.id or None
    if incarnation is not None:
        incarnation.id_source = "api+runtime-metrics" if dyno.id in ids else "api"
    else:
        last = walked.incarnations[-1] if walked.incarnations else None
        seen = ids.get(last.id or "") if last is not None else None
        if last is not None and seen is not None and (created is None or seen.first > created + 5):
            incarnation, agrees = last, False  # metrics younger than the dyno, under another id
        elif last is None or not _is_same_start(walked, last, created):
            incarnation = Incarnation(dyno.name, len(walked.incarnations), created)
            if last is not None and last.end is None and last.id_source not in ("api", "api+runtime-metrics"):
                last.end = max(created, last.start or created) if created is not None and last.term is None else None
            walked.incarnations.append(incarnation)
        else:
            incarnation = last
        if agrees:
            incarnation.id, incarnation.id_source = dyno.id or None, "api" if dyno.id else "unknown"
    if (
        incarnation.start is None
        and agrees
        and created is not None
        and (incarnation.end is None or created <= incarnation.end)
    ):
        incarnation.start = created
    incarnation.release, incarnation.size, incarnation.state = dyno.release, dyno.size, dyno.state
    incarnation.type = dyno.type or incarnation.type
    return agrees


def _earlier_incarnation(walked: Walk, created: float) -> Incarnation | None:
    """The life before the last, when the list was made before the last one started."""
    last = walked.incarnations[-1] if walked.incarnations else None
    if last is None or last.start is None or created >= last.start - _SAME_START:
        return None
    for incarnation in reversed(walked.incarnations[:-1]):
        if incarnation.id is None and incarnation.start is not None and abs(incarnation.start - created) <= _SAME_START:
            return incarnation
        if incarnation.id is None and incarnation.start is None and created <= (walked.first_seen or created) + 1.0:
            return incarnation
    return None


def _is_same_start(walked: Walk, last: Incarnation, created: float | None) -> bool:
    if last.id is not None:
        return False
    if created is None:
        return True
    if last.term is not None and created >= last.term:  # made when the last one was stopping already
        return False
    if last.start is not None:
        return abs(last.start - created) <= _SAME_START or created < last.start
    # The life began before the first line: it is this dyno only if the dyno was made before that line.
    return walked.first_seen is not None and created <= walked.first_seen + 1.0


def _name_fir_incarnations(walked: Walk) -> None:
    if is_fir_name(walked.dyno) and len(walked.incarnations) == 1 and walked.incarnations[0].id is None:
        walked.incarnations[0].id_source = "name"


def _tell_releases(
    incarnations: Mapping[str, Sequence[Incarnation]], releases: Sequence[Release], actions: Iterable[ApiAction]
) -> None:
    """Give each life without one the release that was newest when it began."""
    known = {release.version: release.created_at for release in releases if release.created_at}
    for action in actions:
        if action.kind == "release" and action.version is not None and action.line.at is not None:
            known.setdefault(action.version, action.line.at)
    if not known:
        return
    order = sorted((at.timestamp(), version) for version, at in known.items())
    times = [at for at, _ in order]
    for own in incarnations.values():
        for incarnation in own:
            if incarnation.release is None and incarnation.start is not None and incarnation.type not in ONE_OFF_TYPES:
                place = bisect_right(times, incarnation.start)
                incarnation.release = order[place - 1][1] if place else None


def _tell_reasons(incarnations: Mapping[str, Sequence[Incarnation]], actions: Iterable[ApiAction]) -> None:
    timed = [(action.line.at.timestamp(), action) for action in actions if action.line.at is not None]
    for own in incarnations.values():
        for incarnation in own:
            if incarnation.end is not None or incarnation.term is not None:
                later = [other for other in own if other.number > incarnation.number]
                incarnation.end_reason = _reason(incarnation, timed, later[0] if later else None)


def _reason(
    incarnation: Incarnation, actions: Sequence[tuple[float, ApiAction]], successor: Incarnation | None
) -> EndReason:
    if incarnation.crashed:
        return "killed" if "R15" in incarnation.codes or incarnation.exit_status == 137 else "crashed"
    if incarnation.type in ONE_OFF_TYPES and incarnation.exit_status is not None and incarnation.term is None:
        return "killed" if "R15" in incarnation.codes else "completed"
    if incarnation.announced == "cycling":
        return "cycled"
    if incarnation.announced == "idling":
        return "idled"
    left = incarnation.term or incarnation.down or incarnation.end or 0.0
    near = [action for at, action in actions if -_ACTION_REACH <= at - left <= 2.0]
    deployed = any(action.kind in _DEPLOYS for action in near)
    if (
        incarnation.term is not None
        and successor is not None
        and incarnation.term - (successor.start or 0.0) > GRACE_SECONDS
    ):
        # With preboot the SIGTERM comes minutes after the release that made the successor.
        long_ago = (action for at, action in actions if -_PREBOOT_REACH <= at - left <= 2.0)
        deployed = any(action.kind in _DEPLOYS for action in long_ago)
    if incarnation.announced == "restarting":
        return "deployed" if deployed else "restarted"
    if any(action.kind == "scale" and _scaled_away(incarnation, action) for action in near):
        return "scaled_down"
    if incarnation.term is not None:
        return "deployed" if deployed else "stopped"
    return "unknown"


def _scaled_away(incarnation: Incarnation, action: ApiAction) -> bool:
    number = natural_order(incarnation.dyno)[1]
    return any(kind == incarnation.type and number > quantity for kind, quantity, _ in action.formation)
