"""The cassettes play back to the answers the sandbox gives, say where they come from, and hold no secret."""

import json
import re
import shlex
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from herodyno.cli.app import run
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario
from tests.record_cassettes import CASES, FOLDER, TOKEN, Case, interactions, record, recorder, session_of, time_of

FILES = sorted(FOLDER.rglob("*.yaml"))
SECRETS = re.compile(
    r"HRKU-|[Aa]uthorization|Bearer |rendezvous://[^/\s]+/(?!SECRET)|srv=|/sessions/|[Pp]assword|"
    r"[\w.+-]+@(?!example\.(?:com|org|net))[\w-]+\.\w+"
)


def nothing_else(request: httpx.Request) -> httpx.Response:
    """What answers when a cassette does not."""
    raise AssertionError(f"not on the cassette: {request.method} {request.url}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_cassette_plays_to_its_end_and_gives_the_answer_of_the_sandbox(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    path = FOLDER / f"{case.name}.yaml"
    with recorder("none").use_cassette(str(path)) as cassette:
        at = datetime.fromisoformat(time_of(path))
        code = run([*shlex.split(case.line), "--json"], session_of(case, httpx.MockTransport(nothing_else), lambda: at))
        assert cassette.all_played
    replayed = capsys.readouterr()
    world = scenario(case.scenario)
    session = session_of(case, httpx.WSGITransport(application(world)), lambda: world.now)
    assert run([*shlex.split(case.line), "--json"], session) == code
    live = capsys.readouterr()
    assert _known(replayed.out) == _known(live.out)


def _known(text: str) -> object:
    document = json.loads(text) if text else {}
    document.pop("api", None)  # the budget of calls counts down in the order of arrival, which is chance
    return document


def test_a_request_that_differs_is_not_answered(capsys: pytest.CaptureFixture[str]) -> None:
    path = FOLDER / "ps/one-bad-dyno.yaml"
    with recorder("none").use_cassette(str(path)):
        at = datetime.fromisoformat(time_of(path))
        session = session_of(CASES[0], httpx.MockTransport(nothing_else), lambda: at)
        assert run(["ps", "-a", "another-app"], session) != 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_recording_again_gives_the_same_bytes(case: Case, tmp_path: Path) -> None:
    assert record(case, tmp_path).read_bytes() == (FOLDER / f"{case.name}.yaml").read_bytes()


def test_every_cassette_is_of_a_case_or_of_a_real_account() -> None:
    known = {FOLDER / f"{case.name}.yaml" for case in CASES}
    assert {path for path in FILES if (FOLDER / "real") not in path.parents} == known


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_reply_says_that_it_comes_from_the_sandbox(path: Path) -> None:
    if (FOLDER / "real") in path.parents:
        return
    for told in interactions(path):
        assert "x-herodyno-sandbox" in {name.lower() for name in told["response"]["headers"]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_cassette_holds_a_secret(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert TOKEN not in text
    assert SECRETS.search(text) is None, SECRETS.search(text)
