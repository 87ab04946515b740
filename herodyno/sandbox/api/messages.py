"""What goes in and out of the simulated API: a request, a reply, and the call that a handler gets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from herodyno.sandbox.api.state import State
from herodyno.sandbox.world.resources import App, Refused
from herodyno.sandbox.world.world import World

Json = dict[str, Any]
Variant = Literal["3", "3.sdk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request. Header names are in lower case. `path` is decoded and has no query."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One HTTP reply. `body` is JSON. `ranges` names what a list in pages can be sorted by, the default first."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ranges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request and its handler's arguments. `args` are the varying parts of the path, in order."""

    world: World
    state: State
    request: Request
    args: tuple[str, ...]
    variant: Variant
    token: str

    @property
    def app(self) -> App:
        """The app that the path names first. Refused: 404 when there is none, 403 when it is forbidden."""
        app = self.world.app(self.args[0])
        if app.name in self.state.options.forbidden_apps:
            raise Refused(403, "forbidden", f"You do not have access to the app {app.name}.")
        return app

    @property
    def body(self) -> Json:
        """The JSON object that was sent, {} for an empty body. Refused (400) for anything else."""
        try:
            sent = json.loads(self.request.body or b"{}")
            json.dumps(sent, ensure_ascii=False).encode()  # half a surrogate pair would break the log that it comes to
        except (ValueError, RecursionError):
            sent = None
        if not isinstance(sent, dict):
            raise Refused(400, "bad_request", "Request invalid, validate usage and try again.")
        return sent


def text(sent: Json, key: str) -> str:
    """The text under `key`, "" when it is absent or null. Refused (422) for anything else."""
    value = sent.get(key)
    if value is not None and not isinstance(value, str):
        raise Refused(422, "invalid_params", f"{key} must be a string.")
    return value or ""
