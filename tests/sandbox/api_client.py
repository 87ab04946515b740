"""A client of the sandbox's API in this process: no sockets, one line per call."""

from __future__ import annotations

from typing import Any

import httpx

from herodyno.sandbox.api.state import Options, State
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.world.world import World

ACCEPT = "application/vnd.heroku+json; version="


class Api:
    """`api("GET", "/apps")` -> httpx.Response. Options of the sandbox are given by name."""

    def __init__(self, world: World, **options: Any) -> None:
        self.world = world
        self.state = State(account=world.account, options=Options(**options))
        self._client = httpx.Client(
            transport=httpx.WSGITransport(app=application(world, state=self.state)),
            base_url="https://api.heroku.com",
            trust_env=False,
        )

    def __call__(
        self, method: str, path: str, json: Any = None, *, token: str = "any", variant: str = "3.sdk", **headers: str
    ) -> httpx.Response:
        sent = {"authorization": f"Bearer {token}", "accept": ACCEPT + variant}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.request(method, path, json=json, headers={k: v for k, v in sent.items() if v})

    def log(self, session: dict[str, Any], *, accept: str = "*/*", **headers: str) -> httpx.Response:
        """What a log session's URL answers."""
        sent = {"accept": accept} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.get(session["logplex_url"], headers=sent)
