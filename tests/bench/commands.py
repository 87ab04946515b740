"""herodyno against the official CLI on the same loopback Heroku, and against the bare interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import Command, Cost, in_turn, once, surroundings
from tests.bench.rows import Row

HERE = Path(__file__).parent
PASS = "`python -c pass`"
SCRIPT_OF_PIP_26 = "import sys; from herodyno.__main__ import main; sys.exit(main())"
APP = "example-app"
LOG_ALONE = """
import http.client, json, os, sys
from urllib.parse import urlsplit
def ask(method, url, body=None):
    headers = {"Authorization": "Bearer " + os.environ["HEROKU_API_KEY"], "Content-Type": "application/json",
               "Accept": "application/vnd.heroku+json; version=3"}
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.request(method, parts._replace(scheme="", netloc="").geturl(), body, headers)
    return connection.getresponse().read()
session = ask("POST", os.environ["HEROKU_HOST"] + f"/apps/{sys.argv[1]}/log-sessions", '{"lines": 1500, "tail": false}')
assert ask("GET", json.loads(session)["logplex_url"]).count(b"\\n") > 100
"""
NAMES = 1000  # in the file of seen names, when TAB is pressed


@contextmanager
def stub(*words: str) -> Iterator[dict[str, str]]:
    """A frozen Heroku in a process of its own; the environment of its clients."""
    line = [sys.executable, str(HERE / "stub.py"), *words]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        yield json.loads(process.stdout.readline())
        process.stdin.close()


def herodyno(*words: str) -> list[str]:
    """The console script beside this interpreter."""
    return [str(Path(sys.executable).with_name("herodyno")), *words]


def compare(heroku: str | None, rounds: int) -> list[Row]:
    """All rows. Without the official CLI, the rows that need it are left out."""
    with tempfile.TemporaryDirectory() as home:
        environ = surroundings(home)
        rows = _local(heroku, environ, rounds)
        with stub() as client:
            rows += _online(heroku, environ | client, rounds)
        with stub("--dynos", "1000") as client:
            rows += _pair("`ps`, 1,000 dynos", heroku, environ | client, rounds)
        with stub("--delay-ms", "80") as plain, stub("--delay-ms", "80", "--tls") as tls:
            ours = Command(herodyno("ps"), tls, terminal=True)
            rows += _pair("`ps`, 80 ms a request, ours with TLS", heroku, environ | plain, rounds, ours, target=0.30)
            rows.append(_to_the_verdict(environ | plain, rounds))
    return rows


def _local(heroku: str | None, environ: dict[str, str], rounds: int) -> list[Row]:
    script = HERE.parent.parent / "completions" / "herodyno.bash"
    names = Path(environ["HOME"]) / ".cache" / "herodyno" / "completion-1.txt"
    names.parent.mkdir(parents=True)
    names.write_text("".join(f"app - - app-{number}\n" for number in range(NAMES)))
    commands = {
        "pass": Command([sys.executable, "-c", "pass"]),
        "version": Command(herodyno("--version")),
        "version by pip 26": Command([sys.executable, "-c", SCRIPT_OF_PIP_26, "--version"]),
        "show": Command([sys.executable, "-c", SCRIPT_OF_PIP_26, "completion", "show", "bash"]),
        "tab": Command(_tab(script, "herodyno sca")),
        "tab value": Command(_tab(script, "herodyno ps -a app-99")),
        "help": Command(herodyno("--help")),
    }
    if heroku:
        commands["heroku version"] = Command([heroku, "--version"])
        commands["heroku help"] = Command([heroku, "ps", "--help"])
    cost = in_turn(commands, environ, rounds)
    rows = [
        Row(
            "`--version`, by the script that pip 26 and uv write",
            cost["version by pip 26"],
            PASS,
            cost["pass"],
            "cpu",
            1.3,
        ),
        Row(f"`--version`, by {_script()}", cost["version"], PASS, cost["pass"], "cpu", 1.3),
        Row("`completion show bash`", cost["show"], PASS, cost["pass"], "cpu", 1.3),
        Row("TAB on a command (bash)", cost["tab"], PASS, cost["pass"], "cpu", 1.3),
        Row(f"TAB on a name of {NAMES:,} (bash)", cost["tab value"], PASS, cost["pass"], "cpu", 1.3),
    ]
    if heroku:
        rows.append(Row("`--version`", cost["version"], "`heroku --version`", cost["heroku version"], "wall"))
        rows.append(Row("`--help`", cost["help"], "`heroku ps --help`", cost["heroku help"], "cpu", 0.08))
    return rows


def _script() -> str:
    """A console script of our own. Older installers write one that imports `re`, half the time of a bare start."""
    text = Path(herodyno()[0]).read_text(encoding="utf-8")
    return "the script here, which an older pip wrote" if "import re" in text else "the script here"


def _tab(script: Path, line: str) -> list[str]:
    """What bash does from TAB to the proposal, in a new bash that first reads the script."""
    code = f"source {script}; COMP_LINE='{line}'; COMP_POINT={len(line)}; _herodyno; echo ${{COMPREPLY[0]}}"
    return ["bash", "--norc", "--noprofile", "-c", code]


def _online(heroku: str | None, environ: dict[str, str], rounds: int) -> list[Row]:
    pairs = {
        "ps": (["ps"], ["ps"]),
        "scale": (["scale"], ["ps:scale"]),
        "scale web=5": (["scale", "web=5"], ["ps:scale", "web=5"]),
        "restart web.1": (["restart", "web.1"], ["ps:restart", "-d", "web.1"]),
        "logs -n 1500": (["logs", "-n", "1500"], ["logs", "-n", "1500"]),
    }
    if not _runs(herodyno("logs", "--help"), environ):
        del pairs["logs -n 1500"]
    commands = {f"ours {what}": Command(herodyno(*ours)) for what, (ours, _) in pairs.items()}
    commands["pass"] = Command([sys.executable, "-c", "pass"])
    commands["ours ps --json"] = Command(herodyno("ps", "--json"))
    commands["ours ps on a terminal"] = Command(herodyno("ps"), terminal=True)
    if heroku:
        commands |= {f"theirs {what}": Command([heroku, *theirs]) for what, (_, theirs) in pairs.items()}
        commands["theirs tab"] = Command([heroku, "autocomplete:options", "heroku ps -a "])
    cost = in_turn(commands, environ, rounds)
    rows = [
        Row("`ps --json`", cost["ours ps --json"], PASS, cost["pass"], "cpu", 13),
        Row("`ps`", cost["ours ps"], "", None, "peak_mb", 36),
    ]
    if "ours logs -n 1500" in cost:
        rows.append(Row("`logs -n 1500`", cost["ours logs -n 1500"], "", None, "peak_mb", 36))
    if heroku:
        rows += _against(cost)
    return rows


def _against(cost: dict[str, Cost]) -> list[Row]:
    rows = [
        Row("`ps --json`", cost["ours ps --json"], "`heroku ps`", cost["theirs ps"], "cpu", 0.13),
        Row("`ps` in a pipe", cost["ours ps"], "`heroku ps`", cost["theirs ps"], "cpu", 0.13),
        Row("`ps` on a terminal", cost["ours ps on a terminal"], "`heroku ps`", cost["theirs ps"], "wall", 0.20),
        Row("`ps`", cost["ours ps"], "`heroku ps`", cost["theirs ps"], "peak_mb"),
        Row("`scale` (show)", cost["ours scale"], "`heroku ps:scale`", cost["theirs scale"], "wall"),
        Row(
            "`scale web=5`, a look and the write",
            cost["ours scale web=5"],
            "`heroku ps:scale`",
            cost["theirs scale web=5"],
            "wall",
        ),
        Row(
            "`restart web.1`, a look and the write",
            cost["ours restart web.1"],
            "`heroku ps:restart`",
            cost["theirs restart web.1"],
            "wall",
        ),
    ]
    if "ours logs -n 1500" in cost:
        ours, theirs = cost["ours logs -n 1500"], cost["theirs logs -n 1500"]
        rows.append(Row("`logs -n 1500`", ours, "`heroku logs`", theirs, "wall", 0.05))
        rows.append(Row("`logs -n 1500`", ours, "`heroku logs`", theirs, "to_last", 0.2))
    return rows


def _pair(
    what: str,
    heroku: str | None,
    environ: dict[str, str],
    rounds: int,
    ours: Command | None = None,
    target: float = 0.20,
) -> list[Row]:
    if heroku is None:
        return []
    cost = in_turn({"ours": ours or Command(herodyno("ps")), "theirs": Command([heroku, "ps"])}, environ, rounds)
    return [Row(what, cost["ours"], "`heroku ps`", cost["theirs"], "wall", target)]


def _to_the_verdict(environ: dict[str, str], rounds: int) -> Row:
    """`diagnose` of a live app against its lower bound: a log cannot be had in fewer than two requests in turn."""
    commands = {
        "ours": Command(herodyno("diagnose", "-a", APP), codes=range(40)),
        "bound": Command([sys.executable, "-c", LOG_ALONE, APP]),
    }
    cost = in_turn(commands, environ, rounds)
    what = "`diagnose`, 80 ms a request"
    return Row(what, cost["ours"], "the log alone by `http.client`", cost["bound"], "wall")


def _runs(words: list[str], environ: dict[str, str]) -> bool:
    try:
        once(Command(words), environ)
    except RuntimeError:
        return False
    return True
