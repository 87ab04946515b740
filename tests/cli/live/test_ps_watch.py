"""`ps --watch`: a line per change in a pipe, one frame on a terminal; an outage is said once and outlived."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke


def test_in_a_pipe_all_is_a_line_at_first_and_then_each_change(
    invoke: Invoke, world: World, then: Callable[..., None]
) -> None:
    old = {dyno.name: dyno.id[:8] for dyno in world.dynos("example-app")}
    then(lambda: None, lambda: world.restart("example-app", dyno="web.2"), *[lambda: None] * 20)
    stdout, stderr, code = invoke("ps --watch 2s -a example-app --utc")
    lines = [line.split(maxsplit=2)[1:] for line in stdout.splitlines()]
    assert code == 130
    assert lines[:3] == [
        ["release", "v412"],
        ["web", "wanted 4 x Standard-1X"],
        ["web.1", f"{old['web.1']}  up, Standard-1X, v412"],
    ]
    later = [words for name, words in lines[6:] if name == "web.2"]
    new = next(dyno.id[:8] for dyno in world.dynos("example-app") if dyno.name == "web.2")
    assert later[0] == f"{old['web.2']} -> {new}  starting, Standard-1X, v412"
    assert later[-1] == f"{new}  starting -> up"
    assert len(lines) == 6 + len(later)
    assert stderr.splitlines()[0] == "a look every 2 s: about 2,160 API calls an hour of 4,500; Ctrl-C ends it"


def test_json_is_a_document_per_change(invoke: Invoke, then: Callable[..., None]) -> None:
    then(lambda: None)
    stdout, _, code = invoke("ps web.2 --watch --json -a example-app")
    documents = [valid(line) for line in stdout.splitlines()]
    assert code == 130
    assert [(each["kind"], each["name"], each["before"]) for each in documents] == [
        ("release", None, None),
        ("dyno", "web.2", None),
    ]


def test_on_a_terminal_a_look_takes_the_place_of_the_look_before(invoke: Invoke, then: Callable[..., None]) -> None:
    then(lambda: None, lambda: None)
    stdout, _, code = invoke("ps --watch -a example-app --no-color", terminal=True)
    frames = stdout.split("\x1b[?2026h")[1:]
    height = frames[0].count("\n")
    assert (len(frames), code) == (2, 130)
    assert frames[1].startswith(f"\r\x1b[{height}A\x1b[J")
    assert "example-app" in frames[1]
    assert "\x1b[?1049h" not in stdout  # the usual screen
    assert "\x1b[?25l" not in stdout  # the cursor stays


def test_an_outage_is_said_once_and_the_watch_goes_on(
    invoke: Invoke, world: World, then: Callable[..., None], heroku_is: Callable[[str], None]
) -> None:
    then(lambda: None, lambda: heroku_is("down"), *[lambda: None] * 3, lambda: heroku_is("up"), lambda: None)
    stdout, stderr, code = invoke("ps --watch 5s -a example-app --utc")
    said = stderr.splitlines()[1:]
    assert code == 130
    assert len(stdout.splitlines()) == 6
    assert len(said) == 2
    assert said[0].startswith("no answer since 02:")
    assert said[0].endswith("; looking on")
    assert said[1].startswith("the API answers again, after ")


def test_the_frame_shows_how_old_it_is(
    invoke: Invoke, then: Callable[..., None], heroku_is: Callable[[str], None]
) -> None:
    then(lambda: None, lambda: heroku_is("down"), lambda: None)
    stdout, _, _ = invoke("ps --watch 2s -a example-app --no-color --utc", terminal=True)
    last = stdout.split("\x1b[?2026h")[-1]
    assert "no answer since 02:" in last
    assert "web.4" in last


def test_it_waits_for_an_api_that_is_down_at_the_beginning(
    invoke: Invoke, then: Callable[..., None], heroku_is: Callable[[str], None]
) -> None:
    heroku_is("down")
    then(lambda: None, lambda: heroku_is("up"), lambda: None)
    stdout, stderr, code = invoke("ps --watch 2s -a example-app")
    assert "no answer yet (" in stderr
    assert (len(stdout.splitlines()), code) == (6, 130)


def test_a_lost_login_ends_it(invoke: Invoke, then: Callable[..., None], heroku_is: Callable[[str], None]) -> None:
    then(lambda: None, lambda: heroku_is("revoked"), lambda: None)
    stdout, _, code = invoke("ps --watch 2s -a example-app")
    assert (len(stdout.splitlines()), code) == (6, 4)


@pytest.mark.parametrize(("words", "code"), [("-a no-such-app", 5), ("web.9 -a example-app", 5)])
def test_what_is_not_there_ends_it(invoke: Invoke, words: str, code: int) -> None:
    assert invoke(f"ps --watch {words}").code == code


@pytest.mark.parametrize("text", ["1s", "0s", "2h", "often"])
def test_an_absurd_interval_is_refused_whole(invoke: Invoke, text: str) -> None:
    stdout, stderr, code = invoke(f"ps --watch={text} -a example-app")
    assert (stdout, code) == ("", 2)
    assert "--watch" in stderr
