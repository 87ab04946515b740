"""Real logs, parsed: `python tests/logs/real_lines.py FOLDER` prints one row per file, and the lines without meaning.

Lines of a file = lines of its events (an AppException counts its own), so a lost line would show.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import NamedTuple

from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import (
    AddonSample,
    ApiAction,
    AppException,
    AppOutput,
    DynoError,
    Event,
    LogLoss,
    RouterRequest,
    Unread,
)
from herodyno.logs.parsing.read import read_events

LOGS = {".log", ".txt", ".frames", ".drainlines"}
YEAR = 2014  # For Papertrail's pages, which name none.


class Read(NamedTuple):
    """One file, read."""

    path: Path
    data: bytes
    lines: int
    events: list[Event]

    @property
    def lines_in_events(self) -> int:
        """How many lines the events stand for."""
        return sum(event.lines if isinstance(event, AppException) else 1 for event in self.events)

    @property
    def codes(self) -> Counter[str]:
        """How often each code was understood."""
        return Counter(
            event.code for event in self.events if isinstance(event, RouterRequest | DynoError | LogLoss) and event.code
        )


def read_all(folder: Path) -> Iterator[Read]:
    """Every log of the folder, in the order of names."""
    for path in sorted(folder.iterdir()):
        if path.suffix in LOGS:
            data = path.read_bytes()
            lines = sum(1 for _ in read_lines([data], year=YEAR))
            yield Read(path, data, lines, list(read_events([data], year=YEAR)))


def why_plain(event: Event) -> str:
    """What a line is that means nothing to a diagnosis."""
    line = event.line
    if isinstance(event, Unread):
        return "no readable head (continuation, or a count, date or head spoilt by hand)"
    if isinstance(event, AppOutput) and event.dyno and line.source == "app":
        return "what the app itself printed"
    if line.source == "heroku":
        return f"the platform: heroku[{''.join('N' if letter.isdigit() else letter for letter in line.proc)}]"
    return "an add-on's text, or a source of neither app nor platform"


def main(folder: Path) -> int:
    began = process_time()
    read = list(read_all(folder))
    seconds = process_time() - began
    for file in read:
        kinds = Counter(type(event).__name__ for event in file.events)
        print(f"{file.path.name}: {file.lines} lines", *(f"{kind} {n}" for kind, n in kinds.most_common()), sep="  ")
    total = sum(file.lines for file in read)
    lost = total - sum(file.lines_in_events for file in read)
    plain = [event for file in read for event in file.events if isinstance(event, AppOutput | Unread)]
    actions = sum(isinstance(event, ApiAction | AddonSample) for file in read for event in file.events)
    print(f"\n{len(read)} files, {total} lines, {lost} lost, {actions} actions and add-on samples")
    print(f"{total / seconds:,.0f} lines a second of CPU time, each read twice")
    print(f"plain: {len(plain)} lines, {len(plain) / max(total, 1):.1%}; of these")
    for reason, count in Counter(map(why_plain, plain)).most_common():
        print(f"  {count:5} {count / len(plain):6.1%}  {reason}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
