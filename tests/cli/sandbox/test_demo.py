"""The demo accuses the right dyno in a few seconds, without an account, a network or an optional package."""

import json
import resource
import subprocess
import sys

import pytest

from herodyno.sandbox.incidents.scenarios import SCENARIOS
from tests.cli.schemas import valid
from tests.conftest import Invoke


def test_it_shows_ps_then_diagnose_then_what_to_type_next(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("demo --utc", environ={})
    assert (stderr, code) == ("", 0)
    assert stdout.startswith("Simulated, no account, no network:\n")
    ps, diagnose = stdout.index("== herodyno ps"), stdout.index("== herodyno diagnose")
    assert ps < stdout.index("!! ONE DYNO   web.2") > diagnose
    assert stdout.index("What to type next") > diagnose


def test_it_is_the_same_every_time(invoke: Invoke) -> None:
    assert invoke("demo --utc").stdout == invoke("demo --utc").stdout


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_incident_can_be_shown(name: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"demo --scenario {name} --json")
    assert (stderr, code) == ("", 0)
    parts = valid(stdout)
    assert [valid(json.dumps(parts[name]))["schema"] for name in ("ps", "diagnose")]


def test_what_is_shown_fits_a_terminal_of_80_columns() -> None:
    assert [it.summary for it in SCENARIOS.values() if len(it.summary) > 80] == []


def test_an_unknown_incident_names_the_known_ones(invoke: Invoke) -> None:
    assert "herodyno sandbox shell --scenario fleet" in invoke("demo --scenario fleet").stderr
    stdout, stderr, code = invoke("demo --scenario meteor")
    assert (stdout, code) == ("", 2) == ("", invoke("sandbox serve --scenario meteor").code)
    assert "crash-loop" in stderr


def test_it_needs_the_core_dependencies_only_and_under_three_seconds_of_a_processor() -> None:
    watch = (
        "import sys, runpy; sys.argv = ['herodyno', 'demo']\n"
        "try: runpy.run_module('herodyno', run_name='__main__')\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "print(sorted({'werkzeug', 'cryptography', 'vcr', 'keyring', 'asyncio'} & set(sys.modules)), file=sys.stderr)"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3  # other work does not count
    assert (done.stderr, done.returncode) == ("[]\n", 0)
