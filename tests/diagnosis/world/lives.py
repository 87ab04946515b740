"""What is true of a dyno: its life, the requests it answered, and why they failed. Times as in app.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

FOREVER = float("inf")


class Seen(NamedTuple):
    """A request of a life whose line was written. `chance`: how likely it was to fail; `spell`: what it fell into."""

    at: float
    failed: bool
    chance: float
    spell: object = None


@dataclass(eq=False)
class Life:
    """One incarnation. It takes requests from `open` until `shut`; `gone` is its exit."""

    name: str
    id: str
    born: float
    open: float
    shut: float = FOREVER
    gone: float = FOREVER
    release: int = 41
    size: str = "Standard-1X"
    ended: str = ""
    seen: list[Seen] = field(default_factory=list)

    @property
    def type(self) -> str:
        return self.name.partition(".")[0]

    @property
    def number(self) -> int:
        return int(self.name.rpartition(".")[2])


class Ask(NamedTuple):
    """A request before it is answered. `asked` is the rate of requests at that time, `taking` how many dynos serve."""

    at: float
    route: int
    client: str
    asked: float
    taking: int


class Fault(NamedTuple):
    """A way to fail: how likely a request of a life is to fail by it, with which codes, and in which spell (if any)."""

    chance: Callable[[Life, Ask], float]
    codes: tuple[str, ...]
    spell: Callable[[Life, float], object] | None = None
