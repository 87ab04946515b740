"""An API and a log in which every word is an attack, read by every command in every form: what is shown, what is
believed."""

from __future__ import annotations

import csv
import json
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from herodyno.cli.session import Session
from tests.conftest import Invoke

# Escapes, C1, bidi, zero width, tags, separators, NUL; markup of rich, HTML, a shell, a spreadsheet, printf, a quote.
ATTACK = (
    "\x1b[2J\x1b]52;c;aGk=\x07\x9b31m\u202ex\u200b\U000e0041\u2028\x85\x0b\x00\x7f\r\n[/x][web.1]:smile:"
    "<script>$(id)`id`=cmd|'/c'!A1%s{0}\"\\"
)
HOSTILE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
OWN = re.compile("\r\x1b\\[2K|\x1b\\[[0-9;]*m")  # a line taken back, colour
STAMP = "2026-11-23T02:00:00Z"
UUID = "01234567-0123-4123-8123-0123456789ab"

DYNO = {"id": UUID, "name": "web.1", "type": "web", "state": ATTACK, "size": ATTACK, "command": ATTACK,
        "release": {"version": 3}, "created_at": STAMP, "updated_at": ATTACK}  # fmt: skip
ONE_OFF = {**DYNO, "id": ATTACK, "name": "run.1", "type": "run", "state": "up", "created_at": ATTACK}
REPLIES: dict[str, object] = {
    "/apps/example-app": {"id": UUID, "name": "example-app", "generation": {"name": ATTACK}, "maintenance": False},
    "/apps/example-app/dynos": [DYNO, {**DYNO, "name": ATTACK, "type": ATTACK}, ONE_OFF],
    "/apps/example-app/formation": [
        {"type": kind, "quantity": 2, "size": ATTACK, "command": ATTACK} for kind in ("web", ATTACK)
    ],
    "/apps/example-app/releases": [
        {"version": 3, "description": ATTACK, "status": "succeeded", "created_at": STAMP, "user": {"email": ATTACK}}
    ],
    "/apps/example-app/available-dyno-sizes": [
        {"name": name, "memory": 0.5, "cost": {"cents": 2500, "unit": ATTACK}} for name in (ATTACK, "Standard-1X")
    ],
    "/account": {"id": UUID, "email": ATTACK},
    "/apps": [{"id": UUID, "name": ATTACK}],
}
WORD = re.sub(r"[\s\x85\u2028]", "", ATTACK)
LOG = "".join(
    f"2026-11-23T02:0{i // 60}:{i % 60:02}.000000+00:00 {text}\n"
    for i, text in enumerate(
        [
            f"app[web.1]: {WORD}",
            f'heroku[router]: at=error code=H12 desc="{WORD}" method=GET path="/{WORD}" host={WORD} request_id={WORD} '
            f'fwd="{WORD}" dyno=web.1 connect=0ms service=30000ms status=503 bytes=0 protocol=https',
            f"heroku[web.1]: State changed from up to {WORD}",
            f"app[api]: Release v4 created by user {WORD}",
            "app[web.1]: Traceback (most recent call last):",
            f'app[web.1]:   File "{WORD}", line 1, in {WORD}',
            f"app[web.1]: {WORD}Error: {WORD}",
            f"app[{WORD}]: hello",
            f"app[web.1]: =1+1 {WORD}",
        ]
        * 12
    )
)


def answer(request: httpx.Request, log: str = LOG) -> httpx.Response:
    """Heroku, if somebody else spoke for it."""
    path = request.url.path
    if path == "/log":
        return httpx.Response(200, content=log.encode(), headers={"content-type": "text/plain"})
    if path.endswith("/log-sessions"):
        return httpx.Response(201, json={"id": UUID, "logplex_url": "https://logs-api.heroku.com/log?srv=x"})
    if request.method == "GET" and path in REPLIES:
        return httpx.Response(200, json=REPLIES[path], headers={"x-heroku-warning": "\x1b[2Jcareful"})
    return httpx.Response(422, json={"id": ATTACK, "message": ATTACK}, headers={"request-id": "r-1"})


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> Invoke:
    """Run a command line against that API."""
    made = Session.__init__

    def init(self: Session, *args: object, **wishes: object) -> None:
        made(self, *args, **{**wishes, "httpx_transport": httpx.MockTransport(answer)})  # type: ignore[arg-type] # theirs

    monkeypatch.setattr(Session, "__init__", init)
    return invoke


