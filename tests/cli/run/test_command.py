"""`run`: words arrive as typed, the status is the command's own, and a dyno that is left behind is named."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from herodyno.cli.session import Session
from herodyno.errors import WriteUnclear
from herodyno.heroku.api.platform import Platform
from herodyno.heroku.attach import pump, rendezvous
from herodyno.render.output import Output
from tests.cli.run.one_off_stage import APP, Stage, banner, hold, say
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.heroku.rendezvous_server import Client, serving


@pytest.fixture
def make_session(stage: Stage) -> Callable[..., Session]:
    """Sessions whose API is the stage's, in this process."""

    def make(environ: Mapping[str, str] | None = None) -> Session:
        surroundings = {**stage.environ(), **(environ or {})}
        return Session(
            Output.of_process(surroundings),
            environ=surroundings,
            clock=lambda: stage.world.now,
            httpx_transport=httpx.WSGITransport(stage.application),
            sleep=stage.world.tick,
        )

    return make


def journalled(invoke: Invoke) -> list[tuple[str, str]]:
    """(verb, outcome) of what the journal holds."""
    return [(entry["verb"], entry["outcome"]) for entry in valid(invoke("journal --json").stdout)["entries"]]


@pytest.mark.parametrize("status", [0, 3])
def test_55_d1_d2_the_remote_status_is_ours(stage: Stage, invoke: Invoke, status: int) -> None:
    stage.play(stage.shell)
    stdout, stderr, code = invoke(["run", "--", "sh", "-c", f"echo out; exit {status}"])
    assert (stdout, code) == ("out\n", status)
    assert stderr.splitlines()[-1] == f"{stage.dyno} starts (Standard-1X, ~$0.035/hour)"


def test_d3_status_256_is_a_failure(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, stage.end(256))
    assert invoke("run x").code == 1


def test_d4_d5_d7_one_packet_or_many_nothing_is_lost_and_the_mark_is_never_shown(stage: Stage, invoke: Invoke) -> None:
    stage.play(lambda client: client.send(b"rendezvous\r\nout" + stage.mark(137)))
    assert invoke("run x")[::2] == ("out", 137)
    stage.play(banner, say(b"out"), lambda client: client.send(*(bytes([byte]) for byte in stage.mark(137))))
    assert invoke("run x")[::2] == ("out", 137)


def test_d6_a_forged_mark_is_plain_text(stage: Stage, invoke: Invoke) -> None:
    forged = "\x1eherodyno 00000000000000000000000000000000 0\x1e"
    stage.play(banner, say(forged.encode()), stage.end(4))
    assert invoke("run x")[::2] == (forged, 4)


def test_d8_without_a_status_the_dynos_own_log_is_asked(stage: Stage, invoke: Invoke) -> None:
    def vanish(client: Client) -> None:
        stage.world.tick(5)
        stage.world.exit(APP, stage.dyno, 9)

    stage.play(banner, say(b"out"), vanish)
    assert invoke("run x")[::2] == ("out", 9)


def test_d8_a_status_nobody_tells_is_125_and_never_0(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, say(b"out"))
    stdout, stderr, code = invoke("run x")
    assert (stdout, code) == ("out", 125)
    assert f"the exit status of {stage.dyno} is not known: the server closed the connection" in stderr
    assert f"herodyno stop {stage.dyno} --app example-app" in stderr


@pytest.mark.parametrize("typed", [["exit 2"], ["--", "sh", "-c", "exit 2"], ["--", "exec sh -c 'exit 2'"]])
def test_d9_a_command_that_exits_its_shell_still_tells(stage: Stage, invoke: Invoke, typed: list[str]) -> None:
    stage.play(stage.shell)
    assert invoke(["run", *typed]).code == 2


def test_d10_a_reset_in_mid_output_keeps_it_and_is_125(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, say(b"half"), Client.reset)
    stdout, stderr, code = invoke("run x")
    assert code == 125
    assert stdout in ("half", "")  # the kernel may throw away what it has not handed over yet
    assert stage.dyno in stderr


def test_d11_closed_before_the_first_line_is_125(stage: Stage, invoke: Invoke) -> None:
    stdout, stderr, code = invoke("run x")
    assert (stdout, code) == ("", 125)
    assert f"closed before the dyno attached; {stage.dyno} was left starting" in stderr
    assert f"stop it: herodyno stop {stage.dyno} --app example-app" in stderr
    assert "herodyno run --detach --wait" in stderr


