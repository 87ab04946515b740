"""main() is where errors become exit codes: one clear line, what to type next, never a traceback."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from herodyno import errors
from herodyno.cli import explain
from herodyno.cli.app import COMMANDS, run
from herodyno.cli.help.topics import EXIT_CODES
from herodyno.cli.session import Session
from herodyno.cli.tree import load
from herodyno.errors import HerodynoError
from herodyno.sandbox.world.world import World
from tests.conftest import Invoke
from tests.real_parts import only_where

ENTRIES = [entry for entries in COMMANDS.values() for entry in entries]


def herodyno(*argv: str, **options: object) -> subprocess.CompletedProcess[str]:
    """The tool in a process of its own, where streams and signals are real."""
    return subprocess.run([sys.executable, "-m", "herodyno", *argv], text=True, timeout=30, **options)  # type: ignore[call-overload, no-any-return] # options of run()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_command_of_the_table_loads(entry: object) -> None:
    assert load(entry) is not None  # type: ignore[arg-type] # an Entry, typed loosely for the ids


def test_the_bare_command_is_short_and_says_what_to_do_first(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("")
    assert (stderr, code) == ("", 0)
    assert stdout.index("herodyno demo") < stdout.index("Look:")
    assert invoke("--quiet --utc").stdout == stdout
    assert invoke("--help").stdout.count("\n") > stdout.count("\n")
    assert invoke("--frobnicate").code == 2


def test_a_mistyped_command_is_answered_with_the_right_one(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("pss -a example-app")
    assert (stdout, code) == ("", 2)
    assert stderr == "herodyno: there is no command 'pss'\n  did you mean: herodyno ps\n"


def test_a_mistyped_flag_is_answered_with_the_right_one(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("wait --ap example-app")
    assert (stdout, code) == ("", 2)
    assert "did you mean --app?" in stderr


def test_even_a_mistyped_line_is_answered_in_json_when_json_was_asked_for(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("pss --json")
    assert stdout == ""
    assert json.loads(stderr)["exit_code"] == code == 2


def test_52_the_topics_tell_every_exit_code_and_the_environment(invoke: Invoke) -> None:
    told = invoke("help exit-codes").stdout
    codes = {code for code, _ in EXIT_CODES}
    assert all(f"{code}  " in told for code in codes)
    subclasses = [HerodynoError]
    for error in subclasses:
        assert error.exit_code in codes
        subclasses += error.__subclasses__()
    assert "HEROKU_API_KEY" in invoke("help environment").stdout
    for topic in ("environment", "exit-codes", "commands"):
        assert max(map(len, invoke(f"help {topic}").stdout.splitlines())) <= 80


@pytest.mark.parametrize("group", ["auth", "completion", "sandbox"])
def test_help_of_a_group_has_an_example_of_each_of_its_commands(invoke: Invoke, group: str) -> None:
    examples, commands = invoke(f"{group} --help").stdout.partition("Examples:\n")[2].split("Commands:\n")
    for name in (line.split()[0] for line in commands.splitlines() if line[2:3].strip()):
        assert f"herodyno {group} {name}" in examples


def test_help_of_a_command_is_the_same_in_every_way_of_asking(invoke: Invoke) -> None:
    ways = [invoke(line) for line in ("help ps", "ps --help", "ps -h")]
    assert len({way.stdout for way in ways}) == 1
    assert {way.code for way in ways} == {0}


@contextmanager
def explaining(problem: BaseException) -> Iterator[None]:
    """`explain` fails with the problem."""

    def fail(*_: object) -> None:
        raise problem

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explain, "_code", fail)
        yield


def test_the_unexpected_is_one_line_and_how_to_report_it(invoke: Invoke) -> None:
    with explaining(RuntimeError("boom\x1b[2J")):
        stdout, stderr, code = invoke("explain H12")
    assert (stdout, code) == ("", 1)
    assert stderr.splitlines()[0] == "herodyno: unexpected: RuntimeError: boom^[[2J"
    assert "--debug" in stderr
    assert "Traceback" not in stderr


def test_debug_shows_where_the_unexpected_came_from(invoke: Invoke) -> None:
    with explaining(RuntimeError("boom")):
        assert "Traceback" in invoke("explain H12", environ={"HERODYNO_DEBUG": "1"}).stderr
        assert "Traceback" in invoke("explain H12 --debug").stderr


def test_ctrl_c_ends_with_130(invoke: Invoke) -> None:
    with explaining(KeyboardInterrupt()):
        assert invoke("explain H12").code == 130


@pytest.mark.parametrize("is_compiled", [True, False])
def test_the_version_says_whether_the_compiled_part_runs(
    is_compiled: bool, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.logs.scan.compiled.library.library", lambda: object() if is_compiled else None)
    assert json.loads(invoke("version --json").stdout)["compiled"] is is_compiled


@only_where(Path("/dev/full").exists(), "this system has no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "argv",
    [["explain"], ["--help"], ["help", "environment"], ["--version"], ["completion", "show", "fish"]],
    ids=" ".join,
)
def test_a_full_disk_is_one_line_and_exit_1(argv: list[str], unbuffered: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with Path("/dev/full").open("w") as full:
        done = herodyno(*argv, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "No space left" in done.stderr


@pytest.mark.parametrize("argv", [["explain"], ["--help"], ["--version"], ["help", "environment"]], ids=" ".join)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_is_silent_and_exit_0(argv: list[str], unbuffered: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    reading, writing = os.pipe()
    os.close(reading)
    done = herodyno(*argv, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_whoever_leaves_stderr_changes_no_exit_code(unbuffered: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    reading, writing = os.pipe()
    os.close(reading)
    done = herodyno("explain", "H123", stdout=subprocess.PIPE, stderr=writing)
    os.close(writing)
    assert (done.returncode, done.stdout) == (5, "")


def test_a_closed_stdout_is_said_and_a_closed_stderr_is_no_matter() -> None:
    command = f"{sys.executable} -m herodyno explain"
    assert subprocess.run(["sh", "-c", f"{command} >&-"], capture_output=True, timeout=30).returncode == 1
    done = subprocess.run(["sh", "-c", f"{command} H12 2>&-"], capture_output=True, timeout=30)
    assert done.returncode == 0
    assert b"Request timeout" in done.stdout


@pytest.mark.parametrize("words", ["--help", "", "auth", "ps --help", "version", "ps -a example-app"])
def test_with_a_closed_stdout_what_could_not_be_said_is_an_error(
    make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert run(words.split(), make_session()) == 1


@pytest.mark.parametrize("words", ["wait -a example-app --timeout 5m", "run list -a example-app"])
@pytest.mark.parametrize("world", ["healthy"], indirect=True)
def test_with_a_closed_stdout_what_says_nothing_there_is_done(
    make_session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch, world: World, words: str
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert run(words.split(), make_session()) == 0


LONG = "x" * 120_000


def test_no_kind_of_error_prints_a_word_of_120_kilobytes(invoke: Invoke) -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, HerodynoError)]
    assert len(kinds) == 17
    for kind in kinds:
        error = kind(f"it said {LONG} and more", next_step=f"type {LONG}")
        for words in ("explain H12", "explain H12 --json"):
            with explaining(error):
                stdout, stderr, code = invoke(words)
            assert (stdout, code) == ("", kind.exit_code)
            assert len(stderr) < 2_000
            assert "119,600 characters more] and more" in stderr
    for message in (" ".join(["word"] * 50_000), LONG):
        with explaining(ValueError(message)):
            assert len(invoke("explain H12").stderr) < 6_000


@pytest.mark.parametrize(
    "line",
    ["{}", "explain {}", "ps -a {}", "ps {} -a example-app", "scale {}=3 -a example-app", "restart {} -a example-app",
     "stop {} -a example-app", "logs --from-file {}", "logs {} -a example-app", "wait --timeout {} -a example-app",
     "restart --rolling --probe https://{} -a example-app", "diagnose --since {} -a example-app", "--{}",
     "run --size {} -a example-app ls", "ps -a example-app --{}", "scale --apply {}", "sandbox serve --scenario {}"],
)  # fmt: skip
def test_a_long_word_of_the_line_is_cut_too(line: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(line.format(LONG))
    assert code != 0
    assert len(stdout) + len(stderr) < 10_000


def test_a_long_warning_and_a_long_message_of_the_api_are_cut(
    make_session: Callable[..., Session], capsys: pytest.CaptureFixture[str]
) -> None:
    class Proxy(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            headers = {"x-heroku-warning": LONG, "content-type": f"text/{LONG}", "request-id": LONG}
            return httpx.Response(status, headers=headers, json={"id": LONG, "message": LONG})

    for status in (200, 401, 403, 404, 422, 302):
        for more in ([], ["--json"]):
            session = make_session()
            session.httpx_transport = Proxy()
            assert run(["ps", "-a", "example-app", *more], session) != 0
            captured = capsys.readouterr()
            assert len(captured.out) + len(captured.err) < 10_000, status


NEEDS_INPUT = [
    "restart web -a example-app",
    "restart web --rolling --on-error ask --dry-run -a example-app",
    "scale web=0 -a example-app",
    "stop web -a example-app",
    "stop web.1 -a example-app --otp-stdin",
    "auth login",
    "auth login --interactive",
    "auth login --token-stdin",
    "logs --from-file -",
    "logs --from-file - --stats",
    "diagnose --from-file -",
    "diagnose --from-file - --json",
    "diagnose --from-file - --nagios",
    "ps -a example-app --otp-stdin",
]


@pytest.mark.parametrize("line", NEEDS_INPUT)
def test_a_closed_stdin_is_a_stdin_without_input(line: str, invoke: Invoke) -> None:
    closed, empty = (invoke(line, stdin=stdin) for stdin in (None, b""))
    assert closed == empty
    assert "unexpected" not in closed.stderr


def test_a_process_without_stdin_opens_no_other_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("2026-11-23T02:00:00+00:00 app[web.1]: hello\n")
    words = f"'{sys.executable}' -m herodyno logs --from-file app.log --from-file -"
    done = subprocess.run(["sh", "-c", f"{words} <&-"], cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert (done.returncode, "hello" in done.stdout, "unexpected" in done.stderr) == (0, True, False)


def test_a_stdout_of_ascii_gets_every_word() -> None:
    done = herodyno("explain", env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True)
    assert done.returncode == 0
    assert done.stdout.isascii()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_54_69_a_signal_ends_it_at_once_with_its_own_code(number: signal.Signals, code: int) -> None:
    waiting = subprocess.Popen(
        [sys.executable, "-m", "herodyno", "diagnose", "--from-file", "-"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert waiting.stdin
    waiting.stdin.write("2026-11-23T02:00:00+00:00 app[web.1]: x\n" * 20_000)  # returns when it is reading
    waiting.send_signal(number)
    stdout, stderr = waiting.communicate(timeout=10)
    assert (waiting.returncode, stdout, stderr) == (code, "", "")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a_signal_that_its_parent_lets_it_ignore_is_ignored(number: signal.Signals) -> None:
    begin = f"import os, signal, sys; signal.signal({number:d}, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    words = [sys.executable, "-m", "herodyno", "diagnose", "--from-file", "-", "--json"]
    reading = subprocess.Popen(
        [sys.executable, "-c", begin, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reading.stdin
    reading.stdin.write("2026-11-23T02:00:00+00:00 app[web.1]: x\n" * 20_000)  # returns when it is reading
    reading.send_signal(number)
    stdout, _ = reading.communicate("2026-11-23T02:00:01+00:00 app[web.1]: y\n", timeout=30)
    assert reading.returncode == 0
    assert json.loads(stdout)["schema"].startswith("herodyno.diagnose/")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_where_pytest_ignores_a_signal_what_tests_start_hears_it(number: signal.Signals) -> None:
    script = f"""
