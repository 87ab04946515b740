"""A verdict over a day and a week of an archive, by each engine that is here.

Before a row is printed, facts and document of the engine are held field by field against one pass over the log's text:
integers and texts exactly, floats to 1e-6. An engine that answers otherwise, or not at all, ends the run with the field
when the other rows are there.
Each answer is kept in the folder for a later run of the same code. A row is shown on stderr as soon as it is there.
Servers share the machine, and start anew for each archive, so that their peak memory is of this one. The pass over text
runs in a process for each processor, of which the first one's peak memory is shown.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
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
ENGINES = ("DuckDB", "DuckDB 1.5", "ClickHouse in this process", "Quack", "Spark")
WINDOWS = ("24h", "7d")
ROOT = Path(__file__).parents[2]
_LONGEST_SECONDS = 3 * 3600


class Engine(NamedTuple):
    """A way to ask an engine: the flags, the folder of the packages that it needs, its password if any."""

    flags: Sequence[str]
    packages: Path | None = None
    password: str = ""  # with one, Spark's client would use TLS


class Asked(NamedTuple):
    """What a way to a verdict found and what it cost: `server` is what others used meanwhile."""

    found: Any
    cost: Cost
    server: Used


def compare(folder: Path, sizes: Sequence[int], by: Collection[str] = ENGINES, over: Sequence[str] = WINDOWS) -> str:
    """The table for archives of so many lines, by these engines over these windows."""
    wrong: list[str] = []
    rows = [row for size in sizes for row in _rows(folder.resolve(), size, by, over, wrong)]
    if wrong:
        raise AssertionError("\n".join(wrong))
    return table(HEADINGS, rows)


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


@contextmanager
def engine(name: str, archive: Path) -> Iterator[Engine]:
    """An engine with the server that it needs. Fails with FileNotFoundError where its packages are not here."""
    at, here = ["--archive", str(archive)], started.ENGINES
    if name == "DuckDB":
        yield Engine(at)
        return
    for part in (here, *[started.SPARK] * (name == "Spark")):
        if not (part / "lock.txt").exists():
            raise FileNotFoundError(f"CI=true .ci/run fills {part}")
    if name == "DuckDB 1.5":
        yield Engine(at, here)
    elif name == "ClickHouse in this process":
        yield Engine([*at, "--engine", "chdb:"], here)
    else:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as kept:
            if name == "Quack":
                with started.quack(Path(kept), archive) as url:
                    yield Engine([*at, "--engine", url], here, started.TOKEN)
            else:
                with started.spark(Path(kept)) as url:
                    yield Engine(["--archive", f"file://{archive}", "--engine", url], here)


def _rows(folder: Path, size: int, by: Collection[str], over: Sequence[str], wrong: list[str]) -> Iterator[list[str]]:
    log, archive = kept_week(folder, size)
    answers = _Answers(folder / f"answers-{_code()}", size)
    expected = {since: answers.of(since, ONE_PASS, Engine(["--log", str(log)])) for since in over}
    for since, one in expected.items():
        yield _row(size, since, ONE_PASS, one)
    for name in by:
        with ExitStack() as stack:
            server: Engine | None = None
            for since in over:
                what = f"{name}, {since} of {size:,} lines"
                try:
                    if not answers.has(since, name):
                        server = server or stack.enter_context(engine(name, archive))
                    answer = answers.of(since, name, server)
                except (RuntimeError, AssertionError, subprocess.TimeoutExpired, FileNotFoundError) as error:
                    wrong.append(f"{what}: {error}")
                    print(wrong[-1], file=sys.stderr, flush=True)
                    break
                if field := difference(list(answer.found), list(expected[since].found)):
                    wrong.append(f"{what}: {field}")
                    print(wrong[-1], file=sys.stderr, flush=True)
                else:
                    yield _row(size, since, name, answer)


class _Answers:
    """Answers on an archive of one size, kept in a folder."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder, self._size = folder, size
        folder.mkdir(parents=True, exist_ok=True)

    def has(self, since: str, name: str) -> bool:
        return self._path(since, name).exists()

    def of(self, since: str, name: str, way: Engine | None) -> Asked:
        """The kept answer, or a new one by this way."""
        path = self._path(since, name)
        if not path.exists():
            assert way
            answer = asked(path.with_suffix(".tmp"), since, *way)
            path.with_suffix(".new").write_bytes(pickle.dumps(answer))
            path.with_suffix(".new").rename(path)
            print(" | ".join(_row(self._size, since, name, answer)), file=sys.stderr, flush=True)
        kept: Asked = pickle.loads(path.read_bytes())
        return kept

    def _path(self, since: str, name: str) -> Path:
        return self._folder / f"{self._size}-{since}-{name.replace(' ', '-')}.pickle"


def _code() -> str:
    """What names the code that is measured."""
    files = sorted(path for path in (ROOT / "herodyno").rglob("*") if path.is_file() and path.suffix != ".pyc")
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


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