def test_d12_a_dyno_that_does_not_attach_in_time_is_125_and_can_be_stopped(
    stage: Stage, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendezvous, "BANNER_SECONDS", 0.1)
    stage.play(hold)
    _, stderr, code = invoke("run x")
    assert code == 125
    assert "did not attach in time" in stderr
    assert f"herodyno stop {stage.dyno}" in stderr


def test_d13_ctrl_c_while_the_dyno_is_asked_for_is_130_and_says_where_to_look(
    stage: Stage, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Platform, "run", interrupted)
    _, stderr, code = invoke("run x")
    assert code == 130
    assert "it may have been started; look: herodyno run list --app example-app" in stderr


@pytest.mark.parametrize("certificate", ["unknown-authority", "other-name"])
def test_d25_d26_a_server_that_cannot_prove_itself_is_refused(stage: Stage, invoke: Invoke, certificate: str) -> None:
    with serving(hold, certificate=certificate) as impostor:
        stage.attach_url = impostor.url
        _, stderr, code = invoke("run x")
        assert impostor.secrets == []
    assert code == 125
    assert "cannot prove that it is Heroku" in stderr
    assert "SSL_CERT_FILE" in stderr
    assert f"{stage.dyno} was left starting" in stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://localhost:{port}/secret", "attached with ssh"),
        ("file:///etc/passwd", "unknown scheme 'file'"),
        ("rendezvous://evil.example:22/secret", "not Heroku's"),
        ("rendezvous://localhost/secret", "names no port"),
    ],
)
def test_d27_d28_an_attach_url_that_is_not_herokus_is_not_called(
    stage: Stage, invoke: Invoke, url: str, said: str
) -> None:
    stage.attach_url = url.format(port=stage.server.port)
    _, stderr, code = invoke("run x")
    assert code == 125
    assert said in stderr
    assert "secret" not in stderr
    assert f"stop it: herodyno stop {stage.dyno} --app example-app" in stderr
    assert stage.server.clients == 0


def test_d29_a_refused_port_names_the_dyno_and_offers_detach(stage: Stage, invoke: Invoke) -> None:
    stage.server.close()
    _, stderr, code = invoke("run x")
    assert code == 125
    said = stderr.splitlines()[-3:]
    assert said[0].startswith(f"herodyno: cannot connect to localhost:{stage.server.port} (connection refused)")
    assert said[0].endswith(f"may block port {stage.server.port}; {stage.dyno} was left starting")
    assert said[1].strip() == f"stop it: herodyno stop {stage.dyno} --app example-app"
    assert said[2].strip() == "without a connection: herodyno run --detach --wait --app example-app -- COMMAND"


def test_d31_a_dyno_that_dies_at_boot_is_125_with_its_state_and_cause(stage: Stage, invoke: Invoke) -> None:
    def too_late(client: Client) -> None:
        stage.world.tick(60)

    stage.play(too_late)
    _, stderr, code = invoke("run x")
    assert code == 125
    assert "is gone: exit status 128 (R13: could not attach to its terminal)" in stderr
    assert "is gone" in stderr or "is crashed" in stderr
    assert "see why: herodyno diagnose --app example-app" in stderr


def test_60_d32_values_of_variables_are_shown_nowhere(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, stage.end(0))
    for line in ("run -e DB=s3cret-value x", "run --dry-run -e DB=s3cret-value x", "run --json -e DB=s3cret-value x"):
        stdout, stderr, code = invoke(line, environ={"HERODYNO_DEBUG": "1"})
        assert code == 0
        assert "s3cret-value" not in stdout + stderr
    assert stage.body["env"] == {"DB": "s3cret-value"}


def test_a18_no_command_is_a_usage_error_and_nothing_is_sent(stage: Stage, invoke: Invoke) -> None:
    assert invoke("run").code == 2
    assert invoke("run --").code == 2
    assert stage.calls == []


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        (["--", "echo", "run", "x", "heroku"], "echo run x heroku"),
        (["bash", "-x", "--json", "-a", "other", "--help"], "bash -x --json -a other --help"),
        (["-s", "basic", "echo", "basic"], "echo basic"),
        (["--", "printf", "%s\\n", "a;b", "$(id)"], "printf '%s\\n' 'a;b' '$(id)'"),
        (["a | b && c"], "a | b && c"),
        (["--", "list"], "list"),
        (["echo", "--", "-x"], "echo -- -x"),
    ],
)
def test_a22_a23_words_reach_the_dyno_exactly(stage: Stage, invoke: Invoke, typed: list[str], sent: str) -> None:
    stdout, _, code = invoke(["run", "--no-exit-code", "--detach", *typed])
    assert code == 0
    assert stage.body["command"] == sent
    assert stdout.split()[0] == stage.dyno


