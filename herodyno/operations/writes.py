"""A write before it is sent: the API call, the dynos it ends, the command that undoes it. Pure values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from herodyno.dynos import Dyno, Release, names_with_ids
from herodyno.heroku.api.wire import FormationUpdate, updates_json

Verb = Literal["scale", "restart", "stop", "rollback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChange:
    """One process type before and after a scale. Prices are US cents per month for all its dynos; None: not known."""

    type: str
    quantity_before: int
    quantity_after: int
    size_before: str
    size_after: str
    cents_before: int | None
    cents_after: int | None

    @property
    def changes(self) -> bool:
        """Whether anything is to be sent for this type."""
        return self.quantity_before != self.quantity_after or self.resizes

    @property
    def resizes(self) -> bool:
        """Whether the size changes, which restarts every dyno of the type."""
        return self.size_before.casefold() != self.size_after.casefold()

    @property
    def cents_difference(self) -> int | None:
        """The change of the price in US cents per month; negative when it becomes cheaper; None when not known."""
        if self.cents_before is None or self.cents_after is None:
            return None
        return self.cents_after - self.cents_before

    @property
    def reversed(self) -> TypeChange:
        """The way back."""
        return TypeChange(
            type=self.type,
            quantity_before=self.quantity_after,
            quantity_after=self.quantity_before,
            size_before=self.size_after,
            size_after=self.size_before,
            cents_before=self.cents_after,
            cents_after=self.cents_before,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One call that changes an app.

    A restart or stop names a process type (`type`) or one dyno (`dyno`, a name or id). A restart with neither is of
    the whole app. `dynos` are the incarnations that the call ends. `types` are the process types that a scale
    changes. A rollback brings back `target` in place of `current`; `newest` is the newest version before it.
    `undo` is the herodyno command line that takes a scale or rollback back, word by word.
    """

    verb: Verb
    app: str
    type: str = ""
    dyno: str = ""
    dynos: tuple[Dyno, ...] = ()
    types: tuple[TypeChange, ...] = ()
    current: Release | None = None
    target: Release | None = None
    newest: int = 0
    undo: tuple[str, ...] = ()

    @property
    def updates(self) -> tuple[FormationUpdate, ...]:
        """What a scale sends: absolute quantities, and a size only where the size changes."""
        return tuple(
            FormationUpdate(
                type=each.type,
                quantity=each.quantity_after if each.quantity_after != each.quantity_before else None,
                size=each.size_after if each.resizes else "",
            )
            for each in self.types
        )

    @property
    def method(self) -> str:
        """The HTTP method."""
        return {"scale": "PATCH", "restart": "DELETE", "stop": "POST", "rollback": "POST"}[self.verb]

    @property
    def path(self) -> str:
        """The path on the Platform API. The plural "formations" for one process type is Heroku's own."""
        path = f"/apps/{quote(self.app, safe='')}"
        if self.verb == "scale":
            return f"{path}/formation"
        if self.verb == "rollback":
            return f"{path}/releases"
        if self.type:
            path += f"/formations/{quote(self.type, safe='')}"
        else:
            path += f"/dynos/{quote(self.dyno, safe='')}" if self.dyno else "/dynos"
        return f"{path}/actions/stop" if self.verb == "stop" else path

    @property
    def body(self) -> dict[str, object] | None:
        """The JSON body, or None for a call without one."""
        if self.target is not None:
            return {"release": self.target.id}
        return updates_json(self.updates) if self.verb == "scale" else None

    def __str__(self) -> str:
        """The call as --dry-run and the journal show it."""
        body = "" if self.body is None else " " + json.dumps(self.body)
        return f"{self.method} {self.path}{body}"

    @property
    def before(self) -> tuple[str, ...]:
        """The state before the call: "web=4:Standard-1X" per type of a scale, "v42", or the dynos with their ids."""
        if self.current is not None:
            return (f"v{self.current.version}",)
        if self.verb == "scale":
            return tuple(f"{each.type}={each.quantity_before}:{each.size_before}" for each in self.types)
        return tuple(names_with_ids(self.dynos))

    @property
    def after(self) -> tuple[str, ...]:
        """The state asked for: "web=5:Standard-1X" for each type of a scale, "v40" of a rollback. Else empty."""
        if self.target is not None:
            return (f"v{self.target.version}",)
        return tuple(f"{each.type}={each.quantity_after}:{each.size_after}" for each in self.types)


def dyno_write(verb: Literal["restart", "stop"], app: str, dyno: Dyno) -> Write:
    """A restart or stop of one incarnation. The call names the dyno id, so it can never hit the dyno's replacement."""
    return Write(verb=verb, app=app, dyno=dyno.id or dyno.name, dynos=(dyno,))