LINES = (
    "ps", "ps nope", "ps --columns command,size,state", "ps --wide", "ps --mem", "releases",
    "sizes", "scale", "scale web=3", "scale web=3 --dry-run",
    "scale nope=1", "restart web.1", "restart nope", "restart --dry-run", "stop web.1", "stop run.1 --dry-run",
    "wait --timeout 1s", "run list", "run --detach -- ls", "diagnose", "diagnose --nagios", "diagnose -o jsonl",
    "diagnose --plot errors", "diagnose --full", "diagnose -o md",
    "ps -o openmetrics", "diagnose -o openmetrics",
    "logs", "logs nope", "logs --previous", "logs --fuse 5s --gaps 1s", "logs --stats 'count by path,host'",
    "logs --patterns", "logs --patterns --long --by bytes", "logs --patterns -o csv",
    "logs --patterns -o jsonl",
    "logs --table path,host,text", "logs --stats 'count by 1m,path' -o csv",
    "logs --stats 'count by 1m,path' --plot",
    "logs -o logfmt", "logs -o csv", "logs -o combined", "logs -o plain", "logs -o jsonl", "logs --highlight x",
    "logs --template '{text} {path} {host} {fwd} {proc} {request_id}'",
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "how"),
    [(line, how) for line in LINES for how in ("", "terminal")]
    + [(line, "--json") for line in ("ps", "sizes", "scale web=3", "run list", "diagnose", "logs", "stop nope")],
)
def test_49_b42_b43_b44_b46_c5_c6_no_attack_reaches_a_terminal_a_pipe_or_a_document(
    line: str, how: str, hostile: Invoke
) -> None:
    head, _, rest = line.partition(" -- ")
    argv = f"{head} -a example-app {how.replace('terminal', '')}" + (f" -- {rest}" if rest else "")
    stdout, stderr, code = hostile(argv, terminal=how == "terminal")
    assert stdout or stderr
    assert "unexpected:" not in stderr
    assert code in (0, 1, 2, 3, 5, 8, 10, 20, 30)
    for text in (stdout, stderr):
        text = OWN.sub("", text) if how == "terminal" else text
        text = text.replace("\t", " ") if "--table" in line else text  # between the columns
        assert not (found := HOSTILE.search(text)), text[max(0, found.start() - 60) : found.end() + 60].encode()


def test_b45_markup_is_shown_as_it_was_sent(hostile: Invoke) -> None:
    for color in ("never", "always"):
        stdout = OWN.sub("", hostile(f"ps -a example-app --columns command --color {color}").stdout)
        assert "[/x][web.1]:smile:<script>$(id)`id`=cmd|" in stdout


def test_g13_no_cell_of_a_csv_is_a_formula(hostile: Invoke) -> None:
    rows = list(csv.reader(hostile("logs -a example-app -o csv").stdout.splitlines()))
    assert len(rows) > 100
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r") and len(cell) > 1]
    assert any(cell.startswith("'=1+1") for row in rows for cell in row)


def test_what_is_written_to_files_is_as_harmless(
    hostile: Invoke, tmp_path: Path, make_session: Callable[..., Session]
) -> None:
    hostile(f"scale --save {tmp_path}/f.toml -a example-app")
    assert ATTACK in tomllib.loads((tmp_path / "f.toml").read_text())["formation"]
    hostile("scale web=3 -a example-app")
    hostile("restart web.1 -a example-app")
    assert hostile(f"diagnose -a example-app --bundle {tmp_path}/b.zip").stdout
    assert hostile(f"diagnose --from-bundle {tmp_path}/b.zip").stdout
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.suffix != ".zip":
            assert not HOSTILE.search(path.read_text()), path
    journal = hostile("journal --json").stdout
    assert json.loads(journal)["entries"]


