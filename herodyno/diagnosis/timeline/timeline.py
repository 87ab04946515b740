"""Every incarnation that log and API show, on one clock.

The API lists only dynos that run. Ids of dynos that ended are known from the log alone, and a dyno of the API
may have no line. An older line never gets today's id: a dyno of the API is bound to the incarnation that began
when the dyno was made. Where there is none, the dyno is an incarnation of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from herodyno.diagnosis.timeline.boundaries import Boundaries, Boundary, FirstLast
from herodyno.diagnosis.timeline.incarnations import EndReason, Incarnation, give_ends
from herodyno.diagnosis.timeline.lifecycle import Lifecycle, lifecycle
from herodyno.dynos import ONE_OFF_TYPES, Dyno, Release, is_fir_name, natural_order
from herodyno.heroku_facts import EXIT_TIMEOUT_SECONDS, PREBOOT_SWITCH_SECONDS
from herodyno.logs.events import ApiAction, Starting, Stopping

# Ours. The API's created_at and the log's first line of a start are 2 to 6 s apart (measured on boot lines).
_SAME_START = 45.0
# Ours: a sample this much later than created_at belongs to the dyno of that name even when the API gives another id.
_AFTER_CREATION = 5.0
# Ours: after a deploy, a change of config or a scaling Heroku restarts the dynos within about this time.
_ACTION_REACH = 180.0
# With preboot the SIGTERM comes within this time of the release. The two times differ as those of a start do.
_PREBOOT_REACH = max(PREBOOT_SWITCH_SECONDS) + _SAME_START
_DEPLOYS = frozenset({"release", "rollback", "config", "deploy", "addon"})

_ByName: TypeAlias = Mapping[str, Sequence[Incarnation]]


class Timeline:
    """All incarnations by name, by (name, id), and by the number of each boundary line. `timeline` makes it."""

    def __init__(self, incarnations: _ByName, of_line: Mapping[int, Incarnation], notes: Sequence[str] = ()) -> None:
        self.incarnations = incarnations
        self.of_line = of_line
        self.notes = notes
        self.by_id = {(each.dyno, each.id): each for each in self.all_incarnations() if each.id}

    def all_incarnations(self) -> Iterator[Incarnation]:
        """Every incarnation: names in natural order, under a name the oldest first."""
        for name in sorted(self.incarnations, key=natural_order):
            yield from self.incarnations[name]


def timeline(boundaries: Boundaries, dynos: Sequence[Dyno] | None, releases: Sequence[Release]) -> Timeline:
    """Build the timeline. `dynos` is None when the API was not asked: then no name counts as gone."""
    events = _events_by_name(boundaries)
    ids: dict[str, dict[str, FirstLast]] = {}
    for (name, dyno_id), seen in boundaries.ids.items():
        ids.setdefault(name, {})[dyno_id] = seen
    listed: dict[str, list[Dyno]] = {}
    for dyno in sorted(dynos or (), key=_age):
        listed.setdefault(dyno.name, []).append(dyno)  # with preboot two dynos bear one name for minutes
    window_end = boundaries.window.last if boundaries.window else 0.0
    incarnations: dict[str, list[Incarnation]] = {}
    of_line: dict[int, Incarnation] = {}
    disagree: list[str] = []
    for name in sorted(boundaries.names.keys() | listed.keys()):
        span = boundaries.names.get(name)
        of_name = Lifecycle(name)
        if span is not None:
            of_name = lifecycle(name, events.get(name, ()), ids.get(name, {}), span)
        for dyno in listed.get(name, ()):
            if not _join(of_name, dyno, ids.get(name, {})) and name not in disagree:
                disagree.append(name)
        gone = dynos is not None and name not in listed
        give_ends(of_name.incarnations, window_end if span is None or not gone else span.last, gone=gone)
        _name_fir_incarnations(of_name)
        incarnations[name] = of_name.incarnations
        of_line |= of_name.of_line
    _give_commands(boundaries, of_line)
    _give_releases(incarnations, releases, boundaries.actions)
    _give_end_reasons(incarnations, boundaries.actions)
    notes = []
    if disagree:
        notes.append(
            f"the API's ids of {', '.join(disagree)} are not those of its metric lines; matched by name and time"
        )
    return Timeline(incarnations, of_line, notes)


def _events_by_name(boundaries: Boundaries) -> dict[str, list[tuple[float, Boundary]]]:
    """(seconds, boundary event) of each name in order of time. Of a line that came twice, the first."""
    delivered: set[str] = set()
    numbered: dict[str, list[tuple[float, bool, int, Boundary]]] = {}
    for event in boundaries.events:
        at = event.line.at
        assert at is not None
        if event.line.raw not in delivered:
            delivered.add(event.line.raw)
            item = (at.timestamp(), _comes_later(event), event.line.number, event)
            numbered.setdefault(event.dyno, []).append(item)
    return {
        name: [(seconds, event) for seconds, _, _, event in sorted(items, key=lambda item: item[:3])]
        for name, items in numbered.items()
    }


def _comes_later(event: Boundary) -> bool:
    """Of lines with one time (whole seconds, arrived in disorder) a SIGTERM and its announcement come first."""
    return not isinstance(event, Stopping) or event.kind == "sigkill"


def _age(dyno: Dyno) -> tuple[float, str]:
    return (dyno.created_at.timestamp() if dyno.created_at else 0.0, repr(dyno))


def _join(of_name: Lifecycle, dyno: Dyno, ids: Mapping[str, FirstLast]) -> bool:
    """Bind a dyno of the API to its incarnation, or to a new one. False when log and API give one time two ids."""
    created = dyno.created_at.timestamp() if dyno.created_at else None
    own = next((each for each in of_name.incarnations if each.id and each.id == dyno.id), None)
    agrees = True
    if own is None and created is not None:
        own = _earlier_incarnation(of_name, created)
        if own is not None:
            own.id = dyno.id or None
    if own is not None:
        own.id_source = "api+runtime-metrics" if dyno.id in ids else "api"
    else:
        last = of_name.incarnations[-1] if of_name.incarnations else None
        seen = ids.get(last.id or "") if last is not None else None
        if last is not None and seen is not None and (created is None or seen.first > created + _AFTER_CREATION):
            own, agrees = last, False  # the samples are younger than the dyno and bear another id
        elif last is None or not _is_same_start(of_name, last, created):
            own = Incarnation(dyno.name, len(of_name.incarnations), created)
            if last is not None and last.end is None and last.id_source not in ("api", "api+runtime-metrics"):
                last.end = max(created, last.start or created) if created is not None and last.term is None else None
            of_name.incarnations.append(own)
        else:
            own = last
        if agrees:
            own.id, own.id_source = dyno.id or None, "api" if dyno.id else "unknown"
    if own.start is None and agrees and created is not None and (own.end is None or created <= own.end):
        own.start = created
    own.command, own.release, own.size, own.state = dyno.command, dyno.release, dyno.size, dyno.state
    own.type = dyno.type or own.type
    return agrees


def _earlier_incarnation(of_name: Lifecycle, created: float) -> Incarnation | None:
    """The incarnation before the last one, when the API's list was made before the last one started."""
    last = of_name.incarnations[-1] if of_name.incarnations else None
    if last is None or last.start is None or created >= last.start - _SAME_START:
        return None
    for each in reversed(of_name.incarnations[:-1]):
        if each.id is None and each.start is not None and abs(each.start - created) <= _SAME_START:
            return each
        if each.id is None and each.start is None and created <= (of_name.first_seen or created) + 1.0:
            return each
    return None


