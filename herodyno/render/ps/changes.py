"""What changed between two looks at the dynos of an app: a line each, and `herodyno.ps-change/1`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any, Literal, NamedTuple

from herodyno.dynos import Dyno, Formation, natural_order, short_id
from herodyno.render.dynos import STATE_ROLES, dyno_record
from herodyno.render.text import Line, Span
from herodyno.units import full_stamp, json_time

Kind = Literal["dyno", "formation", "release", "maintenance"]


class PsState(NamedTuple):
    """What is compared. `newest` is the newest release that succeeded, or None."""

    dynos: Sequence[Dyno]
    formation: Sequence[Formation]
    newest: int | None
    maintenance: bool


class PsChange(NamedTuple):
    """One change. `before` and `after` are records; None where there was nothing, or nothing is left.

    `name` is a dyno's name or a process type, "" for a change of the whole app.
    """

    app: str
    at: datetime
    zone: tzinfo
    kind: Kind
    name: str
    before: Any
    after: Any

    def line(self) -> Line:
        """Time, name and what changed."""
        state = (self.after or {}).get("state") if self.kind == "dyno" else None
        return (
            Span(f"{full_stamp(self.at, self.zone)}  {self.name or self.kind:<10}  "),
            Span(self._words(), STATE_ROLES.get(state or "", "")),
        )

    def record(self) -> dict[str, Any]:
        """`herodyno.ps-change/1`."""
        return {
            "schema": "herodyno.ps-change/1",
            "at": json_time(self.at),
            "app": self.app,
            "kind": self.kind,
            "name": self.name or None,
            "before": self.before,
            "after": self.after,
        }

    def _words(self) -> str:
        match self.kind:
            case "dyno":
                return _dyno_words(self.before, self.after)
            case "formation":
                return (
                    f"wanted {_wanted(self.before)} -> {_wanted(self.after)}"
                    if self.before
                    else f"wanted {_wanted(self.after)}"
                )
            case "release":
                return f"v{self.before} -> v{self.after}" if self.before else f"v{self.after}"
            case "maintenance":
                return "on" if self.after else "off"


def ps_changes(before: PsState | None, after: PsState, *, app: str, at: datetime, zone: tzinfo) -> list[PsChange]:
    """The changes, in the order: app, formation, dynos. `before` is None at the first look: then all is new."""
    was = before or PsState((), (), None, False)
    found: list[tuple[Kind, str, Any, Any]] = []
    if was.maintenance != after.maintenance:
        found.append(("maintenance", "", was.maintenance, after.maintenance))
    if after.newest is not None and was.newest != after.newest:
        found.append(("release", "", was.newest, after.newest))
    wanted = {each.type: each for each in was.formation}, {each.type: each for each in after.formation}
    for name in sorted(wanted[0].keys() | wanted[1].keys()):
        old, new = (_formation_record(side.get(name)) for side in wanted)
        if old != new:
            found.append(("formation", name, old, new))
    found += (("dyno", name, *pair) for name, *pair in _dyno_changes(was.dynos, after.dynos))
    return [PsChange(app, at, zone, *each) for each in found]


def _dyno_changes(before: Sequence[Dyno], after: Sequence[Dyno]) -> Iterator[tuple[str, Any, Any]]:
    """(name, record before, record after). A dyno that took another's name replaced it: one change."""
    old, new = ({(dyno.name, dyno.id): dyno for dyno in side} for side in (before, after))
    gone = [dyno for key, dyno in old.items() if key not in new]
    for key in sorted(old.keys() | new.keys(), key=lambda each: (natural_order(each[0]), each[1])):
        now, was = new.get(key), old.get(key)
        if now is None:
            continue
        if was is None and (was := next((dyno for dyno in gone if dyno.name == now.name), None)):
            gone.remove(was)
        if was is None or _differs(was, now):
            yield now.name, None if was is None else _record(was), _record(now)
    for dyno in sorted(gone, key=lambda each: natural_order(each.name)):
        yield dyno.name, _record(dyno), None


def _differs(was: Dyno, now: Dyno) -> bool:
    return (was.id, was.state, was.size, was.release) != (now.id, now.state, now.size, now.release)


def _record(dyno: Dyno) -> dict[str, Any]:
    return dyno_record(dyno, "id", "type", "state", "size", "release", "created_at")


def _formation_record(wanted: Formation | None) -> dict[str, Any] | None:
    return None if wanted is None else {"quantity": wanted.quantity, "size": wanted.size or None}


def _wanted(record: dict[str, Any] | None) -> str:
    return "0" if record is None else f"{record['quantity']} x {record['size'] or 'unknown size'}"


def _dyno_words(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    if after is None:
        was = before or {}
        return f"{short_id(was['id'] or '-')}  gone (was {was['state'] or 'unknown'})"
    new = _words_of(after)
    if before is None:
        return f"{short_id(after['id'] or '-')}  {new}"
    old = _words_of(before)
    if before["id"] != after["id"]:
        return f"{short_id(before['id'] or '-')} -> {short_id(after['id'] or '-')}  {new}"
    parts = [f"{a} -> {b}" for a, b in zip(old.split(", "), new.split(", "), strict=True) if a != b]
    return f"{short_id(after['id'] or '-')}  {', '.join(parts)}"


def _words_of(record: dict[str, Any]) -> str:
    release = record["release"]
    return ", ".join(
        (record["state"] or "unknown", record["size"] or "-", f"v{release['version']}" if release else "-")
    )
