"""`diagnose --from-file` against tools that people read logs with, on the same generated file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from herodyno.logs.scan.compiled.library import library
from tests.bench.commands import herodyno
from tests.bench.log_file import HOSTILE, write_dynos, write_hostile, write_incident, write_lives, write_log
from tests.bench.measure import Command, Cost, in_turn, surroundings
from tests.bench.rows import Row

PEERS = Path(__file__).parent / "peers"
ALONE = " on one processor"
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


class Form(NamedTuple):
    """A way in which herodyno reads logs: its environment, the ratios that it aims at against each peer."""

    name: str
    environ: dict[str, str]
    targets: dict[str, float]
    packed_target: float


def compare(folder: Path, size: int, rounds: int) -> list[Row]:
    """All rows for a file of `size` bytes. Peers that are not installed are left out."""
    log = folder / f"log-{size}.log"
    if not log.exists():
        write_log(log, size)
    environ = surroundings(str(folder))
    words = herodyno("diagnose", "--from-file", str(log))
    commands = {**{form.name: Command(words, form.environ, codes=FOUND) for form in _forms()}, **_peers(log, folder)}
    if shutil.which("taskset"):
        alone = ["taskset", "-c", "0", *words]
        commands |= {form.name + ALONE: Command(alone, form.environ, codes=FOUND) for form in _forms()}
    cost = in_turn(commands, environ, rounds)
    rows = [row for form in _forms() for row in _text_rows(form, _shown(size), cost)]
    rows += [*_packed(log, environ, rounds), *_with_lines(log, environ, rounds)]
    rows += [*_patterns(log, environ, rounds), *_hostile(folder, environ)]
    return [*rows, *_incidents(folder, environ)]


def _forms() -> list[Form]:
    """The ways in which herodyno reads logs here: where there is no compiled part, in plain Python alone."""
    pure = Form(
        "in plain Python", {"HERODYNO_PURE": "1"}, {"mawk": 2.4, "wc -l": 65.0, "lnav": 1.4, ALONE: 1 / 1.8}, 4.8
    )
    compiled = Form("compiled", {}, {"mawk": 0.95, "wc -l": 25.0, "lnav": 0.5, ALONE: 1 / 1.8}, 1.4)
    return [pure] if library() is None else [compiled, pure]


def _text_rows(form: Form, size: str, cost: dict[str, Cost]) -> list[Row]:
    what, ours = f"`diagnose`, {size} of text, {form.name}", cost[form.name]
    rows = [
        Row(what, ours, f"`{name}`", cost[name], "wall", form.targets.get(name))
        for name in ("wc -l", "mawk", "lnav", "goaccess")
        if name in cost
    ]
    if alone := cost.get(form.name + ALONE):
        rows.append(Row(what, ours, ALONE.strip(), alone, "wall", form.targets[ALONE]))
    return [*rows, Row(what, ours, "", None, "peak_mb", 64)]


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


def _packed(log: Path, environ: dict[str, str], rounds: int) -> list[Row]:
    packed = log.with_suffix(".log.gz")
    if not packed.exists():
        with packed.open("wb") as file:
            subprocess.run(["gzip", "-c", str(log)], stdout=file, check=True)
    words = herodyno("diagnose", "--from-file", str(packed))
    commands = {form.name: Command(words, form.environ, codes=FOUND) for form in _forms()}
    cost = in_turn({**commands, "gzip": Command(["gzip", "-dc", str(packed)])}, environ, rounds)
    what = f"`diagnose`, {_shown(log.stat().st_size)} packed with gzip"
    return [
        Row(f"{what}, {form.name}", cost[form.name], "`gzip -dc`", cost["gzip"], "wall", form.packed_target)
        for form in _forms()
    ]


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
    return [
        Row(f"`diagnose`, half of it {what}, {form.name}", cost[str(number)], "a usual log", cost["usual"], "cpu", 2.0)
        for form, cost in _judged(logs, environ)
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
    rows = []
    for form, cost in _judged(logs, environ):
        for what, ours, peer, theirs, target in (
            ("half of the requests H12", "incident", "a usual log", "usual", 1.5),
            ("16 MB of 800 dynos", "dynos-800", "of 50 dynos", "dynos-50", None),
            ("80 MB of 10,000 dynos", "dynos-10000", "16 MB of 50", "dynos-50", None),
            (f"{LIVES:,} lives of one name", "lives", "without restarts", "plain", 5.0),
        ):
            rows.append(Row(f"`diagnose`, {what}, {form.name}", cost[ours], peer, cost[theirs], "cpu", target))
    return rows


def _judged(logs: dict[str, Path], environ: dict[str, str]) -> list[tuple[Form, dict[str, Cost]]]:
    """The cost of a diagnosis of each log, by each form."""
    forms = _forms()
    commands = {
        f"{form.name} {name}": Command(herodyno("diagnose", "--from-file", str(log)), form.environ, codes=FOUND)
        for form in forms
        for name, log in logs.items()
    }
    cost = in_turn(commands, environ, 3)
    return [(form, {name: cost[f"{form.name} {name}"] for name in logs}) for form in forms]


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
