"""`diagnose --on` once for each cron run: a state in a file, one message for a change, whoever looks."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from herodyno.cli.diagnose.alerts import hook
from herodyno.cli.diagnose.alerts.state_file import StateFile
from herodyno.errors import Unreachable
from herodyno.operations.alerts import AlertState
from herodyno.operations.state_files import locked
from herodyno.sandbox.incidents.scenarios import scenario
from herodyno.sandbox.world.world import World
from tests.cli.chat import Chat
from tests.conftest import START, TOKEN, Invoke, Result

Look = Callable[..., Result]
CRASHED = """\
2026-11-23T02:00:00.000000+00:00 heroku[web.1]: Starting process with command `node index.js`
2026-11-23T02:00:05.000000+00:00 heroku[web.1]: State changed from starting to up
2026-11-23T02:01:00.000000+00:00 app[web.1]: Error: no password=hunter22 of bo@example.com for 203.0.113.7
2026-11-23T02:01:01.000000+00:00 heroku[web.1]: Process exited with status 1
2026-11-23T02:01:01.100000+00:00 heroku[web.1]: State changed from up to crashed
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log whose only web dyno has crashed."""
    path = tmp_path / "app.log"
    path.write_text(CRASHED)
    return path


@pytest.fixture
def look(invoke: Invoke, world: World, chat: Chat, log: Path) -> Look:
    """One run of cron, a minute after the last: of the log, or live."""

    def run(flags: str = "", *, on: str = "change", live: bool = False) -> Result:
        world.tick(60)
        source = "-a example-app" if live else f"--from-file '{log}'"
        return invoke(f"diagnose {source} --on {on} {flags} -- '{chat.hook}'")

    return run


def test_the_second_look_alike_speaks_and_no_later_one(look: Look, chat: Chat) -> None:
    assert [look().code for _ in range(4)] == [20] * 4
    (alert,) = chat.told
    assert (alert["now"]["class"], alert["now"]["severity"], alert["before"], alert["try"]) == (
        "crash", "critical", None, 1,
    )  # fmt: skip
    facts = chat.environ()
    assert (facts["CLASS"], facts["SEVERITY"], facts["DYNOS"], facts["BEFORE_CLASS"]) == (
        "crash", "critical", "web.1", "",
    )  # fmt: skip
    assert (facts["TEXT"], facts["ID"]) == (alert["text"], alert["id"])


def test_a_message_has_no_secret_of_the_log_and_its_command_no_token_but_the_users_own(look: Look, chat: Chat) -> None:
    look()
    look()
    told, environ = json.dumps(chat.told), chat.environ("all")
    assert "hunter22" not in told
    assert "bo@example.com" not in told
    assert "203.0.113.7" not in told
    assert [name for name, value in environ.items() if TOKEN in value] == ["HEROKU_API_KEY"]


@pytest.mark.slow
def test_a_restart_that_helps_is_told_as_a_change(look: Look, chat: Chat, world: World) -> None:
    for minute in range(14):
        if minute == 2:
            world.restart("example-app", dyno="web.2")
        look("--cooldown 1m", live=True)
    before = [(alert["before"] or {}).get("class") for alert in chat.told]
    assert before[:2] == [None, "one_dyno"]
    assert chat.told[0]["text"].startswith("example-app: ONE DYNO (critical): web.2 (")
    assert "; next: herodyno restart web.2 --if-id " in chat.told[0]["text"]
    assert [each["dyno"] for each in chat.told[0]["now"]["dynos"]] == ["web.2"]
    assert chat.told[1]["now"]["ongoing"] is False
    assert chat.told[-1]["now"]["severity"] != "critical"


@pytest.mark.slow
def test_critical_speaks_of_no_recovery(look: Look, chat: Chat, world: World) -> None:
    for minute in range(10):
        if minute == 2:
            world.restart("example-app", dyno="web.2")
        look("--cooldown 0s", on="critical", live=True)
    assert [alert["now"]["severity"] for alert in chat.told] == ["critical"]


@pytest.mark.slow
@pytest.mark.parametrize("world", ["healthy"], indirect=True)
def test_an_app_that_is_well_needs_no_message(look: Look, chat: Chat) -> None:
    for _ in range(3):
        look(live=True)
    assert chat.told == []


@pytest.mark.slow
def test_two_crons_at_one_time_speak_once(invoke: Invoke, world: World, chat: Chat, log: Path, tmp_path: Path) -> None:
    line = ["diagnose", "--from-file", str(log), "--on", "change", "--state", str(tmp_path / "s.json"), "--fail-on",
            "never", "--", str(chat.hook)]  # fmt: skip
    chat.does("sleep 0.2")
    invoke(line)
    world.tick(60)
    argv = [sys.executable, "-m", "herodyno", *line]
    state = json.loads((tmp_path / "s.json").read_text())
    state["state"]["candidate_at"] = "2026-01-01T00:00:00.000000Z"
    (tmp_path / "s.json").write_text(json.dumps(state))
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda _: subprocess.run(argv, capture_output=True, timeout=60), range(3)))
    assert [each.returncode for each in ended] == [0, 0, 0], ended
    assert len(chat.told) == 1


def test_a_look_is_left_to_the_process_that_holds_the_state(look: Look, chat: Chat, tmp_path: Path) -> None:
    state = tmp_path / "s.json"
    look(f"--state {state}")
    with locked(state.with_suffix(".lock"), waits=True):
        _, stderr, code = look(f"--state {state}")
    assert "another herodyno works with" in stderr
    assert (code, chat.told) == (20, [])
    look(f"--state {state}")
    assert len(chat.told) == 1


@pytest.mark.slow
def test_a_process_killed_while_it_speaks_leaves_a_state_that_the_next_goes_on_with(
    invoke: Invoke, world: World, chat: Chat, log: Path, tmp_path: Path
) -> None:
    state = tmp_path / "s.json"
    line = ["diagnose", "--from-file", str(log), "--on", "change", "--state", str(state), "--", str(chat.hook)]
    invoke(line)
    chat.does("kill -9 $PPID")
    kept = json.loads(state.read_text())
    kept["state"]["candidate_at"] = "2026-01-01T00:00:00.000000Z"
    state.write_text(json.dumps(kept))
    killed = subprocess.run([sys.executable, "-m", "herodyno", *line], capture_output=True, timeout=60)
    assert killed.returncode == -9
    chat.does("")
    kept = json.loads(state.read_text())
    assert kept["state"]["tries"] == 1
    world.tick(600)
    invoke(line)
    world.tick(600)
    invoke(line)
    world.tick(600)
    invoke(line)
    ids, tries = {alert["id"] for alert in chat.told}, [alert["try"] for alert in chat.told]
    assert (len(ids), tries) == (1, [1, 2])


def test_a_command_that_fails_is_told_and_tried_again(look: Look, chat: Chat) -> None:
    chat.does("echo the chat is away >&2; exit 7")
    ended = [look() for _ in range(6)]
    assert [each.code for each in ended] == [20, 1, 1, 1, 20, 20]
    assert "  hook.sh: the chat is away\n" in ended[1].stderr
    assert "hook.sh ended with status 7; again at the next look" in ended[1].stderr
    assert "hook.sh ended with status 7; again in 10 min" in ended[3].stderr
    assert [alert["try"] for alert in chat.told] == [1, 2, 3]
    assert str(chat.hook) not in "".join(each.stderr for each in ended)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_herodyno_and_its_command(
    invoke: Invoke, chat: Chat, log: Path, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    state = tmp_path / "s.json"
    line = ["diagnose", "--from-file", str(log), "--on", "change", "--state", str(state), "--", str(chat.hook)]
    invoke(line)
    chat.does(f"echo $$ > '{tmp_path}/pid'; kill -{int(number)} $PPID; exec sleep 30")
    kept = json.loads(state.read_text())
    kept["state"]["candidate_at"] = "2026-01-01T00:00:00.000000Z"
    state.write_text(json.dumps(kept))
    ended = subprocess.run([sys.executable, "-m", "herodyno", *line], capture_output=True, timeout=20)
    assert ended.returncode == code
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert json.loads(state.read_text())["state"]["tries"] == 1  # the next look sends it again


def test_a_command_that_hangs_is_ended(look: Look, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "HOOK_SECONDS", 0.1)
    chat.does("exec sleep 30")
    look()
    assert "hook.sh did not end within 0.1 s and was ended; again at the next look" in look().stderr


def test_a_disk_that_turns_read_only_says_whether_the_alert_was_sent(
    look: Look, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    look()
    write, writes = StateFile.write, []

    def fails_from(number: int) -> None:
        def failing(file: StateFile, state: AlertState) -> None:
            writes.append(state)
            if len(writes) >= number:
                raise OSError(errno.EROFS, "Read-only file system")
            write(file, state)

        writes.clear()
        monkeypatch.setattr(StateFile, "write", failing)

    fails_from(1)
    ended = look()
    assert (ended.code, chat.told) == (1, [])
    assert "cannot be written: Read-only file system; no alert was sent" in ended.stderr
    fails_from(2)
    ended = look()
    assert (ended.code, len(chat.told)) == (1, 1)
    assert "cannot be written: Read-only file system; the alert was sent" in ended.stderr


def test_an_outage_is_told_and_changes_nothing(
    look: Look, chat: Chat, heroku_is: Callable[[str], None], tmp_path: Path
) -> None:
    flags = f"--state {tmp_path / 's.json'}"
    look(flags, live=True)
    look(flags, live=True)
    before = (tmp_path / "s.json").read_bytes()
    heroku_is("down")
    for _ in range(2):
        _, stderr, code = look(flags, live=True)
        assert code == 6
        assert "no connection to api.heroku.com" in stderr
    assert (tmp_path / "s.json").read_bytes() == before
    heroku_is("up")
    look(flags, live=True)
    (alert,) = chat.told
    assert (alert["app"], chat.environ()["APP"]) == ("example-app", "example-app")


@pytest.mark.slow
@pytest.mark.parametrize("is_cut", [True, False])
def test_a_log_that_breaks_off_is_no_sign_of_health(
    look: Look, chat: Chat, monkeypatch: pytest.MonkeyPatch, is_cut: bool
) -> None:
    look(live=True)
    look(live=True)
    calm = scenario("healthy", seed=1, start=START).log_text("example-app").encode()

    def log_bytes(url: str, **_: object) -> Iterator[bytes]:
        yield calm
        if is_cut:
            raise Unreachable("log incomplete: the connection broke")

    monkeypatch.setattr("herodyno.heroku.log.log_session.log_bytes", log_bytes)
    look("--cooldown 0s", live=True)
    look("--cooldown 0s", live=True)
    assert [alert["now"]["severity"] for alert in chat.told] == ["critical"] + ["info"] * (not is_cut)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ("--on change", "--on needs a command to run, behind --"),
        ("--on change --", "--on needs a command to run, behind --"),
        ("--on never -- true", "--on 'never' is no time to speak"),
        ("--on change -- no-such-program", "there is no program 'no-such-program' to run"),
        ("-- true", "a command stands behind --"),
        ("--watch -- true", "a command stands behind --"),
        ("--cooldown 5m", "--cooldown goes with --on"),
        ("--state s.json", "--state goes with --on"),
        ("--on change --cooldown soon -- true", "--cooldown"),
        ("--on change --nagios -- true", "--on and --nagios do not go together"),
        ("--on change --from-bundle x.zip -- true", "--on and --from-bundle do not go together"),
        ("--on change --state s.txt -- true", "is no name of a state"),
        ("--on change app.log -- true", "files are read with --from-file"),
    ],
)
def test_what_has_no_meaning_is_refused_before_anything_is_sent(invoke: Invoke, flags: str, says: str) -> None:
    stdout, stderr, code = invoke(f"diagnose -a example-app {flags}")
    assert says in stdout + stderr
    assert code == (3 if "--nagios" in flags else 2)
