"""A log of any size, as a Heroku app of fifty dynos writes it: 42 % router, 13 % metrics, the rest app lines."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

DYNOS = 50
SECONDS = 3600  # that one block of lines spans; later blocks are the same lines at later times
LINES = 80_000  # of one block, about 16 MB
HOUR = "@@@@-@@-@@T@@:"


def write_log(path: Path, size: int, *, seed: int = 1) -> None:
    """Write at least `size` bytes. The same size and seed give the same bytes."""
    block = usual_block(random.Random(seed))
    with path.open("wb") as file:
        hour = 0
        while file.tell() < size:
            day = hour // 24
            stamp = f"2026-{1 + day // 28:02}-{1 + day % 28:02}T{hour % 24:02}:".encode()
            file.write(block.replace(HOUR.encode(), stamp))
            hour += 1


# Lines that have slowed readers of logs down, between usual ones. In place of NUMBER each has a number of its own.
NUMBER = b"1234567"
HOSTILE: dict[str, bytes] = {
    "unquoted `at=info` of an app": b"app[web.1]: at=info method=GET path=/x/1234567 host=shop dyno=web.1 service=2ms",
    "brackets left open": b"app[web.1]: " + b"[{(<" * 20,
    "sources without their bracket": b"app[web.1: Started GET /1234567 for 203.0.113.7 as HTML with parameters of two",
    "paths without their quote": b'heroku[router]: at=info method=GET path="/1234567 host=shop.example.com dyno=web.1',
    "words of 400 KB": b"app[web.1]: " + b"x" * 400_000,
    "lines of 20 MB": b"app[web.1]: " + b"word " * 4_000_000,
}


def write_hostile(path: Path, size: int, line: bytes) -> None:
    """Write at least `size` bytes: the usual log, and as many bytes of hostile lines between its lines."""
    block = usual_block(Random(1)).replace(HOUR.encode(), b"2026-01-01T00:").splitlines(keepends=True)
    before, number, after = (b"2026-01-01T00:00:00.000001+00:00 %b\n" % line).partition(NUMBER)
    with path.open("wb") as file:
        written = lines = 0
        for usual in cycle(block):
            file.write(usual)
            while written < file.tell() // 2:
                lines += 1
                written += file.write(before + (b"%07d" % lines if number else b"") + after)
            if file.tell() >= size:
                return


def write_incident(path: Path, usual: Path) -> None:
    """Write the usual log, in which every second request timed out."""
    random = Random(1)
    with usual.open("rb") as lines, path.open("wb") as file:
        for line in lines:
            if b"heroku[router]: at=info" in line and random.random() < 0.5:
                line = line.replace(b"at=info", b'at=error code=H12 desc="Request timeout"', 1)
                line = re.sub(rb"service=\d+ms status=\d+ bytes=\d+", b"service=30000ms status=503 bytes=0", line)
            file.write(line)


def write_dynos(path: Path, dynos: int, requests: int) -> None:
    """Write so many good requests to so many dynos, in one hour."""
    random = Random(1)
    with path.open("w", encoding="ascii") as file:
        for number in range(requests):
            file.write(f"{_clock(number * SECONDS / requests)} {_router(random, 8 + random.randrange(dynos))}\n")


def write_lives(path: Path, lives: int, *, restarts: bool) -> None:
    """Write the four lines of each life of one name. Without `restarts`, as lines of the app, which end no life."""
    source = "heroku" if restarts else "app"
    with path.open("w", encoding="ascii") as file:
        for number in range(lives):
            for after, words in enumerate(_LIFE):
                file.write(f"{_clock(number * 20 + after)} {source}[web.1]: {words}\n")


def _clock(seconds: float) -> str:
    return (datetime(2026, 1, 1) + timedelta(seconds=seconds)).isoformat(timespec="microseconds") + "+00:00"


def usual_block(random: random.Random) -> bytes:
    """An hour of lines, with HOUR in place of day and hour. Its dyno ids are the first that `random` gives."""
    ids = dyno_ids(random)
    lines: list[str] = []
    while len(lines) < LINES:
        second = len(lines) * SECONDS / LINES
        at = f"{HOUR}{int(second // 60):02}:{second % 60:09.6f}+00:00"
        number = random.randrange(DYNOS)
        lines += [f"{at} {text}" for text in _texts(random, number + 1, ids[number])]
    return "".join(f"{line}\n" for line in lines).encode()


def dyno_ids(random: random.Random) -> list[str]:
    """An id for each dyno, the first is that of web.1."""
    ids = [f"{random.getrandbits(128):032x}" for _ in range(DYNOS)]
    return [f"{it[:8]}-{it[8:12]}-{it[12:16]}-{it[16:20]}-{it[20:]}" for it in ids]


def _texts(random: random.Random, number: int, dyno_id: str) -> list[str]:
    dice = random.random()
    if dice < 0.44:
        return [_router(random, number)]
    if dice < 0.58:
        return [_metrics(random, number, dyno_id)]
    if dice < 0.60:
        return [f"heroku[web.{number}]: Error R14 (Memory quota exceeded)"]
    if dice < 0.601:
        return [f"heroku[web.{number}]: State changed from starting to up"]
    if dice < 0.61:
        return [f"app[web.{number}]: {text}" for text in _TRACEBACK]
    if dice < 0.72:
        took = random.randrange(9, 900)
        return [
            f"app[web.{number}]: level=info msg=done path=/orders/{took} duration={took}.{took % 10}ms user={took * 37}"
        ]
    return [
        f'app[web.{number}]: [{random.getrandbits(64):016x}] Started GET "/orders/{random.randrange(9999)}" for '
        f"203.0.113.{random.randrange(256)} by OrdersController as HTML with parameters of {random.randrange(99)} kinds"
    ]


def _router(random: random.Random, number: int) -> str:
    bad = number == 7 and random.random() < 0.2
    service = 30_000 if bad else int(random.lognormvariate(4.5, 0.8))
    head = 'at=error code=H12 desc="Request timeout"' if bad else "at=info"
    return (
        f'heroku[router]: {head} method=GET path="/orders/{random.randrange(9999)}?page={random.randrange(9)}" '
        f'host=shop.example.com request_id={random.getrandbits(64):016x} fwd="203.0.113.{random.randrange(256)}" '
        f"dyno=web.{number} connect={random.randrange(3)}ms service={service}ms status={503 if bad else 200} "
        f"bytes={0 if bad else random.randrange(20_000)} protocol=https"
    )


def _metrics(random: random.Random, number: int, dyno_id: str) -> str:
    head = f"heroku[web.{number}]: source=web.{number} dyno=heroku.145151706.{dyno_id}"
    if random.random() < 0.5:
        return f"{head} sample#load_avg_1m={random.random():.2f} sample#load_avg_5m={random.random():.2f}"
    total = 300 + random.random() * 200
    return (
        f"{head} sample#memory_total={total:.2f}MB sample#memory_rss={total - 9:.2f}MB sample#memory_cache=8.00MB "
        f"sample#memory_swap=1.00MB sample#memory_pgpgin={random.randrange(10**6)}pages "
        f"sample#memory_pgpgout={random.randrange(10**6)}pages sample#memory_quota=512.00MB"
    )


_LIFE = (
    "Starting process with command `x`",
    "State changed from starting to up",
    "Process exited with status 1",
    "State changed from up to crashed",
)
_TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "/app/shop/orders.py", line 41, in total',
    "    return sum(row.price for row in rows)",
    "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'",
)
