"""Log sessions: history, tail, filters, both framings, the end of a session, and reconnecting."""

from __future__ import annotations

import re
from typing import Any

import pytest

from herodyno.sandbox.doors.logplex import TAIL_CAPACITY
from herodyno.sandbox.world.world import World
from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """300 lines of web.1, web.2 and worker.1 in turn, each saying its number."""
    world = make_world(web=2, worker=1)
    for number in range(300):
        world.say("example-app", ("web.1", "web.2", "worker.1")[number % 3], f"number {number}")
        world.tick(3)  # some lines come late: not so late
    return world


def session(api: Api, **asked: Any) -> dict[str, Any]:
    made: dict[str, Any] = api("POST", "/apps/example-app/log-sessions", asked).json()
    return made


def said(text: str) -> list[str]:
    return re.findall(r"number \d+", text)


def test_without_a_wish_the_last_hundred_lines_come_as_text(world: World) -> None:
    api = Api(world)
    reply = api.log(session(api))
    assert reply.headers["Content-Type"].startswith("text/plain")
    assert len(reply.text.splitlines()) == 100
    assert said(reply.text)[-1] == "number 299"


def test_a_line_begins_with_its_time_and_source(world: World) -> None:
    api = Api(world)
    last = api.log(session(api, lines=20, dyno="worker.1")).text.splitlines()[-1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 app\[worker\.1\]: number 299", last)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"dyno": "web.2"}, {"web.2"}),
        ({"dyno": "web"}, {"web.1", "web.2"}),
        ({"type": "worker"}, {"worker.1"}),
        ({"source": "app", "dyno": "web.1"}, {"web.1"}),
        ({"source": "heroku", "dyno": "web.1"}, set()),
    ],
)
def test_a_session_filters_by_dyno_type_and_source(world: World, asked: dict[str, str], names: set[str]) -> None:
    api = Api(world)
    text = api.log(session(api, lines=200, **asked)).text
    assert set(re.findall(r"\[([\w.]+)\]: number", text)) == names


def test_a_filter_works_on_the_last_lines_only(world: World) -> None:
    api = Api(world)
    assert said(api.log(session(api, lines=6, dyno="web.2")).text) == ["number 295", "number 298"]


def test_events_carry_numbers_and_a_returning_client_misses_nothing(world: World) -> None:
    api = Api(world)
    asked = session(api, lines=10)
    first = api.log(asked, accept="text/event-stream")
    assert first.headers["Content-Type"] == "text/event-stream"
    numbers = [int(number) for number in re.findall(r"^id: (\d+)$", first.text, re.MULTILINE)]
    assert numbers == list(range(numbers[0], numbers[0] + 10))

    world.say("example-app", "web.1", "number 1000")
    world.say("example-app", "web.1", "number 1001")
    world.tick(1)
    again = api.log(asked, accept="text/event-stream", last_event_id=str(numbers[-1]))
    assert said(again.text)[-2:] == ["number 1000", "number 1001"]
    assert int(re.findall(r"^id: (\d+)$", again.text, re.MULTILINE)[0]) == numbers[-1] + 1


def test_a_tail_follows_as_long_as_somebody_turns_the_world(world: World) -> None:
    api = Api(world)
    turns = iter(range(500, 503))

    def turn() -> bool:
        number = next(turns, None)
        if number is not None:
            world.say("example-app", "web.1", f"number {number}")
            world.tick(1)
        return number is not None

    api.state.wait = turn
    assert said(api.log(session(api, lines=1, tail=True)).text)[-3:] == ["number 500", "number 501", "number 502"]
    assert not world.app("example-app").log._tails


def test_a_reader_that_is_too_slow_loses_lines_and_is_told(world: World) -> None:
    api = Api(world)
    turns = iter([True, False])

    def much() -> bool:
        for _ in range(TAIL_CAPACITY // 50 + 1):
            world.say("example-app", "web.1", "\n".join(["much"] * 50))
        world.tick(5)
        return next(turns)

    api.state.wait = much
    text = api.log(session(api, lines=0, tail=True)).text
    assert "heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped" in text
    assert text.count("]: much") == TAIL_CAPACITY


def test_a_tail_is_cut_on_request_and_a_session_ends_in_time(world: World) -> None:
    def speak() -> bool:
        world.say("example-app", "web.1", "number 7")
        world.tick(1)
        return True

    cut = Api(world, cut_after=5)
    cut.state.wait = speak
    assert len(said(cut.log(session(cut, lines=0, tail=True)).text)) == 5

    short = Api(world, session_lasts=20)
    short.state.wait = speak
    asked = session(short, lines=0, tail=True)
    assert 19 <= len(said(short.log(asked).text)) <= 22
    assert (short.log(asked).status_code, short.log(asked).text) == (404, "Not found")


def test_a_session_nobody_opened_in_time_is_gone_and_a_guess_finds_none(world: World) -> None:
    api = Api(world)
    asked = session(api)
    world.tick(361)
    assert api.log(asked).status_code == 404
    assert api.log({"logplex_url": "https://logs-api.heroku.com/sessions/guess"}).status_code == 404


def test_a_fir_app_has_no_history_and_its_sessions_always_tail(make_world: MakeWorld) -> None:
    api = Api(make_world(generation="fir", size="dyno-1c-0.5gb"))
    api.world.tick(60)
    name = next(iter(api.world.app("example-app").dynos))
    turns = iter([True, False])

    def turn() -> bool:
        api.world.say("example-app", name, "number 1")
        api.world.tick(1)
        return next(turns)

    api.state.wait = turn
    text = api.log(session(api, type="web")).text
    assert said(text) == ["number 1"] * text.count("\n")
    assert "number 1" in text
