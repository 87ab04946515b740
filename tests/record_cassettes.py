"""Record every cassette anew: `python tests/record_cassettes.py`; a real app: `… --real NAME`.

The real client talks to the sandbox inside this process, under Heroku's own addresses. Each cassette
therefore shows what the client sends and how it reads the sandbox's replies; it is no recording of
Heroku, and every reply says so in its X-Herodyno-Sandbox header.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx
import vcr
import yaml

from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.heroku.api.platform import Platform
from herodyno.render.output import Output
from herodyno.sandbox.doors.wsgi import application
from herodyno.sandbox.incidents.scenarios import scenario

FOLDER = Path(__file__).parent.parent / "cassettes"
TOKEN = "HRKU-a-token-that-must-never-be-seen"  # made up: no token of Heroku's


class Case(NamedTuple):
    """A cassette, the incident it shows, and the command line that is run."""

    name: str
    scenario: str
    line: str


CASES = (
    Case("ps/one-bad-dyno", "one-bad-dyno", "ps -a example-app"),
    Case("ps/both-dynos-crashed", "crash-loop", "ps -a example-app"),
    Case("ps/scaled-to-zero", "scaled-to-zero", "ps -a example-app"),
    Case("ps/no-such-app", "healthy", "ps -a no-such-app"),
    Case("diagnose/one-bad-dyno", "one-bad-dyno", "diagnose -a example-app"),
    Case("diagnose/too-little-data", "too-little-data", "diagnose -a example-app"),
)

PERSON = re.compile(r"[\w.+-]+@(?!example\.(?:com|org|net))[\w-]+(?:\.[\w-]+)+")
# What a cassette keeps of a request's headers: those that change what is answered.
KEPT = ("accept", "range", "content-type")
# The addresses of log sessions and attached dynos hold secrets; the same secret gets the same word.
SECRET_URL = re.compile(r"(https://(?:logs-api\.|[^/\"]*logplex)[^/\"]*|rendezvous://[^/\"]+)/[^\"\s]+")


def scrub_request(request: Any) -> Any:
    """The request as it is kept and matched."""
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT}
    request.uri = SECRET_URL.sub(r"\1/SECRET", request.uri)
    return request


def scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    """The reply without secret addresses."""
    body = response.get("content", response.get("body"))
    if isinstance(body, dict):
        body["string"] = _scrubbed(body["string"])
    elif isinstance(body, bytes | str):
        response["content"] = _scrubbed(body)
    return response


def _scrubbed(body: Any) -> Any:
    if isinstance(body, bytes):
        return _scrubbed(body.decode()).encode()
    return PERSON.sub("someone@example.com", SECRET_URL.sub(r"\1/SECRET", body))


def same_range(one: Any, two: Any) -> None:
    """The requests ask for the same part of a list."""
    assert {n.lower(): v for n, v in one.headers.items()}.get("range") == {
        n.lower(): v for n, v in two.headers.items()
    }.get("range")


def recorder(record_mode: str) -> Any:
    """A VCR that keeps no secret and matches on all that identifies a request."""
    made = vcr.VCR(
        record_mode=record_mode,
        match_on=("method", "scheme", "host", "path", "query", "body", "same_range"),
        before_record_request=scrub_request,
        before_record_response=scrub_response,
        decode_compressed_response=True,
    )
    made.register_matcher("same_range", same_range)
    return made


def session_of(case: Case, transport: httpx.BaseTransport, clock: Callable[[], Any]) -> Session:
    """A session that sees nothing of this machine."""
    environ = {"HEROKU_API_KEY": TOKEN, "HOME": "/nonexistent"}
    return Session(Output.of_process(environ), environ=environ, clock=clock, httpx_transport=transport)


def one_by_one(_: Platform, *thunks: Callable[[], object]) -> tuple[object, ...]:
    """Side by side the order is chance; a cassette must be the same each time."""
    return tuple(thunk() for thunk in thunks)


def record(case: Case, folder: Path) -> Path:
    """Record one cassette of the sandbox into the folder and return its path."""
    world = scenario(case.scenario)
    session = partial(session_of, case, httpx.WSGITransport(application(world)), lambda: world.now)
    origin = f"herodyno's sandbox, scenario {case.scenario}"
    return _recorded(case, folder, session, origin, world.now)


def record_real(app: str) -> list[Path]:
    """Record a real app with the token in HEROKU_API_KEY."""
    now = datetime.now(UTC)
    made = []
    for command in ("ps", "diagnose"):
        case = Case(f"real/{command}", "", f"{command} -a {app}")
        made.append(_recorded(case, FOLDER, lambda: Session(Output.of_process()), "Heroku", now))
    return made


def _recorded(case: Case, folder: Path, session: Callable[[], Session], origin: str, at: datetime) -> Path:
    path = folder / f"{case.name}.yaml"
    path.unlink(missing_ok=True)
    silent = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with (
        patch.object(Platform, "gather", one_by_one),
        patch.object(sys, "stdout", silent),
        patch.object(sys, "stderr", silent),
        recorder("all").use_cassette(str(path)),
    ):
        run(shlex.split(case.line), session())
    kept = yaml.dump(yaml.safe_load(path.read_text(encoding="utf-8")), Dumper=Readable, width=1000)
    heading = f"# Recorded from {origin}: herodyno {case.line}\n# at: {at.isoformat()}\n"
    path.write_text(heading + kept, encoding="utf-8")
    return path


class Readable(yaml.SafeDumper):
    """Bodies as blocks of lines, so that a person can review a cassette."""


Readable.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def time_of(path: Path) -> str:
    """When the cassette was recorded, on the sandbox's clock."""
    return path.read_text(encoding="utf-8").splitlines()[1].removeprefix("# at: ")


def interactions(path: Path) -> list[dict[str, Any]]:
    """What was asked and answered."""
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
    return found


if __name__ == "__main__":
    is_real = sys.argv[1:2] == ["--real"]
    paths = record_real(sys.argv[2]) if is_real else [record(case, FOLDER) for case in CASES]
    print(*(path.relative_to(FOLDER) for path in paths), sep="\n")
