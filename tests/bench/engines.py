"""A verdict over a day and a week of an archive, by each engine that is here, in one run.

Before a row is printed, facts and document of the engine are held field by field against one pass over the log's text:
integers and texts exactly, floats to 1e-6. An engine that answers otherwise ends the run with the field.
Servers share the machine, and start anew for each archive, so that their peak memory is of this one. The pass over text
runs in a process for each processor, of which the first one's peak memory is shown.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

from herodyno.archive.engines.url import PASSWORD
from tests.archive.engines import started
from tests.archive.engines.alike import difference
from tests.bench.descendants import Used, used_by_others
from tests.bench.measure import Cost, surroundings
from tests.bench.rows import shown, table
from tests.bench.week import kept_week

HEADINGS = ["verdict on", "by", "time", "cpu", "peak memory", "cpu of the server", "peak memory of the server"]
ONE_PASS = "one pass over the text"
WINDOWS = ("24h", "7d")
ROOT = Path(__file__).parents[2]
_LONGEST_SECONDS = 3 * 3600


class Engine(NamedTuple):
    """An engine by its name: the flags that ask it, the folder of the packages that it needs, its password if any."""

    name: str
    flags: Sequence[str]
    packages: Path | None = None
    password: str = ""  # with one, Spark's client would use TLS


class Asked(NamedTuple):
    """What a way to a verdict found and what it cost: `server` is what others used meanwhile."""

    found: Any
    cost: Cost
    server: Used


def compare(folder: Path, sizes: Sequence[int]) -> str:
    """The table for archives of so many lines."""
    return table(HEADINGS, (row for size in sizes for row in _rows(folder, size)))


def asked(out: Path, since: str, flags: Sequence[str], packages: Path | None = None, password: str = "") -> Asked:
    """Ask for a verdict in a process of its own, which writes `out`."""
    before = used_by_others()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.verdict", str(out), "--since", since, *flags], cwd=ROOT,
        env=_environ(out.parent, packages, password), capture_output=True, text=True, timeout=_LONGEST_SECONDS,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(flags)}: exit {done.returncode}: {done.stderr[-2000:]}")
    after = used_by_others()
    cost = json.loads(done.stdout)
    found = pickle.loads(out.read_bytes())
    out.unlink()
    server = Used(after.cpu - before.cpu, after.peak_mb)
    return Asked(found, Cost(cost["wall"], 0.0, cost["cpu"], cost["peak_mb"]), server)


def engines(folder: Path, archive: Path) -> Generator[Engine, None, None]:
    """The engines that are here. A server runs while its engine is the one that was given last."""
    at, here = ["--archive", str(archive)], started.ENGINES
    yield Engine("DuckDB", at)
    if not (here / "lock.txt").exists():
        print("CI=true .ci/run installs the other engines: their rows are left out", file=sys.stderr)
        return
    yield Engine("DuckDB 1.5", at, here)
    yield Engine("ClickHouse in this process", [*at, "--engine", "chdb:"], here)
    with started.quack(folder, archive) as url:
        yield Engine("Quack", [*at, "--engine", url], here, started.TOKEN)
    if (started.SPARK / "lock.txt").exists() and which("java"):
        with started.spark(folder) as url:
            yield Engine("Spark", ["--archive", f"file://{archive}", "--engine", url], here)
    else:
        print("Spark or java is not here: its rows are left out", file=sys.stderr)


def _rows(folder: Path, size: int) -> Iterator[list[str]]:
    log, archive = kept_week(folder.resolve(), size)
    out = archive.with_suffix(".answer")
    expected = {since: asked(out, since, ["--log", str(log)]) for since in WINDOWS}
    for since, one in expected.items():
        yield _row(size, since, ONE_PASS, one)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as kept,
        closing(engines(Path(kept), archive)) as every,
    ):
        for engine in every:
            for since in WINDOWS:
                answer = asked(out, since, *engine[1:])
                if field := difference(list(answer.found), list(expected[since].found)):
                    raise AssertionError(f"{engine.name}, {since} of {size:,} lines: {field}")
                yield _row(size, since, engine.name, answer)


def _row(size: int, since: str, by: str, one: Asked) -> list[str]:
    server = Cost(0.0, 0.0, one.server.cpu, one.server.peak_mb)
    has_server = one.server.peak_mb > 0
    return [
        f"{since} of {size / 1e6:g}M lines", by, *(shown(one.cost, what) for what in ("wall", "cpu", "peak_mb")),
        *(shown(server, what) if has_server else "" for what in ("cpu", "peak_mb")),
    ]  # fmt: skip


def _environ(home: Path, packages: Path | None, password: str) -> Mapping[str, str]:
    paths = os.pathsep.join(map(str, filter(None, (packages, ROOT))))
    return {**surroundings(str(home)), "PYTHONPATH": paths, PASSWORD: password}