import signal, subprocess, sys, os
signal.signal({number:d}, signal.SIG_IGN)
from tests.conftest import children_hear_signals
children_hear_signals()
os.kill(os.getpid(), {number:d})
print(subprocess.run(["sh", "-c", "kill -{number:d} $$; sleep 60"]).returncode)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout == f"-{number:d}\n", done.stderr


def test_69_ctrl_c_while_modules_load_is_an_end_without_a_traceback() -> None:
    script = """
import os, signal, sys
class PressesCtrlC:
    def find_spec(self, name, path, target=None):
        if name == "herodyno.cli.session":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, PressesCtrlC())
sys.argv = ["herodyno", "explain"]
from herodyno.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


@pytest.mark.parametrize(
    "environ",
    [{"COLUMNS": "0"}, {"COLUMNS": "abc"}, {"COLUMNS": "20"}, {"COLUMNS": "10000"}, {"PYTHONIOENCODING": "cp1252"},
     {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"HOME": "/dev/null"}, {"HOME": ""}, {"TERM": ""}, {"TZ": "No/Such"}],
    ids=str,
)  # fmt: skip
def test_odd_surroundings_do_no_harm(environ: dict[str, str]) -> None:
    done = herodyno("explain", "H12", "R14", env={**os.environ, **environ}, capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Request timeout" in done.stdout


def test_a_working_directory_that_is_gone_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    script = f"cd {tmp_path}/gone && rmdir ../gone && exec {sys.executable} -m herodyno explain H12"
    assert subprocess.run(["sh", "-c", script], capture_output=True, timeout=30).returncode == 0


@pytest.mark.parametrize("limit", ["ulimit -n 32", "ulimit -v 400000"])
def test_tight_limits_of_the_system_are_no_matter(limit: str) -> None:
    script = f"{limit} && exec {sys.executable} -m herodyno demo"
    done = subprocess.run(["sh", "-c", script], capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, b"")
