"""The dynos that the API listed, written down list by list: a file for each app and day of UTC, only added to.

Place: `dynos/day=2026-11-30/example-app.jsonl` of an archive, for its owner only. Each line is one list, with its time
in microseconds since 1970; a list without dynos in it is the same as the one before. The first list of a file, and the
first one of a process, is whole, so that a file needs no other one and a half line of a killed process costs that list
alone. Commands of dynos are left out: they may hold secrets.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from herodyno.archive.durable import sync_data, write_all
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.dynos import Dyno
from herodyno.operations.state_files import make_folder, open_file
from herodyno.units import US_PER_DAY, iso_day

_EPOCH = datetime.fromtimestamp(0, UTC)
_US = timedelta(microseconds=1)


class DynoLists:
    """The lists of one archive. Nothing is made before the first `add`, which one process at a time may call."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "dynos"
        self._last: dict[str, tuple[str, list[dict[str, Any]]]] = {}  # app -> (day, its last list)

    def of_day(self, day: str) -> Path:
        """The folder of a day's lists."""
        return self.folder / f"day={day}"

    def days(self) -> list[str]:
        """The days that have lists, oldest first."""
        return sorted(path.name.removeprefix("day=") for path in self.folder.glob("day=*"))

    def size(self, day: str) -> int:
        """The bytes of a day's lists: a day that got a late list has more."""
        return sum(path.stat().st_size for path in self.of_day(day).glob("*.jsonl"))

    def add(self, app: str, dynos: Sequence[Dyno], at_us: int) -> None:
        """Write down what the API listed at a time. Raises OSError; the next list is whole then."""
        day, found = iso_day(at_us // US_PER_DAY), [_record(dyno) for dyno in dynos]
        is_same = self._last.pop(app, None) == (day, found)
        make_folder(self.of_day(day))
        file = open_file(self.of_day(day) / f"{app}.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            size = os.fstat(file).st_size
            if size:
                os.lseek(file, -1, os.SEEK_END)
            half = size and os.read(file, 1) != b"\n"  # of a killed process, or of a full disk
            line: dict[str, Any] = {"at_us": at_us} if is_same and size else {"at_us": at_us, "dynos": found}
            write_all(file, b"\n" * bool(half) + json.dumps(line, separators=(",", ":")).encode() + b"\n")
            sync_data(file)
        finally:
            os.close(file)
        self._last[app] = day, found

    def read(self, app: str, first: str = "", last: str = "~", *, until_us: int = 1 << 62) -> list[ListedDyno]:
        """The dynos of an app that were listed from one day to another, both included, and until a time."""
        files = (self.of_day(day) / f"{app}.jsonl" for day in self.days() if first <= day <= last)
        return list(_listed(list_ for list_ in _lists(files) if list_[0] <= until_us))


def _listed(lists: Iterable[tuple[int, list[Dyno] | None]]) -> Iterator[ListedDyno]:
    """Each dyno once, with what its last list says of it."""
    found: dict[tuple[str, str], ListedDyno] = {}
    present: dict[tuple[str, str], ListedDyno] = {}
    before: float | None = None
    for at_us, dynos in lists:
        at = at_us / 1e6
        if dynos is not None:
            now = {}
            for dyno in dynos:
                key = (dyno.name, dyno.id)
                known = found.get(key)
                now[key] = ListedDyno(dyno, known.first if known else at, at)
            for key, each in present.items():
                found[key] = each._replace(last=before or each.last, gone=None if key in now else at)
            found |= now
            present = now
        before = at
    for key, each in present.items():
        found[key] = each._replace(last=before or each.last)
    yield from found.values()


def _lists(files: Iterable[Path]) -> Iterator[tuple[int, list[Dyno] | None]]:
    """(time, its dynos, None for those of the list before) of each line that can be read."""
    for path in files:
        try:
            text = path.read_bytes()
        except OSError:
            continue
        for line in text.splitlines():
            try:
                record = json.loads(line)
                dynos = None if "dynos" not in record else [_dyno(each) for each in record["dynos"]]
                at_us = int(record["at_us"])
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
                continue
            yield at_us, dynos


def _record(dyno: Dyno) -> dict[str, Any]:
    made = None if dyno.created_at is None else (dyno.created_at - _EPOCH) // _US
    return {"name": dyno.name, "id": dyno.id, "type": dyno.type, "state": dyno.state, "size": dyno.size,
            "release": dyno.release, "created_us": made}  # fmt: skip


def _dyno(record: dict[str, Any]) -> Dyno:
    made = record["created_us"]
    return Dyno(
        name=record["name"], id=record["id"], type=record["type"], state=record["state"], size=record["size"],
        release=record["release"], created_at=None if made is None else _EPOCH + made * _US,
    )  # fmt: skip
