"""The harmless shell: what clients wrap around a command works, and the machine is not touched."""

from __future__ import annotations

import shlex

import pytest

from herodyno.sandbox.world.shell import Shell
from herodyno.sandbox.world.shell_console import Interrupted


class Recorder:
    """A console that plays given lines and keeps what is written; None is Ctrl-C."""

    def __init__(self, *lines: bytes | None) -> None:
        self.lines = list(lines)
        self.output = b""
        self.slept = 0.0

    def read_line(self) -> bytes:
        line = self.lines.pop(0) if self.lines else b""
        if line is None:
            raise Interrupted
        return line

    def write(self, data: bytes) -> None:
        self.output += data

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@pytest.mark.parametrize(
    ("text", "status", "output"),
    [
        ("echo hello  'two  words' \"$NAME\"", 0, b"hello two  words Ana\n"),
        ("echo -n no newline", 0, b"no newline"),
        ("exit 7; echo never", 7, b""),
        ("(exit 3); echo $?", 0, b"3\n"),
        ("false || echo other && echo both", 0, b"other\nboth\n"),
        ("true && false && echo never", 1, b""),
        ("echo a\\ b '$NAME' \\$NAME \"\\$NAME ${NONE:-none} ${NAME}\"", 0, b"a b $NAME $NAME $NAME none Ana\n"),
        ("X=1 sh -c 'echo $X'; echo [$X]", 0, b"1\n[]\n"),
        ("X=2; export Y=3; echo $X$Y", 0, b"23\n"),
        (r"printf '\036%s-%d\n' a 5", 0, b"\x1ea-5\n"),
        ("echo one # a comment\necho two", 0, b"one\ntwo\n"),
        ("launcher sh -c 'exit 9'", 9, b""),
        ("exec false; echo never", 1, b""),
        ("$EMPTY echo x", 0, b"x\n"),
        ("exit 256", 0, b""),
        ("exit 300", 44, b""),
    ],
)
def test_a_command(text: str, status: int, output: bytes) -> None:
    console = Recorder()
    assert Shell(console, {"NAME": "Ana"}).run(text) == status
    assert console.output == output


@pytest.mark.parametrize(
    "text", ["ls | wc", "cat < /etc/passwd", "echo > x", "echo `id`", "sleep 1 &", "echo 'open", "(", ")"]
)
def test_what_this_shell_has_not_is_an_error_and_not_the_machines(text: str) -> None:
    console = Recorder()
    assert Shell(console, {}).run(text) == 2
    assert console.output.startswith(b"sh: ")


def test_an_unknown_command_says_what_is_known() -> None:
    console = Recorder()
    assert Shell(console, {}).run("rm -rf /") == 127
    assert b"echo printf sleep" in console.output


def test_the_official_clis_exit_mark_comes_out() -> None:
    console = Recorder()
    Shell(console, {}).run('sh -c "exit 5" ; echo "\uffff heroku-command-exit-status: $?"')
    assert console.output == "\uffff heroku-command-exit-status: 5\n".encode()


def test_a_wrapped_command_tells_its_status_even_when_it_exits() -> None:
    console = Recorder()
    inner = shlex.quote("echo 'a b'; exit 7")
    text = f'trap : INT QUIT TERM; "${{BASH:-sh}}" -c {inner}; s=$?; printf \'[%s]\' "$s"; exit "$s"'
    assert Shell(console, {}).run(text) == 7
    assert console.output == b"a b\n[7]"


def test_cat_gives_back_what_it_reads() -> None:
    console = Recorder(b"one\n", b"two")
    assert Shell(console, {}).run("cat") == 0
    assert console.output == b"one\ntwo"


def test_sleep_and_count_take_their_time() -> None:
    console = Recorder()
    assert Shell(console, {}).run("sleep 1.5; count 2; sleep soon") == 2
    assert console.slept == 3.5
    assert b"1\n2\n" in console.output


def test_env_shows_the_dynos_variables_only() -> None:
    console = Recorder()
    Shell(console, {"B": "2", "A": "1"}).run("env")
    assert console.output == b"A=1\nB=2\n"


def test_a_person_types_makes_mistakes_and_leaves() -> None:
    console = Recorder(b"X=5\n", b"echo $X\n", b"ls |\n", None, b"echo $?\n", b"exit 4\n")
    assert Shell(console, {}).run("bash") == 4
    assert b"5\n" in console.output
    assert b"130\n" in console.output


def test_ctrl_c_ends_a_command_with_130() -> None:
    console = Recorder(None)
    assert Shell(console, {}).run("cat; echo $?") == 0
    assert console.output == b"130\n"
