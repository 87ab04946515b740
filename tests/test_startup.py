"""What starts quickly stays so: each command loads only what it needs, seen from outside in a process of its own."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

HEAVY = {"httpx", "httpcore", "rich", "keyring", "asyncio", "ssl", "pydantic", "herodyno.sandbox", "herodyno.heroku"}
LOCAL = [["--version"], ["-V"], ["version"], [], ["--help"], ["ps", "--help"], ["help", "ps"], ["help", "exit-codes"],
         ["explain", "H12"], ["explain", "--json"], ["diagnose", "--help"], ["pss"]]  # fmt: skip

WATCH = """
import runpy, sys
argv, sys.argv[1:] = sys.argv[1:], sys.argv[1:]
try:
    runpy.run_module("herodyno", run_name="__main__", alter_sys=False)
except SystemExit:
    pass
sys.stdout.flush()
print(*sorted(sys.modules), file=sys.stderr)
"""


def loaded(*argv: str, environ: dict[str, str] | None = None) -> set[str]:
    """Every module that running this command line has loaded."""
    done = subprocess.run([sys.executable, "-c", WATCH, *argv], capture_output=True, text=True, timeout=60, env=environ)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("argv", LOCAL, ids=" ".join)
def test_a_local_answer_loads_nothing_heavy(argv: list[str]) -> None:
    modules = loaded(*argv)
    assert not HEAVY & modules
    if argv != ["pss"] and argv[:1] not in (["--version"], ["-V"], ["version"]):
        assert "typer" in modules  # the watch sees what is loaded


def test_the_version_does_not_even_load_typer() -> None:
    assert not {"typer", "herodyno.cli.app"} & loaded("--version")


def test_an_offline_diagnosis_loads_no_client(tmp_path: object) -> None:
    assert not (HEAVY - {"herodyno.heroku"}) & loaded("diagnose", "--from-file", "/dev/null")


def test_ps_json_in_a_pipe_loads_neither_rich_nor_keyring_nor_asyncio() -> None:
    code = """
import sys, httpx
from herodyno.cli.app import run
from herodyno.cli.session import Session
from herodyno.render.output import Output
from herodyno.sandbox.scenarios import scenario
from herodyno.sandbox.wsgi import application
world = scenario("one-bad-dyno")
session = Session(Output.of_process(), environ={"HEROKU_API_KEY": "x"}, clock=lambda: world.now,
                  httpx_transport=httpx.WSGITransport(application(world)))
assert run(["ps", "--json", "-a", "example-app"], session) == 0
print(*sorted({"rich", "keyring", "asyncio", "pydantic", "platformdirs"} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "\n")
    assert '"herodyno.ps/1"' in done.stdout


def test_a_local_answer_comes_within_a_few_times_of_bare_python() -> None:
    def best(*argv: str) -> float:
        times = []
        for _ in range(3):
            began = datetime.now(UTC)
            subprocess.run([sys.executable, *argv], capture_output=True, timeout=60)
            times.append((datetime.now(UTC) - began).total_seconds())
        return min(times)

    bare = best("-c", "pass")
    # Measured 1.3 and 5 to 6 times bare Python; the limits leave room for a busy machine.
    assert best("-m", "herodyno", "--version") < 5 * bare + 0.1
    assert best("-m", "herodyno", "--help") < 20 * bare + 0.2