def _is_same_start(of_name: Lifecycle, last: Incarnation, created: float | None) -> bool:
    if last.id is not None:
        return False
    if created is None:
        return True
    if last.term is not None and created >= last.term:  # the dyno was made when the last one was stopping already
        return False
    if last.start is not None:
        return abs(last.start - created) <= _SAME_START or created < last.start
    # The last one began before the first line. It is this dyno only if the dyno was made before that line.
    return of_name.first_seen is not None and created <= of_name.first_seen + 1.0


def _name_fir_incarnations(of_name: Lifecycle) -> None:
    """On Fir the name of a dyno is new for each incarnation, so the name serves as its id."""
    if is_fir_name(of_name.dyno) and len(of_name.incarnations) == 1 and of_name.incarnations[0].id is None:
        of_name.incarnations[0].id_source = "name"


def _give_commands(boundaries: Boundaries, of_line: Mapping[int, Incarnation]) -> None:
    for event in boundaries.events:
        if isinstance(event, Starting) and (own := of_line.get(event.line.number)):
            own.command = event.command


def _give_releases(incarnations: _ByName, releases: Sequence[Release], actions: Iterable[ApiAction]) -> None:
    """Give each incarnation without a release the one that was newest when the incarnation began."""
    known = {release.version: release.created_at for release in releases if release.created_at}
    for action in actions:
        if action.kind == "release" and action.version is not None and action.line.at is not None:
            known.setdefault(action.version, action.line.at)
    if not known:
        return
    order = sorted((at.timestamp(), version) for version, at in known.items())
    times = [at for at, _ in order]
    for own in incarnations.values():
        for each in own:
            if each.release is None and each.start is not None and each.type not in ONE_OFF_TYPES:
                newer = bisect_right(times, each.start)
                each.release = order[newer - 1][1] if newer else None


def _give_end_reasons(incarnations: _ByName, actions: Iterable[ApiAction]) -> None:
    timed = [(action.line.at.timestamp(), action) for action in actions if action.line.at is not None]
    for own in incarnations.values():
        for each in own:
            if each.end is not None or each.term is not None:
                later = [other for other in own if other.number > each.number]
                each.end_reason = _end_reason(each, timed, later[0] if later else None)


def _end_reason(
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
        and incarnation.term - (successor.start or 0.0) > EXIT_TIMEOUT_SECONDS
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
    return any(type_name == incarnation.type and number > quantity for type_name, quantity, _ in action.formation)