def test_every_option_reaches_the_api(stage: Stage, invoke: Invoke, tmp_path: Path) -> None:
    env_file = tmp_path / "variables.env"
    env_file.write_text("A=file\nB=2\n")
    line = f"run --detach -s standard-2x --type worker --ttl 2h -e A=1;2 --env-file {env_file} -e E= -- rake x"
    stdout, stderr, code = invoke(line.split())
    assert code == 0
    assert stage.body == {
        "attach": False,
        "command": "rake x",
        "env": {"A": "1;2", "B": "2", "E": ""},
        "size": "standard-2x",
        "type": "worker",
        "time_to_live": 7200,
    }
    name, dyno_id = stdout.split()
    made = next(dyno for dyno in stage.world.dynos(APP) if dyno.name == name)
    assert dyno_id == made.id
    assert f"{name} starts (Standard-2X, ~$0.069/hour)" in stderr
    assert f"stop it: herodyno stop {name} --app example-app" in stderr


@pytest.mark.parametrize("line", ["run --ttl 25h x", "run --ttl 0 x", "run --ttl soon x", "run --timeout never x",
                                  "run --wait x", "run -e 1X=y x", "run --env-file no-such-file x"])  # fmt: skip
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(stage: Stage, invoke: Invoke, line: str) -> None:
    assert invoke(line).code in (2, 5)
    assert stage.calls == []


def test_a_process_type_is_sent_first_and_bare(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, stage.end(0))
    assert invoke("run web --once").code == 0
    assert stage.sent.startswith("web --once ; ")


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_a_buildpack_native_app_gets_its_launcher_unless_told(stage: Stage, invoke: Invoke) -> None:
    app = next(iter(stage.world.apps))
    assert invoke(f"run -a {app} --detach rake").code == 0
    assert next(body for _, _, body in reversed(stage.calls) if "command" in body)["command"] == "launcher rake"
    assert invoke(f"run -a {app} --detach --no-launcher rake").code == 0
    assert next(body for _, _, body in reversed(stage.calls) if "command" in body)["command"] == "rake"


def test_no_exit_code_sends_the_command_as_it_is_and_the_end_is_0(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, say(b"out"))
    assert invoke(["run", "--no-exit-code", "rake x"])[::2] == ("out", 0)
    assert stage.sent == "rake x"


def test_without_a_terminal_here_the_dyno_is_told_to_give_none(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, stage.end(0))
    invoke("run x")
    assert stage.body["force_no_tty"] is True
    assert stage.body["env"] == {}
    invoke("run --tty x")
    assert "force_no_tty" not in stage.body
    assert stage.body["env"] == {"TERM": "xterm-256color"}


def test_timeout_stops_the_dyno_and_is_125(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, say(b"out"), hold)
    stdout, stderr, code = invoke("run --timeout 0.2s x")
    assert (stdout, code) == ("out", 125)
    assert len(stage.stopped) == 1
    assert f"{stage.dyno} was not done in the time allowed, and was stopped" in stderr
    assert journalled(invoke) == [("run", "done"), ("stop", "done")]


def test_silence_for_an_hour_is_125_and_names_the_dyno(
    stage: Stage, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "ATTACH_IDLE_SECONDS", 0.1)
    stage.play(banner, hold)
    _, stderr, code = invoke("run x")
    assert code == 125
    assert f"the exit status of {stage.dyno} is not known: nothing came for too long" in stderr


