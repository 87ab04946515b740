"""A write before it is sent: what call it is, what it ends, what takes it back. Pure values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from herodyno.dynos import Dyno, natural_order, short_id
from herodyno.heroku.api.wire import FormationUpdate, updates_json
from herodyno.operations.scale.plan import ScalePlan, TypeChange

Verb = Literal["scale", "restart", "stop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One call that changes an app. For restart and stop, `type` or `dyno` (a name or id), or neither: the whole app.

    `dynos` are the incarnations it ends, `types` what a scale changes; `undo` are words of herodyno.
    """

    verb: Verb
    app: str
    type: str = ""
    dyno: str = ""
    dynos: tuple[Dyno, ...] = ()
    types: tuple[TypeChange, ...] = ()
    undo: tuple[str, ...] = ()

    @property
    def updates(self) -> tuple[FormationUpdate, ...]:
        """What a scale sends: absolute numbers, and a size only where it changes."""
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
        return {"scale": "PATCH", "restart": "DELETE", "stop": "POST"}[self.verb]

    @property
    def path(self) -> str:
        """The path on the Platform API (20-heroku-cli: the plural "formations" is Heroku's)."""
        path = f"/apps/{quote(self.app, safe='')}"
        if self.verb == "scale":
            return f"{path}/formation"
        if self.type:
            path += f"/formations/{quote(self.type, safe='')}"
        else:
            path += f"/dynos/{quote(self.dyno, safe='')}" if self.dyno else "/dynos"
        return f"{path}/actions/stop" if self.verb == "stop" else path

    @property
    def body(self) -> dict[str, object] | None:
        """The JSON body, None when there is none."""
        return updates_json(self.updates) if self.verb == "scale" else None

    def __str__(self) -> str:
        """The call as --dry-run and the journal show it."""
        body = "" if self.body is None else " " + json.dumps(self.body)
        return f"{self.method} {self.path}{body}"

    @property
    def before(self) -> tuple[str, ...]:
        """What is there: "web=4:Standard-1X", or dynos with their ids."""
        if self.verb == "scale":
            return tuple(f"{each.type}={each.quantity_before}:{each.size_before}" for each in self.types)
        return tuple(named(self.dynos))

    @property
    def after(self) -> tuple[str, ...]:
        """What is wanted, for a scale."""
        return tuple(f"{each.type}={each.quantity_after}:{each.size_after}" for each in self.types)


def scale_write(plan: ScalePlan) -> Write:
    """The one batch call of a plan that changes something."""
    return Write(verb="scale", app=plan.app, types=plan.changes, undo=("herodyno", "scale", *plan.undo))


def dyno_write(verb: Literal["restart", "stop"], app: str, dyno: Dyno) -> Write:
    """A restart or stop of one incarnation. Its id is sent, so that it can never hit the dyno that replaces it."""
    return Write(verb=verb, app=app, dyno=dyno.id or dyno.name, dynos=(dyno,))


def named(dynos: Iterable[Dyno]) -> list[str]:
    """ "web.1 (6f1c02ab)" for each, in natural order."""
    return [f"{dyno.name} ({short_id(dyno.id)})" for dyno in sorted(dynos, key=lambda each: natural_order(each.name))]
