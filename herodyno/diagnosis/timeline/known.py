"""How the beginning and the end of an incarnation are known, and when what names it was seen first and last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf
from typing import Literal, NamedTuple, TypeAlias

from herodyno.diagnosis.timeline.boundaries import Boundaries, FirstLast
from herodyno.diagnosis.timeline.incarnations import Incarnation
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.diagnosis.timeline.timeline import Timeline

How: TypeAlias = Literal["state-line", "api", "metrics", "inferred"]


class Known(NamedTuple):
    """How start and end are known, None where they are not. `seen` has the times of the first and the last of the
    boundary lines, runtime metrics and lists that name it; None without one. `state` is what the last list said."""

    start_how: How | None
    end_how: How | None
    seen: FirstLast | None
    state: str


class KnownBy:
    """What lines and lists say of the incarnations of a timeline that was made of them."""

    def __init__(self, boundaries: Boundaries, listed: Iterable[ListedDyno], times: Timeline) -> None:
        self._sampled: Mapping[tuple[str, str], FirstLast] = boundaries.ids
        self._listed: dict[tuple[str, str], ListedDyno] = {}
        self._of_api: dict[str, set[float]] = {}
        for each in listed:
            self._listed[each.dyno.name, each.dyno.id] = each
            self._of_api.setdefault(each.dyno.name, set()).update({each.made, each.gone or each.made})
        self._told: dict[tuple[str, int], set[float]] = {}
        for event in boundaries.events:
            own = times.of_line.get(event.line.number)
            if own and event.line.at:
                self._told.setdefault(own.key, set()).add(event.line.at.timestamp())

    def known(self, own: Incarnation) -> Known:
        """What is known of one."""
        told, api = self._told.get(own.key, set()), self._of_api.get(own.dyno, set())
        sampled = self._sampled.get((own.dyno, own.id or ""))
        listed = self._listed.get((own.dyno, own.id or ""))
        seen = FirstLast(min(told, default=inf), max(told, default=-inf))
        if sampled:
            seen.widen(sampled.first, sampled.last)
        if listed:
            seen.widen(listed.first, listed.last)
        started = _how(own.start, told, api, sampled.first if sampled else None)
        ended = _how(own.end, told, api, sampled.last if sampled else None)
        return Known(started, ended, seen if seen.first <= seen.last else None, listed.dyno.state if listed else "")


def _how(at: float | None, told: set[float], api: set[float], sampled: float | None) -> How | None:
    if at is None:
        return None
    return "state-line" if at in told else "api" if at in api else "metrics" if at == sampled else "inferred"
