"""`run` and the official CLI side by side on the same commands: the same bytes and status where the CLI is right,
and a table of where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from herodyno.sandbox.doors.server import QUIET
from tests.cli.run.one_off_stage import Stage, banner
from tests.heroku.rendezvous_server import Client
from tests.real_parts import HEROKU_CLI, need_heroku_cli, needed

_cli = needed(need_heroku_cli)

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
]


class Ran(NamedTuple):
    stdout: bytes
    status: int


class Both:
    """Runs the same words with either program against the same stage."""

    def __init__(self, stage: Stage, environ: dict[str, str], home: Path) -> None:
        self.stage = stage
        self._environ = {**environ, **QUIET, "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
        self._environ["NODE_EXTRA_CA_CERTS"] = environ["SSL_CERT_FILE"]
        self._environ["HEROKU_PARTICLEBOARD_URL"] = environ["HEROKU_HOST"]

    def theirs(self, *words: str, stdin: bytes = b"") -> Ran:
        assert HEROKU_CLI
        return self._ran([HEROKU_CLI, "run", *words], stdin)

    def ours(self, *words: str, stdin: bytes = b"") -> Ran:
        return self._ran([sys.executable, "-m", "herodyno", "run", *words], stdin)

    def _ran(self, argv: list[str], stdin: bytes) -> Ran:
        done = subprocess.run(argv, env=self._environ, input=stdin, capture_output=True, timeout=60, check=False)
        return Ran(done.stdout, done.returncode)

    def mark(self, status: int) -> bytes:
        """What the shell of a dyno prints for the program that asked last."""
        if "heroku-command-exit-status" in self.stage.sent:
            return f"\uffff heroku-command-exit-status: {status}\n".encode()
        return self.stage.mark(status)


@pytest.fixture
def both(stage: Stage, tmp_path: Path) -> Iterator[Both]:
    with stage.served() as environ:
        yield Both(stage, environ, tmp_path)


@pytest.mark.parametrize(
    ("words", "stdin", "ran"),
    [
        (["--", "echo", "hello", "there"], b"", Ran(b"hello there\n", 0)),
        (["--", "printf 'a\\nb\\n'; false"], b"", Ran(b"a\nb\n", 1)),
        (["--", "echo $A; exit_with() { return 7; }; exit_with"], b"", Ran(b"\n", 7)),
        (["-e", "A=1", "--", "echo $TERM; true"], b"", Ran(b"xterm-256color\n", 0)),
        (["--", "cat"], "größe ✓\n".encode() * 500, Ran("größe ✓\n".encode() * 500, 0)),
        (["--", "no-such-program"], b"", Ran(b"", 127)),
    ],
)
def test_where_the_cli_is_right_bytes_and_status_are_the_same(
    both: Both, words: list[str], stdin: bytes, ran: Ran
) -> None:
    both.stage.pause = 0.25
    both.stage.play(both.stage.shell)
    assert both.theirs("-x", "--no-tty", *words, stdin=stdin) == ran
    assert both.ours(*words, stdin=stdin) == ran


class Wrong(NamedTuple):
    """What the dyno does; what the CLI makes of it (with -x unless told); what herodyno does."""

    what: str
    theirs: Ran
    ours: Ran
    words: tuple[str, ...] = ("-x", "x")
    our_words: tuple[str, ...] = ("x",)


TABLE = [
    Wrong("the first output comes with the greeting", Ran(b"second\n", 0), Ran(b"FIRST\nsecond\n", 0)),
    Wrong(
        "the mark comes in two packets", Ran(b"out\n\xef\xbf\xbf heroku-command-exit-status: 3\n", 1), Ran(b"out\n", 3)
    ),
    Wrong("status 256", Ran(b"", 0), Ran(b"", 1)),
    Wrong("no status at all", Ran(b"out\n", 1), Ran(b"out\n", 125)),
    Wrong("output that is no text", Ran("\ufffd\ufffd\n".encode(), 0), Ran(b"\xff\x80\n", 0)),
    Wrong("no newline before the mark", Ran(b"out\xef\xbf\xbf heroku-command-exit-status: 0\n", 0), Ran(b"out", 0)),
    Wrong("a status, and -x not given", Ran(b"out\n", 0), Ran(b"out\n", 7), words=("x",)),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.what)
def test_where_the_cli_is_wrong(both: Both, row: Wrong) -> None:
    both.stage.play(_scripts(both)[row.what])
    assert both.theirs(*row.words) == row.theirs
    assert both.ours(*row.our_words) == row.ours


WORDS = [
    (["echo", "example-app"], "example-app echo example-app", "echo example-app"),
    (["rake", "run"], "run rake run", "rake run"),
    (["--", "printf", "%s", "a;b", "$(id)"], "printf %s a;b $(id)", "printf %s 'a;b' '$(id)'"),
]


@pytest.mark.parametrize(("words", "theirs", "ours"), WORDS)
def test_where_the_cli_changes_the_words(both: Both, words: list[str], theirs: str, ours: str) -> None:
    both.stage.play(banner)
    both.theirs("-a", "example-app", *words)
    assert both.stage.sent == theirs
    both.ours("-a", "example-app", "--no-exit-code", *words)
    assert both.stage.sent == ours


def _scripts(both: Both) -> dict[str, Callable[[Client], None]]:
    def greeted(client: Client) -> None:
        banner(client)
        time.sleep(0.25)

    def with_greeting(client: Client) -> None:
        client.send(b"rendezvous\r\nFIRST\n")
        time.sleep(0.25)
        client.send(b"second\n" + both.mark(0))

    def split(client: Client) -> None:
        greeted(client)
        mark = both.mark(3)
        client.send(b"out\n" + mark[:25])
        time.sleep(0.25)
        client.send(mark[25:])

    def then(*parts: bytes | int) -> Callable[[Client], None]:
        def script(client: Client) -> None:
            greeted(client)
            client.send(b"".join(part if isinstance(part, bytes) else both.mark(part) for part in parts))

        return script

    return {
        "the first output comes with the greeting": with_greeting,
        "the mark comes in two packets": split,
        "status 256": then(256),
        "no status at all": then(b"out\n"),
        "output that is no text": then(b"\xff\x80\n", 0),
        "no newline before the mark": then(b"out", 0),
        "a status, and -x not given": lambda client: (
            then(b"out\n", 7) if "herodyno" in both.stage.sent else then(b"out\n")
        )(client),
    }
