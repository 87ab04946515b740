"""python tests/bench/run.py: how fast herodyno is, as ratios against others on the same machine in the same run.

    python tests/bench/run.py                        commands and a log of 100 MB
    python tests/bench/run.py commands --rounds 15
    python tests/bench/run.py files --size 1GB
    python tests/bench/run.py growth --size 10GB     1 to 10,000 dynos, logs up to that size
    python tests/bench/run.py live                   what stays open: top, diagnose --watch, ps --watch
    python tests/bench/run.py receive                frames of log drains, each on the disk before its answer
    python tests/bench/run.py archive --size 2GB     an archive of 1 and 10 million lines: import, compaction
    python tests/bench/run.py engines --size 2GB --folder DIR   verdicts on such archives, by every engine that is here
    python tests/bench/run.py --readme               also put the tables into README.md

The official Heroku CLI is found by HERODYNO_HEROKU_CLI (the path of `heroku`) or on PATH; mawk, lnav and
GoAccess are Debian packages. What is missing is left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.bench import archive, commands, engines, files, live, receive
from tests.bench.measure import Command, in_turn, surroundings
from tests.bench.rows import COMPARED, shown, table

README = Path(__file__).parent.parent.parent / "README.md"
DYNOS = (1, 10, 100, 1000, 10_000)
ARCHIVED = (10**6, 10**7, 5 * 10**7)  # lines
LINE_BYTES = 200
UNITS = {"MB": 10**6, "GB": 10**9}


def main() -> None:
    """Measure what was asked for and print it."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument(
        "groups",
        nargs="*",
        choices=("commands", "files", "growth", "live", "receive", "archive", "engines", []),
        help="usually commands and files",
    )
    words.add_argument("--rounds", type=int, default=7, help="runs of each command, in turn; the median counts")
    words.add_argument("--size", type=_bytes, default=10**8, help="of the generated log: 100MB, 1GB, 10GB")
    words.add_argument("--folder", type=Path, help="where generated logs are kept for the next run")
    words.add_argument("--by", action="append", choices=engines.ENGINES, help="only these engines")
    words.add_argument("--over", action="append", choices=engines.WINDOWS, help="verdicts only over these windows")
    words.add_argument("--readme", action="store_true", help="put the tables into README.md, between their marks")
    asked = words.parse_args()
    groups = asked.groups or ["commands", "files"]
    heroku = os.environ.get("HERODYNO_HEROKU_CLI") or shutil.which("heroku")
    if heroku is None and "commands" in groups:
        print("the Heroku CLI is not here: its rows are left out", file=sys.stderr)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        for group in groups:
            if group == "engines":
                sizes = _archived(asked.size)
                text = engines.compare(folder, sizes, asked.by or engines.ENGINES, asked.over or engines.WINDOWS)
            else:
                text = _measured(group, folder, heroku, asked.size, asked.rounds)
            print(text, end="\n\n", flush=True)
            if asked.readme:
                _put_into_readme(group, text)


def _measured(group: str, folder: Path, heroku: str | None, size: int, rounds: int) -> str:
    if group == "growth":
        return _growth(folder, size, rounds)
    if group == "archive":
        return archive.compare(folder, _archived(size))
    if group in ("live", "receive"):
        return live.compare() if group == "live" else receive.compare()
    rows = commands.compare(heroku, rounds) if group == "commands" else files.compare(folder, size, rounds)
    return table(COMPARED, [row.cells() for row in rows])


def _archived(size: int) -> list[int]:
    """The lines of the archives that are measured up to so many bytes of log."""
    return [lines for lines in ARCHIVED if lines * LINE_BYTES <= size] or [size // LINE_BYTES]


def _put_into_readme(group: str, text: str) -> None:
    page = README.read_text(encoding="utf-8")
    before, mark, rest = page.partition(f"<!-- bench {group} -->\n")
    _, end, after = rest.partition(f"\n<!-- end of bench {group} -->")
    assert mark, f"README.md has no mark for {group}"
    assert end, f"README.md has no end of {group}"
    README.write_text(f"{before}{mark}\n{text}\n{end}{after}", encoding="utf-8")


def _growth(folder: Path, largest: int, rounds: int) -> str:
    rows = []
    for number in DYNOS:
        with tempfile.TemporaryDirectory() as home, commands.stub("--dynos", str(number)) as client:
            command = Command(commands.herodyno("ps", "--json"))
            cost = in_turn({"ps": command}, surroundings(home) | client, rounds)["ps"]
        rows.append([f"`ps --json`, {number:,} dynos", shown(cost, "wall"), shown(cost, "cpu"), shown(cost, "peak_mb")])
    sizes = [size for size in (10**8, 10**9, 10**10) if size <= largest]
    for size, cost in files.grow(folder, sizes, rounds).items():
        what = f"`diagnose`, {size / 10**9:g} GB of log"
        rows.append([what, shown(cost, "wall"), shown(cost, "cpu"), shown(cost, "peak_mb")])
    return table(["what", "time", "cpu", "peak memory"], rows)


def _bytes(text: str) -> int:
    return int(float(text[:-2]) * UNITS[text[-2:].upper()])


if __name__ == "__main__":
    main()
