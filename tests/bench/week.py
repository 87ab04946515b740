"""A week of an app of fifty web dynos and a worker, of any number of lines, and the archive that holds it.

Between the usual lines dynos are replaced each morning by a deploy, memory of worker.1 grows until then, web.9 crashes,
web.5 goes over its quota, and some lines are hard to carry.
"""

from __future__ import annotations

import shutil
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.importing import import_logs
from herodyno.logfiles.opened import Logs
from tests.bench.log_file import HOUR, dyno_ids, usual_block

APP = "shop"
DAYS = 7
_HOURS = 24 * DAYS
_DEPLOY = 8  # the hour at whose end dynos are replaced
_RESTART = (
    "Restarting", "State changed from up to starting", "Stopping all processes with SIGTERM",
    "Process exited with status 143", "Starting process with command `x`", "State changed from starting to up",
)  # fmt: skip
_CRASH = ("State changed from up to crashed", "Process exited with status 1", "Starting process with command `x`",
          "State changed from starting to up")  # fmt: skip


def kept_week(folder: Path, lines: int) -> tuple[Path, Path]:
    """The log of a week and its archive, made where the folder does not hold them yet."""
    log, archive = folder / f"week-{lines}.log", folder / f"week-{lines}"
    if not log.exists():
        write_week(log, lines)
    if not archive.exists():
        beside = folder / f"week-{lines}.making"
        shutil.rmtree(beside, ignore_errors=True)
        with Logs([str(log)], year=2026) as logs:
            import_logs(ArchiveFolder(beside), logs, app=APP)
        beside.rename(archive)
    return log, archive


def write_week(path: Path, lines: int, *, seed: int = 1) -> None:
    """Write about so many lines, in the order of time. The same number and seed give the same bytes."""
    random = Random(seed)
    random_ids = Random(seed)
    # Dynos of the usual lines come up at any moment; here they live from deploy to deploy.
    block = [line for line in usual_block(random).splitlines(keepends=True) if b"State changed" not in line]
    first_ids = dyno_ids(random_ids)
    number = max(1, lines // _HOURS - 70)
    hour = sorted((block[at * len(block) // number] for at in range(number)), key=lambda line: line[:27])
    minutes = _in_minutes(hour)
    ids, worker_id = first_ids, dyno_ids(random_ids)[0]
    beside = path.with_name(f"{path.name}.tmp")
    with beside.open("wb") as file:
        for at in range(_HOURS):
            day, of_day = divmod(at, 24)
            if of_day == _DEPLOY + 1:
                ids = dyno_ids(random_ids)
                minutes = [_replaced(minute, first_ids, ids) for minute in _in_minutes(hour)]
                worker_id = dyno_ids(random_ids)[0]
            text = b"".join(minute + _beside(at, number, worker_id).encode() for number, minute in enumerate(minutes))
            file.write(text.replace(HOUR.encode(), f"2026-01-{1 + day:02}T{of_day:02}:".encode()))
    beside.replace(path)


def _in_minutes(hour: list[bytes]) -> list[bytes]:
    stamps = [line[:27] for line in hour]
    places = [bisect_left(stamps, f"{HOUR}{minute:02}:".encode()) for minute in range(60)]
    return [b"".join(hour[first:last]) for first, last in pairwise([*places, len(hour)])]


def _replaced(text: bytes, old: list[str], new: list[str]) -> bytes:
    for before, after in zip(old, new, strict=True):
        text = text.replace(before.encode(), after.encode())
    return text


def _beside(hour: int, minute: int, worker_id: str) -> str:
    """The lines at the end of a minute, later than the usual ones in it."""
    texts = (
        f"{HOUR}{minute:02}:59.{999_000 + at:06}+00:00 {text}\n"
        for at, text in enumerate(_texts(hour, minute, worker_id))
    )
    after = "a line without a time\n" if minute == 59 and hour % 24 == _DEPLOY else ""
    return "".join(texts) + after


def _texts(hour: int, minute: int, worker_id: str) -> Iterator[str]:
    grown = ((hour - _DEPLOY - 1) % 24 * 60 + minute) * 0.27
    total, swap = 200 + grown, max(0.0, grown - 300)
    yield (
        f"heroku[worker.1]: source=worker.1 dyno=heroku.145151706.{worker_id} sample#memory_total={total:.2f}MB "
        f"sample#memory_rss={total - swap:.2f}MB sample#memory_cache=8.00MB sample#memory_swap={swap:.2f}MB "
        f"sample#memory_pgpgin={hour * 60 + minute}pages sample#memory_pgpgout=7pages sample#memory_quota=512.00MB"
    )
    if minute % 20 == 0:
        yield f"app[worker.1]: it's \\ \"{hour}\" 'é😀' $app"
    if minute == 59 and hour % 24 == _DEPLOY:
        yield f"app[api]: Release v{10 + hour // 24} created by user a@example.com"
        yield from (
            f"heroku[{dyno}]: {text}" for dyno in ("worker.1", *(f"web.{n}" for n in range(1, 51))) for text in _RESTART
        )
    if minute == 30 and hour % 24 == 14:
        yield from (f"heroku[web.9]: {text}" for text in _CRASH)
        yield "heroku[web.5]: Error R15 (Memory quota vastly exceeded)"
