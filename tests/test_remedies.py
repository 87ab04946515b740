"""`wait` and `diagnose` never contradict each other, and what diagnose advises ends the incident.

Every scenario is driven through it: diagnose, do the first thing it says that changes the app, wait, diagnose again.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from herodyno.sandbox.incidents.scenarios import SCENARIOS, duration
from herodyno.sandbox.world.world import World
from tests.conftest import Invoke

APP = "example-app"
SHORT = [name for name in SCENARIOS if duration(name) < 1000]
# One scenario for each sort of remedy. The others are in the slow run.
QUICK = {"one-bad-dyno", "release-broke-app", "scaled-to-zero", "failed-release", "rollback-that-cured"}
EACH = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SHORT]
# What the first advice that changes the app does, where there is one.
CURED_BY = {
    "one-bad-dyno": "restart", "some-bad-dynos": "restart", "lines-lost": "restart",
    "release-broke-app": "rollback", "crash-loop": "rollback", "damaged-slug": "rollback",
    "scaled-to-zero": "scale", "left-running": "stop",
}  # fmt: skip


class Seen(NamedTuple):
    """What both commands say of the app at one moment."""

    document: dict[str, Any]
    code: int
    wait: int
    wait_says: str

    @property
    def words(self) -> str:
        verdict = self.document["verdict"]
        return " ".join(
            [verdict["summary"], *verdict["details"], *(each["sentence"] for each in self.document["findings"])]
        )

    @property
    def is_at_rest(self) -> bool:
        """Whether diagnose says of nothing that it goes wrong now. A few odd errors may be too few to say anything."""
        return self.code in (0, 30) or self.document["verdict"]["ongoing"] is False


def look(invoke: Invoke) -> Seen:
    stdout, stderr, code = invoke(f"diagnose -a {APP} --json")
    assert code in (0, 10, 20, 30), stderr
    document = json.loads(stdout)
    _, said, wait = invoke(f"wait -a {APP} --timeout 1")
    return Seen(document, code, wait, said)


def assert_agree(seen: Seen) -> None:
    verdict = seen.document["verdict"]
    if "crashed" in seen.wait_says:
        assert not seen.is_at_rest, seen
        assert "crash" in seen.words or "could not be started" in seen.words, seen
    if "failed; v" in seen.wait_says:
        assert seen.code >= 10, seen
        assert "failed" in verdict["summary"], seen
    if seen.wait == 0:
        assert not re.match("all .* crashed|all .* could not be started", verdict["summary"]), seen
        assert verdict["class"] != "scaled_to_zero" or verdict["ongoing"] is False, seen
    if seen.wait == 5:
        assert verdict["class"] == "scaled_to_zero", seen


def remedy(document: dict[str, Any]) -> list[str]:
    """The first action that changes the app, as words to type."""
    return next((each["argv"] for each in document["actions"] if each["mutates"]), [])


def take(words: list[str], invoke: Invoke) -> None:
    """Do what was advised."""
    assert words[0] == "herodyno"
    answered = [] if "--confirm" in words else ["--confirm", APP]
    stdout, stderr, code = invoke(shlex.join([*words[1:], *answered]))
    assert code in (0, 10), (words, stdout, stderr)


@pytest.fixture
def advised(world: World, invoke: Invoke) -> Callable[[], list[str]]:
    def follow() -> list[str]:
        seen = look(invoke)
        assert_agree(seen)
        first = words = remedy(seen.document)
        taken = 0
        while words and taken < 3:  # two bad dynos are two restarts
            take(words, invoke)
            taken += 1
            now = look(invoke)
            assert_agree(now)
            words = [] if now.is_at_rest or remedy(now.document) == words else remedy(now.document)
        return first

    return follow


@pytest.mark.parametrize("world", EACH, indirect=True)
def test_what_is_advised_ends_the_incident_and_wait_agrees_throughout(
    world: World, invoke: Invoke, advised: Callable[[], list[str]], request: pytest.FixtureRequest
) -> None:
    name = world.truth.scenario
    words = advised()
    assert CURED_BY.get(name, "") in words or name not in CURED_BY, words
    if name not in CURED_BY:
        return
    world.tick(60)
    invoke(f"wait -a {APP}")
    world.tick(240)
    after = look(invoke)
    assert_agree(after)
    assert after.is_at_rest, after
    assert after.wait == 0
    assert remedy(after.document) in ([], words[:0]), "nothing is left to be done"


@pytest.mark.parametrize("world", ["autoscaled", "outage-with-crashes", "rollback-that-cured"], indirect=True)
def test_what_is_over_asks_for_nothing(world: World, invoke: Invoke) -> None:
    world.tick(60)
    seen = look(invoke)
    assert_agree(seen)
    assert seen.document["verdict"]["ongoing"] is False, seen
    assert seen.code < 20
    assert remedy(seen.document) == []
