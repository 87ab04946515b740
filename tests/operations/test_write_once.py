"""On real sockets: a connection that breaks before, during or after the reply never makes a second write."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from herodyno.dynos import Dyno
from herodyno.errors import HerodynoError, PlatformFailed, WriteUnclear
from herodyno.heroku.api.platform import Platform
from herodyno.operations.executor import Executor
from herodyno.operations.journal import Journal
from herodyno.operations.rollback_plan import plan_rollback
from herodyno.operations.scale.grammar import parse_scale_words
from herodyno.operations.scale.plan import plan_scale, scale_write
from herodyno.operations.writes import Write, dyno_write
from tests.heroku.clients import Client
from tests.heroku.faults import FaultServer, Line, closed, faults, head, raw, reply, reset

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
APP = "example-app"
OLD, NEW = "6f1c02ab-0000-4000-8000-000000000001", "0b77e1d0-0000-4000-8000-000000000002"
RELEASES = [
    {"version": 41, "id": OLD, "status": "succeeded", "slug": {"id": OLD}},
    {"version": 42, "id": NEW, "status": "succeeded", "slug": {"id": NEW}},
    {"version": 43, "id": NEW, "status": "succeeded", "slug": {"id": OLD}, "description": "Rollback to v41"},
]
ACCEPTED = head(202, content_type="application/json", content_length=2) + b"{}"


class Heroku:
    """Answers reads rightly, but late; what it does with a write, and how its answer breaks, is up to chance.

    The list of dynos has the old one for up to six seconds of `now`.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.is_done = False
        self.lag = random.Random(seed).uniform(0, 6)
        self.now: Callable[[], float] = lambda: 0.0

    def before(self, line: Line) -> None:
        if self.chance.random() < 0.1:
            reset(line)

    def answer(self, server: FaultServer) -> Callable[[Line], None]:
        def script(line: Line) -> None:
            asked = server.asked[-1]
            if asked.method == "GET":
                quantity = 3 if self.is_done else 2
                formation = [{"type": "web", "quantity": quantity, "size": "Standard-1X"}]
                shows = self.is_done and self.now() >= self.lag
                releases = RELEASES[: 2 + self.is_done]
                dynos = [{"name": "web.1", "type": "web", "id": NEW if shows else OLD, "state": "up"}]
                shown = {"formation": formation, "releases": releases}.get(asked.path.rpartition("/")[2], dynos)
                return reply(200, shown)(line)
            self.is_done = self.chance.random() < 0.5
            if self.chance.random() < 0.1:
                return raw(head(503, content_length=0))(line)
            whole = head(200, content_type="application/json", content_length=2) + b"[]"
            data = whole if asked.method == "PATCH" else ACCEPTED
            if asked.path.endswith("/releases"):
                made = json.dumps(RELEASES[2]).encode()
                data = head(201, content_type="application/json", content_length=len(made)) + made
            cut = self.chance.randrange(len(data) + 1)
            return raw(data[:cut], then=self.chance.choice([reset, closed]))(line)

        return script


def write_of(verb: Any, platform: Platform) -> Write:
    if verb == "scale":
        return scale_write(plan_scale(APP, parse_scale_words(["web+1"]), platform.formation(APP), []))
    if verb == "rollback":
        return plan_rollback(APP, None, platform.releases(APP), []).write
    return dyno_write(verb, APP, Dyno(name="web.1", id=OLD, type="web"))


def check(verb: str, seed: int, folder: Path) -> None:
    heroku = Heroku(seed)
    with faults(before=heroku.before) as server:
        server.scripts = (heroku.answer(server),)
        client = Client(server)
        heroku.now = lambda: sum(client.slept)
        platform = Platform(client.transport)
        executor = Executor(
            platform, Journal(folder), now=lambda: AT, note=client.notes.append, sleep=client.slept.append
        )
        told: HerodynoError | None = None
        try:
            executor.send(write_of(verb, platform))
        except HerodynoError as error:
            told = error
        client.transport.close()
    writes = [asked for asked in server.asked if asked.method != "GET"]
    assert len(writes) <= 1, f"seed {seed}"
    if told is None:
        assert len(writes) == 1
    elif writes:
        assert isinstance(told, WriteUnclear | PlatformFailed), f"seed {seed}: {told!r}"


@pytest.mark.parametrize("verb", ["scale", "restart", "stop", "rollback"])
def test_b9_to_b12_a_broken_connection_never_doubles_a_write(verb: str, tmp_path: Path) -> None:
    for seed in range(25):
        check(verb, seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["scale", "restart", "stop", "rollback"])
def test_a_thousand_broken_connections_never_double_a_write(verb: str, tmp_path: Path) -> None:
    for seed in range(1000, 2000):
        check(verb, seed, tmp_path / str(seed))
