"""The official Heroku CLI cannot tell the sandbox from Heroku: every dyno command, its exit code and its words."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from herodyno.sandbox.api.state import Options
from herodyno.sandbox.doors.server import Server
from herodyno.sandbox.incidents.scenarios import FLEET, names, scenario
from herodyno.sandbox.world.app_creation import AppSpec
from herodyno.sandbox.world.world import World
from tests.real_parts import HEROKU_CLI, need_heroku_cli, needed
from tests.sandbox.conftest import MakeWorld
from tests.sandbox.heroku_cli import Ran, call, surroundings

_cli = needed(need_heroku_cli)

pytestmark = pytest.mark.real

Heroku = Callable[..., Ran]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own: the CLI writes into the global gitconfig."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def server(make_world: MakeWorld) -> Iterator[Server]:
    with Server(make_world(web=2, worker=1, version=41), speed=60) as running:
        yield running


@pytest.fixture
def heroku(server: Server, home: Path) -> Heroku:
    def run(*words: str, stdin: str = "") -> Ran:
        return call(server, home, *words, stdin=stdin)

    return run


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("ps", 0, ["=== web (Standard-1X): serve (2)", "web.1: up", "=== worker (Standard-1X): work (1)"]),
        ("ps worker", 0, ["worker.1: up"]),
        ("ps nope", 1, ["No nope dynos on example-app"]),
        ("ps -a nowhere", 2, ["Couldn't find that app.", "Error ID: not_found"]),
        ("ps:scale", 0, ["web=2:Standard-1X worker=1:Standard-1X"]),
        ("ps:scale web=3", 0, ["Scaling dynos... done, now running web at 3:Standard-1X"]),
        ("ps:scale web+1 worker-1", 0, ["web at 3:Standard-1X", "worker at 0:Standard-1X"]),
        ("ps:scale web=1:standard-2x", 0, ["web at 1:Standard-2X"]),
        ("ps:scale web=1:huge", 2, ["No such size as huge. Available dyno sizes are"]),
        ("ps:scale nope=1", 2, ["Couldn't find that process type (nope)."]),
        ("ps:type", 0, ["web Standard-1X 2", "worker Standard-1X 1"]),
        ("ps:type web=standard-2x", 0, ["Scaling dynos on example-app... done", "web Standard-2X 2"]),
        ("ps:restart", 0, ["Restarting all dynos on example-app... done"]),
        ("ps:restart -p web", 0, ["Restarting all web dynos on example-app... done"]),
        ("ps:restart -d web.1", 0, ["Restarting dyno web.1 on example-app... done"]),
        ("ps:restart -d web.9", 2, ["Couldn't find that dyno.", "Error ID: not_found"]),
        ("ps:stop -d web.1", 0, ["Stopping dyno web.1 on example-app... done"]),
        ("ps:stop -p worker", 0, ["Stopping all worker dynos on example-app... done"]),
        ("ps:wait", 0, []),
        ("releases", 0, ["example-app Releases - Current: v41", "v40 Deploy"]),
        ("releases:rollback v40", 0, ["Rolling back example-app to v40... done, v42"]),
        ("rollback", 0, ["Rolling back example-app to v40... done, v42", "heroku rollback v41"]),
        ("labs", 0, ["=== User Features ana@example.com", "log-runtime-metrics Emit dyno resource usage"]),
        ("addons", 0, ["No add-ons for app example-app."]),
        ("certs", 0, ["example-app has no SSL certificates."]),
        ("addons:create heroku-redis", 2, ["The sandbox does not simulate POST /apps/example-app/addons."]),
        ("drains", 0, []),
        ("drains:add https://example.com/drain", 0, ["Successfully added drain https://example.com/drain"]),
        ("drains:remove https://example.com/none", 2, ["Couldn't find that drain.", "Error ID: not_found"]),
        ("telemetry:add https://example.com/otlp -a example-app", 2, ["for Fir-generation apps only"]),
        ("whoami", 0, ["ana@example.com"]),
        ("status", 0, ["Apps: No known issues at this time.", "Tools: No known issues at this time."]),
        ("apps", 0, ["example-app"]),
        ("apps:info", 0, ["web: 2", "worker: 1", "Owner: ana@example.com"]),
        ("config", 0, ["SECRET_KEY_BASE:"]),
        ("features:enable preboot", 0, ["Enabling preboot for example-app... done"]),
        ("maintenance:on", 0, ["Enabling maintenance mode for example-app... done"]),
        ("run:detached echo hi", 0, ["Running echo hi on example-app... done, run."]),
        ("run echo hello there", 0, ["hello there", "up, run."]),
    ],
)
def test_a_command(heroku: Heroku, line: str, code: int, words: list[str]) -> None:
    ran = heroku(*line.split())
    assert ran.code == code, ran.words
    for expected in words:
        assert expected in ran.words


def test_a_change_is_seen_by_the_next_command(heroku: Heroku, server: Server) -> None:
    before = {dyno.name: dyno.id for dyno in server.world.dynos("example-app")}
    assert heroku("ps:restart", "-d", "web.2").code == 0
    assert heroku("ps:scale", "worker=2").code == 0
    assert "worker=2:Standard-1X" in heroku("ps:scale").stdout
    after = {dyno["name"]: dyno["id"] for dyno in json.loads(heroku("ps", "--json").stdout)}
    assert [name for name in before if after[name] != before[name]] == ["web.2"]
    assert after.keys() - before.keys() == {"worker.2"}


def test_drains_of_both_generations_come_and_go(heroku: Heroku, server: Server) -> None:
    assert heroku("drains:add", "https://user:pass@example.com/x").code == 0
    assert "https://user:pass@example.com/x (d." in heroku("drains").stdout
    assert heroku("drains:remove", "https://user:pass@example.com/x").code == 0
    assert heroku("drains").stdout == ""
    with server.state.lock:
        server.world.create_app("fir-app", AppSpec(formation={}, generation="fir"))
    words = ("--signals", "logs,metrics", "--headers", '{"API-Key": "x"}')
    added = heroku("telemetry:add", "https://example.com/otlp", "-a", "fir-app", *words)
    assert "successfully added drain https://example.com/otlp" in added.stdout
    (drain,) = server.world.telemetry_drains
    assert drain.id in heroku("telemetry", "-a", "fir-app").stdout
    assert heroku("telemetry:remove", drain.id).code == 0
    assert server.world.telemetry_drains == []


@pytest.mark.parametrize("status", [0, 7])
def test_run_with_exit_code_goes_through_the_rendezvous(heroku: Heroku, status: int) -> None:
    ran = heroku("run", "-x", f"sh -c 'echo out; exit {status}'")
    assert ran.code == status, ran.words
    assert ran.stdout.splitlines() == ["out"]


def test_run_gives_its_input_to_the_dyno(heroku: Heroku) -> None:
    ran = heroku("run", "--no-tty", "-x", "cat", stdin="one\ntwo\n")
    assert (ran.code, ran.stdout) == (0, "one\ntwo\n")


def test_a_detached_commands_output_is_in_the_log(heroku: Heroku, server: Server) -> None:
    heroku("run:detached", "echo from far away")
    until = time.monotonic() + 10
    while "from far away" not in server.world.log_text("example-app") and time.monotonic() < until:
        time.sleep(0.1)
    assert "app[run." in heroku("logs", "-n", "1500").stdout


def test_logs_shows_history_with_the_filters(heroku: Heroku, server: Server) -> None:
    with server.state.lock:
        for name in ("web.1", "web.2", "worker.1"):
            server.world.say("example-app", name, f"I am {name}")
    time.sleep(0.5)
    assert heroku("logs").stdout.count("I am") == 3
    assert "I am worker.1" in heroku("logs", "-p", "worker").stdout
    assert heroku("logs", "-d", "web.2", "-s", "app").stdout.count("I am") == 1


def test_logs_tail_follows_until_it_is_stopped(server: Server, home: Path) -> None:
    assert HEROKU_CLI
    with subprocess.Popen(
        [HEROKU_CLI, "logs", "--tail"],
        env=surroundings(server, home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as tail:
        assert tail.stdout
        while not server.world.app("example-app").log._tails:
            time.sleep(0.05)
        with server.state.lock:
            server.world.restart("example-app", dyno="web.1")
        assert any("heroku[web.1]: State changed from up to starting" in line for line in tail.stdout)
        tail.terminate()


def test_a_tail_that_is_cut_is_taken_up_again_without_a_gap_or_a_repeat(make_world: MakeWorld, home: Path) -> None:
    with Server(make_world(), options=Options(cut_after=1)) as server:
        lines = tail_of(server, home, ["number 1", "number 2", "number 3"])
    assert [line.partition("]: ")[2] for line in lines] == ["number 1", "number 2", "number 3"]


def tail_of(server: Server, home: Path, texts: list[str]) -> list[str]:
    """What `logs --tail` shows of web.1 when each text is said once the one before was seen."""
    assert HEROKU_CLI
    seen: list[str] = []
    words = [HEROKU_CLI, "logs", "--tail", "--dyno-name", "web.1", "--source", "app"]
    env = surroundings(server, home)
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as tail:
        assert tail.stdout
        while not server.world.app("example-app").log._tails:
            time.sleep(0.05)
        for text in texts:
            with server.state.lock:
                server.world.say("example-app", "web.1", text)
            seen.append(tail.stdout.readline().strip())
        tail.terminate()
    return seen


def test_ps_wait_waits_for_the_release(heroku: Heroku, server: Server) -> None:
    with server.state.lock:
        server.world.deploy("example-app")
    ran = heroku("ps:wait")
    assert ran.code == 0
    assert all(dyno.release == 42 for dyno in server.world.dynos("example-app"))


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (Options(refused_tokens=frozenset()), 0, "ana@example.com"),
        (Options(rate_limit=0), 2, "Error ID: rate_limit"),
        (Options(forbidden_apps=frozenset({"example-app"})), 2, "You do not have access to the app example-app."),
        (Options(warning="this stack is old"), 0, "Warning: this stack is old"),
        (Options(two_factor="123456"), 1, "Two-factor authentication requires an interactive terminal."),
    ],
    ids=["plain", "rate-limit", "forbidden", "warning", "two-factor"],
)
def test_refusals_and_warnings_reach_the_person(
    make_world: MakeWorld, home: Path, options: Options, code: int, words: str
) -> None:
    with Server(make_world(), options=options) as server:
        ran = call(server, home, *(["apps:info"] if words.startswith("You") else ["whoami"]))
    assert ran.code == code
    assert words in ran.words


def test_a_bad_token_is_said_to_be_bad(make_world: MakeWorld, home: Path) -> None:
    with Server(make_world(), options=Options(refused_tokens=frozenset({"bad"}))) as server:
        env = surroundings(server, home) | {"HEROKU_API_KEY": "bad"}
        done = subprocess.run([str(HEROKU_CLI), "ps"], env=env, capture_output=True, text=True, timeout=60, input="")
    assert done.returncode == 1
    assert "The token provided to HEROKU_API_KEY is invalid" in Ran(done).words


@pytest.mark.parametrize("name", names())
def test_it_and_herodyno_name_the_same_dynos_states_and_sizes(name: str, home: Path) -> None:
    """Differential: the same world, standing still, seen by both."""
    world = scenario(name)
    app = first_app(world, name)
    with Server(world, speed=0) as server:
        theirs = call(server, home, "ps", "--json", "-a", app)
        ours = subprocess.run(
            [sys.executable, "-m", "herodyno", "ps", "--json", "-a", app],
            env=surroundings(server, home), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert theirs.code == 0, theirs.words
    assert ours.returncode == 0, ours.stderr
    assert seen(json.loads(theirs.stdout)) == seen(json.loads(ours.stdout)["dynos"])


def first_app(world: World, name: str) -> str:
    return "example-007" if name == FLEET else next(iter(world.apps))


def seen(dynos: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    return {(each["name"], each["id"], each["type"], each["state"], each["size"], each["command"]) for each in dynos}