def test_b9_a_lost_answer_is_looked_up_and_never_sent_again(
    stage: Stage, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = Platform.run

    def unheard(self: Platform, *args: Any, **options: Any) -> None:
        inner(self, *args, **options)
        raise WriteUnclear("no answer came")

    monkeypatch.setattr(Platform, "run", unheard)
    _, stderr, code = invoke("run x")
    assert code == 6
    assert f"it was sent once; started meanwhile: {stage.dyno}" in stderr
    assert f"herodyno stop {stage.dyno} --app example-app" in stderr
    assert sum(path.endswith("/dynos") for method, path, _ in stage.calls if method == "POST") == 1


def test_read_only_and_a_protected_app_send_nothing(stage: Stage, invoke: Invoke) -> None:
    assert invoke("run --read-only x").code == 1
    assert invoke("run x", environ={"HERODYNO_READ_ONLY": "1"}).code == 1
    assert invoke("run --confirm other-app x").code == 2
    assert not any(method == "POST" for method, _, _ in stage.calls)


def test_a_dry_run_shows_the_call_and_sends_none(stage: Stage, invoke: Invoke) -> None:
    stdout, stderr, code = invoke("run --dry-run -s basic --detach -- rake x")
    assert code == 0
    assert stderr.splitlines()[-1] == "basic: ~$0.010/hour"
    assert stdout == (
        'POST /apps/example-app/dynos {"command": "rake x", "attach": false, "env": {}, "size": "basic"}\n'
    )
    assert not any(method == "POST" for method, _, _ in stage.calls)


def test_json_is_one_document_and_the_output_goes_to_stderr(stage: Stage, invoke: Invoke) -> None:
    stage.play(banner, say(b"out\n"), stage.end(3))
    stdout, stderr, code = invoke("run --json x")
    document = valid(stdout)
    assert (document["exit_status"], document["told_by"], code) == (3, "connection", 3)
    assert document["dyno"]["name"] == stage.dyno
    assert document["price"] == "~$0.035/hour"
    assert document["call"]["body"] == stage.body, "what --dry-run and --json tell is what is sent"
    assert stderr.splitlines()[-1] == "out"
    assert valid(invoke("run --json --detach x").stdout)["exit_status"] is None
    assert valid(invoke("run --json --dry-run x").stdout)["dyno"] is None


def test_detach_and_wait_follows_the_log_and_returns_its_status(stage: Stage, invoke: Invoke) -> None:
    def turn() -> bool:
        stage.world.tick(1)
        return True

    stage.state.wait = turn
    stdout, stderr, code = invoke(["run", "--detach", "--wait", "echo one; echo two; exit 3"])
    assert (stdout, code) == ("one\ntwo\n", 3)
    assert f"heroku[{stage.dyno}]: Process exited with status 3" in stderr
    document = valid(invoke(["run", "--json", "--detach", "--wait", "exit 0"]).stdout)
    assert (document["exit_status"], document["told_by"]) == (0, "log")


def test_detach_and_wait_with_a_status_nobody_tells_is_125(
    stage: Stage, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "log_bytes", lambda *_, **__: iter([]))
    stage.state.wait = lambda: False
    stdout, stderr, code = invoke(["run", "--detach", "--wait", "exit 0"])
    assert (stdout, code) == ("", 125)
    assert "its log does not tell its exit status" in stderr


def test_detach_and_wait_beyond_the_timeout_stops_the_dyno(stage: Stage, invoke: Invoke) -> None:
    stage.state.wait = lambda: False
    _, stderr, code = invoke(["run", "--detach", "--wait", "--timeout", "0", "sleep 900"])
    assert code == 125
    assert len(stage.stopped) == 1
    assert "was not done in the time allowed, and was stopped" in stderr
    assert journalled(invoke) == [("run", "done"), ("stop", "done")]


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_detach_and_wait_on_fir_ends_at_the_exit_line_though_its_log_never_does(
    stage: Stage, make_session: Callable[..., Session], invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = next(iter(stage.world.apps))

    def turn() -> bool:
        stage.world.tick(0.5)
        time.sleep(0.005)
        return True

    with stage.served() as environ:
        stage.state.wait = turn
        monkeypatch.setattr(Session, "httpx_transport", property(lambda _: None, lambda *_: None), raising=False)
        began = time.monotonic()
        stdout, stderr, code = invoke(
            ["run", "-a", app, "--detach", "--wait", "sleep 5; echo one; exit 3"], environ=environ
        )
    assert (stdout, code) == ("one\n", 3), stderr
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("line", ["run --detach x", "run --detach --wait x", "run --json --detach x", "run x"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), BrokenPipeError(32, "Broken pipe")])
def test_what_fails_here_once_the_dyno_was_started_is_125_with_the_stop_command(
    stage: Stage, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, line: str, fault: OSError
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(Session, "log_bytes", fails)
    monkeypatch.setattr(rendezvous, "attach", fails)
    monkeypatch.setattr(Output, "lines", fails)
    monkeypatch.setattr(Output, "json", fails)
    _, stderr, code = invoke(line)
    assert code == 125, stderr
    assert f"herodyno stop {stage.dyno} --app example-app" in stderr
