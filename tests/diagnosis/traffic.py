"""Stretches of a log made up in numbers: traffic, errors that do not fuse, a clean restart."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.diagnosis.reading import failed, request, sample, stamp

OLD, NEW = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-2222-4222-8222-222222222222"


def traffic(dynos: int, each: int, *, seconds: float = 360.0, seed: int = 1) -> str:
    """Good requests, evenly spread."""
    random = Random(seed)
    return "".join(
        request(random.uniform(0, seconds), f"web.{n}", path=f"/p{i % 7}")
        for n in range(1, dynos + 1)
        for i in range(each)
    )


def errors(dyno: str, n: int, *, start: float = 0.0, seconds: float = 360.0) -> str:
    """Errors too far apart to fuse."""
    return "".join(failed(start + seconds * (i + 0.5) / n, dyno, path=f"/p{i % 7}") for i in range(n))


def restart(at: float, dyno: str, *, old: str = OLD, new: str = NEW) -> str:
    """A clean restart: the old id until then, the new one after."""
    return (
        sample(at - 100, dyno, old, 300)
        + f"{stamp(at)} heroku[{dyno}]: Restarting\n"
        + f"{stamp(at + 0.1)} heroku[{dyno}]: State changed from up to starting\n"
        + f"{stamp(at + 0.5)} heroku[{dyno}]: Stopping all processes with SIGTERM\n"
        + f"{stamp(at + 1)} heroku[{dyno}]: Process exited with status 143\n"
        + f"{stamp(at + 2)} heroku[{dyno}]: Starting process with command `x`\n"
        + f"{stamp(at + 4)} heroku[{dyno}]: State changed from starting to up\n"
        + sample(at + 30, dyno, new, 120)
    )


def served(
    rates: Callable[[int, float], float],
    *,
    dynos: int = 4,
    seconds: float = 1200.0,
    pace: float = 1.0,
    seed: int = 7,
    code: Callable[[float], str] = lambda _: "H18",
) -> str:
    """Each dyno answers `pace` requests a second; `rates` gives the share that fails on web.N at a time."""
    random = Random(seed)
    lines = []
    for number in range(1, dynos + 1):
        at = 0.0
        while (at := at + random.expovariate(pace)) < seconds:
            path = f"/p{random.randint(0, 8)}"
            if random.random() < rates(number, at):
                lines.append((at, failed(at, f"web.{number}", path=path, code=code(at))))
            else:
                lines.append((at, request(at, f"web.{number}", path=path)))
    return "".join(line for _, line in sorted(lines))
