"""A drain on this machine gets what Logplex would post. A drain elsewhere gets nothing."""

from __future__ import annotations

import pytest

from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.heroku_facts import DRAIN_TRIES
from herodyno.sandbox.world.world import World
from tests.sandbox.conftest import MakeWorld

URL = "http://127.0.0.1:9/drain?key=1"


class Receiver:
    """Takes bodies with the next status of its list."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        self.got.append((url, body, headers))
        return self.statuses.pop(0) if self.statuses else 204

    @property
    def frame_ids(self) -> list[str]:
        return [headers["Logplex-Frame-Id"] for _, _, headers in self.got]


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def delivery(world: World, receiver: Receiver, url: str = URL) -> Delivery:
    world.add_drain("example-app", url)
    made = Delivery(world, State(account=world.account), receiver)
    made.deliver()  # a drain sees what is said after it was added
    return made


def say(world: World, *texts: str) -> None:
    for text in texts:
        world.say("example-app", "web.1", text)
        world.tick(3)


def test_new_lines_are_posted_as_counted_frames_under_the_drains_token(world: World) -> None:
    receiver = Receiver()
    drains = delivery(world, receiver)
    say(world, "one", "two")
    drains.deliver()
    [(url, body, headers)] = receiver.got
    assert url == URL
    assert (headers["Content-Type"], headers["Logplex-Msg-Count"]) == ("application/logplex-1", "2")
    assert headers["Logplex-Drain-Token"] == world.app("example-app").drains[0].token
    length, _, rest = body.partition(b" ")
    assert rest[: int(length)].endswith(b" host app web.1 - one\n")


def test_a_body_that_was_not_taken_comes_again_under_the_same_frame_id(world: World) -> None:
    receiver = Receiver(300, 199, 200)
    drains = delivery(world, receiver)
    for text in ("one", "two", "three"):
        say(world, text)
        drains.deliver()
    assert len(set(receiver.frame_ids[:3])) == 1
    assert len({body for _, body, _ in receiver.got[:3]}) == 1
    assert len(set(receiver.frame_ids)) == 2
    assert receiver.got[3][2]["Logplex-Msg-Count"] == "2"


def test_lines_that_nobody_takes_are_lost_and_the_log_says_l10(world: World) -> None:
    receiver = Receiver(*[503] * DRAIN_TRIES)
    drains = delivery(world, receiver)
    say(world, "one", "two")
    for _ in range(DRAIN_TRIES):
        drains.deliver()
    world.tick(3)
    assert f"drain '{world.app('example-app').drains[0].token}' dropped 2 messages" in world.log_text("example-app")


@pytest.mark.parametrize("url", ["https://example.com/", "http://logs.example.com/", "syslog://127.0.0.1:514"])
def test_nothing_leaves_this_machine(world: World, url: str) -> None:
    receiver = Receiver()
    drains = delivery(world, receiver, url)
    say(world, "one")
    drains.deliver()
    assert receiver.got == []


def test_a_drain_that_was_removed_is_left_alone(world: World) -> None:
    receiver = Receiver()
    drains = delivery(world, receiver)
    world.remove_drain("example-app", URL)
    say(world, "one")
    drains.deliver()
    assert receiver.got == []
    assert not world.app("example-app").log._tails