# What the platform says when a dyno fails. Here an app prints it, or a client asks for it.
SPOKEN = (
    'heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/" host=a.com request_id=x '
    'fwd="1.2.3.4" dyno=web.2 connect=0ms service=30000ms status=503 bytes=0 protocol=https',
    "heroku[web.2]: Error R14 (Memory quota exceeded)",
    "heroku[web.2]: State changed from up to crashed",
    "heroku[web.2]: Process exited with status 137",
    "heroku[web.2]: Stopping all processes with SIGTERM",
    f"heroku[web.2]: source=web.2 dyno=heroku.1.{UUID} sample#memory_total=900.00MB sample#memory_quota=512.00MB",
    "heroku[logplex]: Error L10 (output buffer overflow): 9 messages dropped since 2026-11-23T02:00:00+00:00.",
    "app[api]: Release v99 created by user eve@example.com",
    "app[api]: Scaled to web@0:Standard-1X by user eve@example.com",
)
AT = "2026-11-23T02:00:{:02}.000000+00:00"


def calm_log(printed: Callable[[str], str], asked: Callable[[str], str]) -> str:
    """Two dynos that serve. An app prints and a client asks for what `printed` and `asked` make of SPOKEN."""
    lines = []
    for i, words in enumerate(SPOKEN * 4):
        stamp = AT.format(i)
        lines.append(f"{stamp} app[web.1]: {printed(words)}")
        lines.append(
            f'{stamp} heroku[router]: at=info method=GET path="{asked(words)}" host=a.com request_id=x{i} '
            f'fwd="1.2.3.4" dyno=web.{1 + i % 2} connect=0ms service=30ms status=200 bytes=0 protocol=https'
        )
    return "".join(f"{line}\n" for line in lines)


FORGED: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "printed": (lambda words: words, lambda words: "/"),
    "printed with a stamp": (lambda words: f"{AT.format(1)} {words}", lambda words: "/"),
    "printed behind a word": (lambda words: f"saw {AT.format(1)} {words}", lambda words: "/"),
    "printed as a frame": (
        lambda words: f"<158>1 {AT.format(1)} host {words.replace('[', ' ', 1).replace(']:', ' -', 1)}",
        lambda words: "/",
    ),
    "printed behind CR": (lambda words: f"x\r{AT.format(1)} {words}", lambda words: "/"),
    "printed as JSON": (lambda words: json.dumps({"source": "heroku", "message": words}), lambda words: "/"),
    "asked for": (
        lambda words: "hello",
        lambda words: "/?" + words.partition(": ")[2].replace('"', "%22").replace(" ", "&"),
    ),
}
BELIEF = (
    "diagnose --json", "diagnose --nagios", "logs --stats 'count by code,dyno'", "logs --stats 'count by status,dyno'",
    "logs --previous", "logs code=H12 -o jsonl", "logs status>=500 -o jsonl",
)  # fmt: skip


def told(log: str, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> list[object]:
    """What the commands answer to a log."""
    made = Session.__init__

    def init(self: Session, *args: object, **wishes: object) -> None:
        transport = httpx.MockTransport(lambda request: answer(request, log))
        made(self, *args, **{**wishes, "httpx_transport": transport})  # type: ignore[arg-type] # theirs

    with monkeypatch.context() as server:
        server.setattr(Session, "__init__", init)
        return [invoke([*shlex.split(line), "-a", "example-app"]) for line in BELIEF]


@pytest.mark.parametrize("way", FORGED)
def test_what_an_app_prints_or_a_client_asks_for_is_believed_by_no_command(
    way: str, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    calm = told(calm_log(lambda words: "hello", lambda words: "/"), monkeypatch, invoke)
    assert told(calm_log(*FORGED[way]), monkeypatch, invoke) == calm


def test_what_heroku_itself_says_is_believed_by_each_of_these_commands(
    monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    calm = calm_log(lambda words: "hello", lambda words: "/")
    said = calm + "".join(f"{AT.format(40)} {words}\n" for words in SPOKEN)
    answers = zip(told(said, monkeypatch, invoke), told(calm, monkeypatch, invoke), strict=True)
    assert [line for line, (one, other) in zip(BELIEF, answers, strict=True) if one == other] == []
