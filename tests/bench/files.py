"""`diagnose --from-file` against tools that people read logs with, on the same generated file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from herodyno.logs.scan.compiled.library import library
from tests.bench.commands import herodyno
from tests.bench.log_file import HOSTILE, write_dynos, write_hostile, write_incident, write_lives, write_log
from tests.bench.measure import Command, Cost, in_turn, surroundings
from tests.bench.rows import Row

PEERS = Path(__file__).parent / "peers"
ALONE = "on one processor"
LIVES = 4000
HOSTILE_BYTES = 30 * 10**6
WITHOUT_LINES = """
import sys
from herodyno.__main__ import main
from herodyno.diagnosis.counting import printed, printed_rows
printed_rows.PrintedRows.add = printed.PrintedFacts.add_event = lambda *_: None
sys.exit(main())
"""
FOUND = (0, 10, 20, 30)  # diagnose says with its exit code what it found
# What lnav and GoAccess are asked is less than what herodyno answers: requests and errors of the router only.
QUERY = (
    ";SELECT dyno, count(*), max(service), sum(status >= 500), count(code) FROM heroku_log "
    "WHERE dyno IS NOT NULL GROUP BY dyno"
)
GOACCESS = (
    '%dT%t.%^ heroku[router]: %^method=%m path="%U" host=%v request_id=%^ fwd="%h" dyno=%^ connect=%^ '
    "service=%Lms status=%s bytes=%b protocol=%^"
)


def compare(folder: Path, size: int, rounds: int) -> list[Row]:
    """All rows for a file of `size` bytes. Peers that are not installed are left out."""
    log = folder / f"log-{size}.log"
    if not log.exists():
        write_log(log, size)
    environ = surroundings(str(folder))
    words = herodyno("diagnose", "--from-file", str(log))
    commands = {"ours": Command(words, codes=FOUND), **_peers(log, folder)}
    if shutil.which("taskset"):
        commands[ALONE] = Command(["taskset", "-c", "0", *words], codes=FOUND)
    cost = in_turn(commands, environ, rounds)
    what = f"`diagnose`, {_shown(size)} of text"
    targets = {"mawk": 1.0, "wc -l": 30.0, "lnav": 0.55, ALONE: 1 / 1.8}
    rows = [
        Row(what, cost["ours"], name if name == ALONE else f"`{name}`", it, "wall", targets.get(name))
        for name, it in cost.items()
        if name != "ours"
    ]
    rows.append(Row(what, cost["ours"], "", None, "peak_mb", 40))
    rows += [*_with_lines(log, environ, rounds), *_compiled(log, environ, rounds)]
    rows += [*_packed(log, environ, rounds), *_patterns(log, environ, rounds), *_hostile(folder, environ)]
    return [*rows, *_incidents(folder, environ)]


def grow(folder: Path, sizes: list[int], rounds: int) -> dict[int, Cost]:
    """The cost of `diagnose` for each size."""
    costs = {}
    for size in sizes:
        log = folder / f"log-{size}.log"
        if not log.exists():
            write_log(log, size)
        ours = Command(herodyno("diagnose", "--from-file", str(log)), codes=FOUND)
        costs[size] = in_turn({"ours": ours}, surroundings(str(folder)), rounds)["ours"]
    return costs


def _with_lines(log: Path, environ: dict[str, str], rounds: int) -> list[Row]:
    """What it costs to mask and count the lines that apps print."""
    words = ["diagnose", "--from-file", str(log)]
    commands = {
        "with": Command(herodyno(*words), codes=FOUND),
        "without": Command([sys.executable, "-c", WITHOUT_LINES, *words], codes=FOUND),
    }
    cost = in_turn(commands, environ, rounds)
    what = f"`diagnose`, {_shown(log.stat().st_size)}, lines of apps compared too"
    return [Row(what, cost["with"], "without", cost["without"], "cpu", 1.15)]


def _compiled(log: Path, environ: dict[str, str], rounds: int) -> list[Row]:
    """What the compiled part saves, where there is one."""
    if library() is None:
        return []
    words = herodyno("diagnose", "--from-file", str(log))
    commands = {
        "compiled": Command(words, codes=FOUND),
        "pure": Command(words, {"HERODYNO_PURE": "1"}, codes=FOUND),
    }
    cost = in_turn(commands, environ, rounds)
    what = f"`diagnose`, {_shown(log.stat().st_size)}, with the compiled part"
    return [Row(what, cost["compiled"], "without", cost["pure"], "cpu")]


def _packed(log: Path, environ: dict[str, str], rounds: int) -> list[Row]:
    packed = log.with_suffix(".log.gz")
    if not packed.exists():
        with packed.open("wb") as file:
            subprocess.run(["gzip", "-c", str(log)], stdout=file, check=True)
    commands = {
        "ours": Command(herodyno("diagnose", "--from-file", str(packed)), codes=FOUND),
        "gzip": Command(["gzip", "-dc", str(packed)]),
    }
    cost = in_turn(commands, environ, rounds)
    size = _shown(log.stat().st_size)
    target = 1.4 if find_spec("isal") else 1.6
    return [Row(f"`diagnose`, {size} packed with gzip", cost["ours"], "`gzip -dc`", cost["gzip"], "wall", target)]


def _patterns(log: Path, environ: dict[str, str], rounds: int) -> list[Row]:
    """Processor time of patterns against that of a count of the same lines, which one process does as well."""
    words = herodyno("logs", "--from-file", str(log))
    commands = {"ours": Command([*words, "--patterns"]), "count": Command([*words, "--stats", "count"])}
    cost = in_turn(commands, environ, rounds)
    what = f"`logs --patterns`, {_shown(log.stat().st_size)} of text"
    return [
        Row(what, cost["ours"], "`logs --stats count`", cost["count"], "cpu", 1.5),
        Row(what, cost["ours"], "", None, "peak_mb", 40),
    ]


def _hostile(folder: Path, environ: dict[str, str]) -> list[Row]:
    """Processor time against the usual log of the same size. Twice the time is half the throughput."""
    usual = folder / "usual.log"
    write_log(usual, HOSTILE_BYTES)
    logs = {"usual": usual}
    for number, line in enumerate(HOSTILE.values()):
        logs[str(number)] = folder / f"hostile-{number}.log"
        write_hostile(logs[str(number)], usual.stat().st_size, line)
    commands = {name: Command(herodyno("diagnose", "--from-file", str(log)), codes=FOUND) for name, log in logs.items()}
    cost = in_turn(commands, environ, 3)
    return [
        Row(f"`diagnose`, half of it {what}", cost[str(number)], "a usual log", cost["usual"], "cpu", 2.0)
        for number, what in enumerate(HOSTILE)
    ]


def _incidents(folder: Path, environ: dict[str, str]) -> list[Row]:
    """Processor time on the logs of incidents and of large apps, against logs of the same size without."""
    logs = {
        name: folder / f"{name}.log"
        for name in ("usual", "incident", "dynos-50", "dynos-800", "dynos-10000", "plain", "lives")
    }
    write_log(logs["usual"], HOSTILE_BYTES)
    write_incident(logs["incident"], logs["usual"])
    for dynos, requests in ((50, 60_000), (800, 60_000), (10_000, 300_000)):
        write_dynos(logs[f"dynos-{dynos}"], dynos, requests)
    for name in ("plain", "lives"):
        write_lives(logs[name], LIVES, restarts=name == "lives")
    commands = {name: Command(herodyno("diagnose", "--from-file", str(log)), codes=FOUND) for name, log in logs.items()}
    cost = in_turn(commands, environ, 3)
    return [
        Row("`diagnose`, half of the requests H12", cost["incident"], "a usual log", cost["usual"], "cpu", 1.5),
        Row("`diagnose`, 16 MB of 800 dynos", cost["dynos-800"], "of 50 dynos", cost["dynos-50"], "cpu"),
        Row("`diagnose`, 80 MB of 10,000 dynos", cost["dynos-10000"], "16 MB of 50", cost["dynos-50"], "cpu"),
        Row(f"`diagnose`, {LIVES:,} lives of one name", cost["lives"], "without restarts", cost["plain"], "cpu", 5.0),
    ]


def _peers(log: Path, folder: Path) -> dict[str, Command]:
    formats = folder / "lnav" / "formats" / "heroku"
    formats.mkdir(parents=True, exist_ok=True)
    shutil.copy(PEERS / "lnav.json", formats)
    peers = {
        "wc -l": ["wc", "-l", str(log)],
        "mawk": ["mawk", "-f", str(PEERS / "task.awk"), str(log)],
        "lnav": ["lnav", "-n", "-I", str(folder / "lnav"), "-c", QUERY, str(log)],
        "goaccess": [
            "goaccess", str(log), "--no-global-config", "--no-progress", f"--log-format={GOACCESS}",
            "--date-format=%Y-%m-%d", "--time-format=%H:%M:%S", "-o", str(folder / "goaccess.json"),
        ],
    }  # fmt: skip
    return {name: Command(words) for name, words in peers.items() if shutil.which(words[0])}


def _shown(size: int) -> str:
    return f"{size / 10**9:.3g} GB" if size >= 10**9 else f"{size / 10**6:.0f} MB"
