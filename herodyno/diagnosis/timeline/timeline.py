"""Every incarnation that log and API show, on one clock.

The API lists only dynos that run. Ids of dynos that ended are known from the log alone, and a dyno of the API
may have no line. An older line never gets today's id: a dyno of the API is bound to the incarnation that began
when the dyno was made. Where there is none, the dyno is an incarnation of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from herodyno.diagnosis.timeline.boundaries import Boundaries, Boundary, FirstLast
from herodyno.diagnosis.timeline.ends import give_reasons
from herodyno.diagnosis.timeline.ids import bind_listed_dyno, date_ids, name_fir_incarnations
from herodyno.diagnosis.timeline.incarnations import Incarnation, give_ends
from herodyno.diagnosis.timeline.lifecycle import Lifecycle, lifecycle
from herodyno.diagnosis.timeline.listed import ListedDyno, bind_listed
from herodyno.diagnosis.timeline.open_at import OpenAt
from herodyno.dynos import ONE_OFF_TYPES, Dyno, Release, natural_order
from herodyno.logs.events import ApiAction, Starting, Stopping

_ByName: TypeAlias = Mapping[str, Sequence[Incarnation]]


class Timeline:
    """All incarnations by name, by (name, id), and by the number of each boundary line. `timeline` makes it."""

    def __init__(self, incarnations: _ByName, of_line: Mapping[int, Incarnation], notes: Sequence[str] = ()) -> None:
        self.incarnations = incarnations
        self.of_line = of_line
        self.notes = notes
        self._open_at: dict[str, OpenAt] = {}
        self._in_order = [each for name in sorted(incarnations, key=natural_order) for each in incarnations[name]]
        self._of_type: dict[str, list[Incarnation]] = {}
        for each in self._in_order:
            self._of_type.setdefault(each.type, []).append(each)
        self.by_id = {(each.dyno, each.id): each for each in self._in_order if each.id}

    def open_at(self, name: str) -> OpenAt:
        """The incarnations of a name by time; none for a name that no line and no API shows."""
        if name not in self._open_at:
            self._open_at[name] = OpenAt(self.incarnations.get(name, ()))
        return self._open_at[name]

    def all_incarnations(self) -> Sequence[Incarnation]:
        """Every incarnation: names in natural order, under a name the oldest first."""
        return self._in_order

    def of_type(self, type_name: str) -> Sequence[Incarnation]:
        """Those of a process type, in the same order."""
        return self._of_type.get(type_name, ())


def timeline(
    boundaries: Boundaries,
    dynos: Sequence[Dyno] | None,
    releases: Sequence[Release],
    listed_before: Sequence[ListedDyno] = (),
) -> Timeline:
    """Build the timeline. `dynos` is None when the API was not asked: then no name counts as gone.

    `listed_before` are the dynos that lists of the API showed while the log was written.
    """
    events = _events_by_name(boundaries)
    ids: dict[str, dict[str, FirstLast]] = {}
    for (name, dyno_id), seen in boundaries.ids.items():
        ids.setdefault(name, {})[dyno_id] = seen
    listed: dict[str, list[Dyno]] = {}
    for dyno in sorted(dynos or (), key=_age):
        listed.setdefault(dyno.name, []).append(dyno)  # with preboot two dynos bear one name for minutes
    before: dict[str, list[ListedDyno]] = {}
    for each in listed_before:
        if each.dyno.id:
            before.setdefault(each.dyno.name, []).append(each)
    window_start, window_end = boundaries.span.first, boundaries.window.last if boundaries.window else 0.0
    incarnations: dict[str, list[Incarnation]] = {}
    of_line: dict[int, Incarnation] = {}
    disagree: list[str] = []
    for name in sorted(boundaries.names.keys() | listed.keys() | before.keys()):
        span = boundaries.names.get(name)
        of_name = Lifecycle(name)
        if span is not None:
            of_name = lifecycle(name, events.get(name, ()), ids.get(name, {}), span)
        if name in before and not bind_listed(of_name, before[name], ids.get(name, {}), span.last if span else 0.0):
            disagree.append(name)
        for dyno in listed.get(name, ()):
            if not bind_listed_dyno(of_name, dyno, ids.get(name, {})) and name not in disagree:
                disagree.append(name)
        date_ids(of_name, ids.get(name, {}), window_end)
        gone = dynos is not None and name not in listed
        give_ends(of_name.incarnations, window_end if span is None or not gone else span.last, gone=gone)
        of_name.number_all()
        name_fir_incarnations(of_name)
        incarnations[name] = of_name.incarnations
        of_line |= of_name.of_line
    _give_commands(boundaries, of_line)
    _give_releases(incarnations, releases, boundaries.actions)
    give_reasons(incarnations, boundaries.actions, window_start)
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
