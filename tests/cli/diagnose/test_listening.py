"""`--listen`: the log is followed for as long as was said, through breaks, told on a terminal, and judged then."""

import io
import json
import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.cli.diagnose.fetch import live_inputs
from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.diagnose.listening import Heard, listen
from herodyno.cli.session import Session
from herodyno.errors import NotFound
from herodyno.render.output import Output
from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.world.world import World
from tests.conftest import TOKEN, Terminal


@pytest.fixture
def listener(world: World) -> Callable[..., Session]:
    """Make a session whose world goes on by two seconds whenever the log runs dry."""

    def make(*, terminal: bool = False, **options: object) -> Session:
        def turn() -> bool:
            world.tick(2)
            return True

        stderr = (Terminal if terminal else io.TextIOWrapper)(io.BytesIO(), encoding="utf-8", newline="\n")
        output = Output(io.StringIO(), stderr, {"TERM": "xterm"})
        output.utc = True
        return Session(
            output,
            environ={"HEROKU_API_KEY": TOKEN},
            clock=lambda: world.now,
            httpx_transport=httpx.WSGITransport(application(world, wait=turn, options=Options(**options))),  # type: ignore[arg-type] # names of Options
        )

    return make


def said(session: Session) -> str:
    stream = session.output._stderr
    assert isinstance(stream, io.TextIOWrapper)
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@pytest.mark.parametrize("world", ["too-little-data"], indirect=True)
def test_too_little_becomes_enough(listener: Callable[..., Session], world: World) -> None:
    session = listener()
    before = judged(session, live_inputs(session, "example-app"))
    after = judged(session, live_inputs(session, "example-app", listen_seconds=900))
    assert before.verdict.kind == "not_enough_data"
    assert after.verdict.kind == "nothing_found"
    assert after.coverage.seconds >= 900
    assert (after.coverage.cap, after.coverage.source) == (None, "log-session")


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_fir_is_listened_to_without_being_told(listener: Callable[..., Session]) -> None:
    session = listener()
    found = judged(session, live_inputs(session, "example-app", fir_seconds=120))
    assert found.verdict.kind == "one_dyno"
    assert found.coverage.cap is None
    assert "listening for 2 min" in said(session)


def test_a_session_that_breaks_is_renewed_and_no_line_is_lost_or_doubled(
    listener: Callable[..., Session], world: World
) -> None:
    heard = listen(listener(cut_after=400), "example-app", 240, generation="cedar")
    texts = [line.raw for line in heard.lines]
    whole = world.full_log("example-app").splitlines()
    start = whole.index(texts[0])
    assert texts == whole[start : start + len(texts)]
    assert (heard.complete, heard.remarks) == (True, ())


def test_on_a_terminal_a_line_shows_how_far_it_is_and_then_goes(
    listener: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    for seconds in ("FIRST_SECONDS", "EVERY_SECONDS"):  # the simulated half minute takes no time here
        monkeypatch.setattr(f"herodyno.render.in_place.progress.{seconds}", 0.0)
    session = listener(terminal=True)
    inputs = live_inputs(session, "example-app", listen_seconds=30)
    session.output.note("done")
    told = said(session)
    assert "\r\x1b[2Klistening for 30 s, until 02:07:00 UTC\r" in told
    assert re.search(r"\r\x1b\[2Klistening until 02:07:00 UTC \S*━\S* +[\d,]+ lines", told)
    assert max(len(part) for part in told.split("\r\x1b[2K")) < 80
    assert told.endswith("\r\x1b[2Kdone\n")
    assert judged(session, inputs).verdict.kind == "one_dyno"


def test_in_a_pipe_one_line_says_until_when(listener: Callable[..., Session]) -> None:
    session = listener()
    live_inputs(session, "example-app", listen_seconds=30)
    assert said(session) == "listening for 30 s, until 02:07:00 UTC\n"


def test_lines_on_their_way_at_the_end_are_waited_for(listener: Callable[..., Session], world: World) -> None:
    began = world.now
    heard = listen(listener(), "example-app", 20, generation="cedar")
    newest = max(line.at for line in heard.lines if line.at)
    assert newest >= began + timedelta(seconds=17)


def test_ctrl_c_judges_what_was_heard_so_far_and_a_second_one_leaves(
    listener: Callable[..., Session], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = listener()
    turns = 0

    def pressed() -> datetime:
        nonlocal turns
        turns += 1
        if turns > 20:
            raise KeyboardInterrupt
        return world.now

    def listened(*words: object, **options: object) -> Heard:
        session.now = pressed
        try:
            return listen(*words, **options)  # type: ignore[arg-type] # as they come
        finally:
            session.now = lambda: world.now

    monkeypatch.setattr("herodyno.cli.diagnose.listening.listen", listened)
    line = ["diagnose", "-a", "example-app", "--listen", "1h"]
    assert run(line, session) in (10, 20)
    assert re.search(r"ended by Ctrl-C: judging the [\d,]+ lines heard so far; again: leave", said(session))

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    turns = 0
    monkeypatch.setattr("herodyno.cli.diagnose.work.judged", interrupted)
    assert run(line, session) == 130


def test_ctrl_c_before_any_line_leaves_with_130(
    listener: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("herodyno.cli.session.Session.tail", interrupted)
    assert run(["diagnose", "-a", "example-app", "--listen", "1h"], listener()) == 130


def test_an_app_that_is_not_there_is_said_at_once(listener: Callable[..., Session]) -> None:
    with pytest.raises(NotFound):
        live_inputs(listener(), "no-such-app", listen_seconds=300)


def test_what_was_heard_can_be_kept_and_judged_again(
    listener: Callable[..., Session], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("bundle") / "heard.zip"
    printed = []
    for words in ("-a example-app --listen 1m --bundle", "--from-bundle"):
        session, stdout = listener(), io.StringIO()
        monkeypatch.setattr(sys, "stdout", stdout)
        session.output = Output(stdout, None, {})
        assert run(["diagnose", "--json", *words.split(), str(path)], session) == 20
        printed.append(json.loads(stdout.getvalue()))
    assert printed[0]["verdict"] == printed[1]["verdict"]
    assert printed[0]["incarnations"] == printed[1]["incarnations"]
