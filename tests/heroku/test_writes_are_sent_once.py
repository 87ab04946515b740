"""However the connection breaks, one intent is at most one write at the server, and never told as not done."""

from __future__ import annotations

import random

import pytest

from herodyno.errors import HerodynoError, PlatformFailed, WriteUnclear
from tests.heroku.clients import Client
from tests.heroku.faults import Line, Script, closed, faults, head, raw, reset

BODY = b'[{"name": "web.1"}]'
REPLY = head(202, content_type="application/json", content_length=len(BODY)) + BODY


def broken(chance: random.Random) -> Script:
    """A reply cut at a random byte, by RST or in good order, whole at times, or a 503."""
    if chance.random() < 0.1:
        return raw(head(503, content_length=0))
    cut = chance.randrange(len(REPLY) + 1)
    return raw(REPLY[:cut], then=chance.choice([reset, closed]))


def broken_before(chance: random.Random) -> Script | None:
    """At times the connection breaks before the request is read."""

    def script(line: Line) -> None:
        if chance.random() < 0.3:
            reset(line)

    return script


def check(method: str, seed: int) -> None:
    chance = random.Random(seed)
    told: HerodynoError | None = None
    with faults(broken(chance), before=broken_before(chance)) as server:
        made = Client(server)
        try:
            made.transport.request(method, "/apps/example-app/dynos", body={})
        except HerodynoError as error:
            told = error
        made.transport.close()
    assert len(server.asked) <= 1, f"seed {seed}"
    may_have_happened = told is None or isinstance(told, WriteUnclear | PlatformFailed)
    assert may_have_happened or not server.asked, f"seed {seed}: {told!r}"


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_66_i7_a_broken_connection_never_doubles_a_write(method: str) -> None:
    for seed in range(40):
        check(method, seed)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
def test_i7_a_thousand_broken_connections_never_double_a_write(method: str) -> None:
    for seed in range(1000, 2000):
        check(method, seed)
