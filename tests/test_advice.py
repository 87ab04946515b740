"""Every command that the program advises works when it is pasted, at a terminal or in cron.

The commands are collected from the texts of the package and the README: "herodyno" and the words after it, up
to a mark that ends it (comma, colon, bracket, back quote, shell operator, two spaces). What is to be filled in
is filled in: APP, web.N, and whatever a text takes from a variable.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import typer

from herodyno.cli.app import COMMANDS
from herodyno.cli.session import Session
from herodyno.cli.tree import Entry, Tree, load
from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import from_table
from herodyno.logs.codes.table import CODES
from tests.conftest import Invoke

PACKAGE = Path(__file__).parent.parent / "herodyno"
README = PACKAGE.parent / "README.md"
NAMES = {entry.name: entry for entries in COMMANDS.values() for entry in entries}
BEGIN = re.compile(rf"herodyno (?=(?:{'|'.join(NAMES)})(?![.\w]))")
WORD = re.compile(r"('[^']*'|[^\s'\"`()<>|·][^\s'\"`()<>|·;]*)( (?=\S))?")
# What stands for something in a text, and one thing that it may stand for.
FILLED = {
    "APP": "example-app", "web.N": "web.2", "run.N": "run.1234", "DYNO": "web.2", "TYPE": "web",
    "web=N:SIZE": "web=4:standard-2x", "vN": "v411", "FILE.zip": "bundle.zip",
}  # fmt: skip
# The same for variables in a text; any other is the app's name where "app" is in it, else a one-off dyno's.
VARIABLES = {
    "types": "web=0", "path": "formation.toml", "save": "formation.toml", "shell": "bash", "'|'.join(SCRIPTS)": "bash",
    "name": "example-app", "scenario": "crash-loop", "codes[0]": "H12", "look": "ps",
    "min(none, key='web'.__ne__)": "web", "account_flag(account)": "--account ana@example.com",
    "urlsplit(url).port or 80": "8443",
}  # fmt: skip
VERBS = ("restart", "scale", "stop", "rollback")
CHANGES = tuple(f"{verb} " for verb in VERBS)


def texts(module: Path) -> Iterator[str]:
    """Every text in a module, help and comments between quotes too; variables in it filled in."""
    source = module.read_text(encoding="utf-8")
    if not BEGIN.search(source):
        return
    nodes = list(ast.walk(ast.parse(source)))
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in joined for part in node.values}
    yield from ("".join(_filled(part) for part in node.values) for node in joined)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def _filled(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        source = ast.unparse(part.value)
        return VARIABLES.get(source, "example-app" if "app" in source else "run.1234")
    return str(ast.literal_eval(part))


def command_in(text: str) -> str:
    """The words of a command that a text begins with."""
    words: list[str] = []
    at = 0
    while found := WORD.match(text, at):
        words.append(found[1].rstrip(",:;."))
        if words[-1] != found[1] or not found[2]:
            break
        at = found.end()
    return " ".join(FILLED.get(word, word) for word in words)


def advised() -> list[str]:
    """All commands of ours in these texts, without the program's name, ready to be typed.

    Of the README what stands between back quotes; its sessions are run as they are, refusals and all.
    """
    found = re.findall(r"`([^`\n]+)`", README.read_text(encoding="utf-8"))
    found += [text for module in sorted(PACKAGE.rglob("*.py")) for text in texts(module)]
    return sorted({command_in(text[begin.end() :]) for text in found for begin in BEGIN.finditer(text)})


ADVISED = advised()


def parse(line: str, session: Session) -> None:
    """Put the words to the real command tree, which raises when it cannot take them."""
    words = shlex.split(line)
    two = " ".join(words[:2])
    name = two if two in NAMES else words[0]
    command: Any = load(NAMES[name])
    rest = words[len(name.split()) :]
    if isinstance(command, Tree):
        if not rest:
            return  # a group alone shows its help
        below = next((" ".join(rest[:n]) for n in (2, 1) if " ".join(rest[:n]) in command.entries), "")
        assert below, f"{line}: {name} has no {rest[0]}"
        command, rest = command.load(Entry(below, "", "")), rest[len(below.split()) :]
    command.make_context(name, rest, obj=session)


def test_the_texts_are_found() -> None:
    for one in ("restart web --confirm example-app", "auth login", "diagnose --app example-app", "run list"):
        assert one in ADVISED


@pytest.mark.parametrize("line", ADVISED)
def test_an_advised_command_is_one_that_there_is(line: str, make_session: Callable[..., Session]) -> None:
    try:
        parse(line, make_session())
    except typer.TyperException as error:
        pytest.fail(f"{line}: {error}")


@pytest.mark.parametrize("line", [line for line in ADVISED if line.startswith(CHANGES)])
def test_an_advised_change_is_not_refused_for_want_of_a_confirmation(
    line: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # some write a file
    if "web=1" in line:  # advised where no web dyno is wanted
        invoke("scale web=0 --app example-app --confirm example-app")
    assert "needs a confirmation" not in invoke(line if "-a" in line else f"{line} -a example-app").stderr


@pytest.mark.parametrize("code", CODES)
def test_a_command_in_a_step_of_explain_stands_by_itself_in_a_diagnosis(code: str) -> None:
    for step in CODES[code].to_try:
        named, unnamed = (from_table(step, analysis_of(name)) for name in ("example-app", ""))
        assert bool(named.argv) == ("herodyno " in step)
        if named.argv:
            assert named.argv[:2] == unnamed.argv[:2]
            assert "herodyno" not in named.text
            assert ("-a" in named.argv, "-a" in unnamed.argv) == (True, False)
            assert ("--confirm" in named.argv) == ("--confirm" in step) == bool(unnamed.notes)


def analysis_of(app: str) -> Analysis:
    """No more of a study than its app's name."""
    return cast("Analysis", SimpleNamespace(observations=SimpleNamespace(app=SimpleNamespace(name=app))))


# The scenarios for which a change of one's own app is advised.
@pytest.mark.parametrize(
    "world",
    ["one-bad-dyno", "crash-loop", "scaled-to-zero", "platform-cannot-start", "release-broke-app"],
    indirect=True,
)
def test_what_diagnose_advises_can_be_pasted_into_cron(world: object, invoke: Invoke) -> None:
    told = json.loads(invoke("diagnose -a example-app --json").stdout)
    lines = [line for action in told["actions"] for line in (action["argv"], shlex.split(action["undo"]))]
    changes = [line[1:] for line in lines if line[:1] == ["herodyno"] and line[1] in VERBS]
    assert changes
    for line in changes:
        assert "needs a confirmation" not in invoke([*line, "--quiet"]).stderr, line
