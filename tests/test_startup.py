"""What starts quickly stays so: each command loads only what it needs, seen from outside in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from herodyno.cli.app import COMMANDS

LOADED = Path(__file__).parent / "golden" / "loaded"

HEAVY = {"httpx", "httpcore", "rich", "keyring", "asyncio", "ssl", "pydantic", "herodyno.sandbox", "herodyno.heroku"}
HEAVY |= {"textual", "uvicorn", "duckdb", "pyarrow", "pyspark", "clickhouse_connect", "google.protobuf"}
LOCAL = [["--version"], ["-V"], ["version"], [], ["--help"], ["ps", "--help"], ["help", "ps"], ["help", "exit-codes"],
         ["explain", "H12"], ["explain", "--json"], ["diagnose", "--help"], ["top", "--help"], ["pss"],
         ["archive", "receive", "--help"], ["archive", "password", "--help"],
         ["archive", "drain", "add", "--help"]]  # fmt: skip

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
def test_72_a_local_answer_loads_nothing_heavy(argv: list[str]) -> None:
    modules = loaded(*argv)
    assert not HEAVY & modules
    if argv != ["pss"] and argv[:1] not in (["--version"], ["-V"], ["version"]):
        assert "typer" in modules  # the watch sees what is loaded


def test_the_version_does_not_even_load_typer() -> None:
    assert not {"typer", "herodyno.cli.app"} & loaded("--version")


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, str]]:
    """The environment of a client of a simulated Heroku in this process."""
    from herodyno.sandbox.doors.server import Server
    from herodyno.sandbox.incidents.scenarios import scenario

    with Server(scenario("one-bad-dyno"), speed=0.0) as server:
        yield server.environment


ONLINE = [
    "ps --json", "ps", "ps --color always", "sizes --json", "scale", "scale web=4 --dry-run",
    "restart web.1 --dry-run", "stop web.1 --dry-run",
    "releases", "rollback --dry-run", "wait --json", "run list --json", "logs -n 10",
    "logs web status>=500", "diagnose --json",
]  # fmt: skip
OFFLINE = ["--version", "completion show bash", "--help", "ps --help", "logs --help", "explain H12",
           "diagnose --from-file /dev/null", "logs --from-file /dev/null"]  # fmt: skip
# Beside Python's own: what typer and httpx bring, platformdirs, and nothing else.
OUTSIDE = {"typer", "annotated_doc", "shellingham", "httpx", "httpcore", "h11", "idna", "certifi", "anyio"}
OUTSIDE |= {"platformdirs"}
OUTSIDE |= {"sitecustomize", "usercustomize"}  # of the interpreter, where a system has them: Debian's has the first
OUTSIDE |= {"sniffio", "typing_extensions", "zstandard", "brotli", "brotlicffi"}  # taken where they happen to be


@pytest.mark.parametrize("line", ONLINE)
def test_a_command_loads_these_modules_and_no_luxury(
    served: dict[str, str], tmp_path: Path, golden: Callable[[Path, str], None], line: str
) -> None:
    modules = loaded(*line.split(), environ={**served, "HOME": str(tmp_path)})
    assert "httpx" in modules  # it did ask
    luxury = {"keyring", "asyncio", "pydantic", "click", "rich", "herodyno.sandbox"}
    assert not luxury & modules
    commands = {entry.module: entry.name for entries in COMMANDS.values() for entry in entries}
    assert {commands[name] for name in commands.keys() & modules} == {
        next(name for name in ("run list", line.split()[0]) if line.startswith(name))
    }
    _compare(modules, golden, line)


@pytest.mark.parametrize("line", OFFLINE)
def test_a_command_without_network_loads_these_modules(
    tmp_path: Path, golden: Callable[[Path, str], None], line: str
) -> None:
    modules = loaded(*line.split(), environ={"HOME": str(tmp_path)})
    assert not HEAVY & modules
    _compare(modules, golden, line)


def _compare(modules: set[str], golden: Callable[[Path, str], None], line: str) -> None:
    """With the list that was reviewed. What reads and judges a log is one thing: its parts are not listed."""
    ours = {name.removeprefix("herodyno.") for name in modules if name.startswith("herodyno.")}
    if line.startswith("diagnose"):
        ours = {name for name in ours if not re.match(r"(logs|diagnosis|logfiles)\b", name)}
    golden(
        LOADED / f"{re.sub(r'[^a-z0-9.]+', '-', line.lower()).strip('-')}.txt",
        "".join(f"{it}\n" for it in sorted(ours)),
    )


@pytest.mark.parametrize("line", ["ps --json", "logs -n 10"])
def test_nothing_comes_from_outside_but_what_typer_and_httpx_bring(
    served: dict[str, str], tmp_path: Path, line: str
) -> None:
    modules = loaded(*line.split(), environ={**served, "HOME": str(tmp_path)})
    packages = {name.partition(".")[0] for name in modules if not name.startswith(("_", "herodyno"))}
    assert packages - sys.stdlib_module_names <= OUTSIDE


def test_a_short_command_never_looks_for_garbage_nor_does_the_interpreter_on_the_way_out(
    served: dict[str, str], tmp_path: Path
) -> None:
    looks = """
import gc
looks = []
usual = gc.get_threshold()
gc.callbacks.append(lambda phase, info: gc.get_threshold() != usual and looks.append(phase))
""" + WATCH.replace("print(*sorted(sys.modules)", "print(len(looks), len(gc.get_objects())")
    line = [sys.executable, "-c", looks, "logs", "-n", "1500"]
    environ = {**served, "HOME": str(tmp_path)}
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, env=environ)
    number, left = map(int, done.stderr.splitlines()[-1].split())
    assert number == 0  # since main() has begun
    assert left < 1000  # 100,000 are there, but out of its sight


def test_httpx_comes_without_its_own_command_line_where_click_is_installed(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("")
    code = "import sys, herodyno.heroku.net.connections; print('httpx' in sys.modules, 'click' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env={"PYTHONPATH": str(tmp_path)}
    )
    assert done.stdout == "True False\n"


def test_a_log_can_be_read_before_what_judges_it_is_loaded() -> None:
    code = "import sys, herodyno.cli.diagnose.command; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    modules = set(done.stdout.split())
    assert {"herodyno.diagnosis.counting.one_pass", "herodyno.logfiles.parts"} <= modules
    judging = ("judge", "analysis", "claims", "sections", "report.report")
    assert not modules & {f"herodyno.diagnosis.{name}" for name in judging}
    assert not any(name.startswith("herodyno.render.diagnosis") for name in modules)


def test_completion_show_does_not_even_load_typer() -> None:
    assert not {"typer", "pathlib", "herodyno.cli.app"} & loaded("completion", "show", "bash")
