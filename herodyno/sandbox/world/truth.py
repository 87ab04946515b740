"""What a scenario has really put into an app, for tests and for those who rehearse. No reader of the log is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Truth:
    """`verdict` is the class a good diagnosis comes to, `also` those it may come to by chance of the draw.

    `guilty` and `slow` are (dyno name, dyno id); `since` is when it began, None before the log begins.
    `replaced`: the guilty incarnation is gone at the end. `memory` maps dyno id to its trend class when
    the whole log is read. `codes` are the errors that were put in, "" for a bare status. `lost` counts, by L
    code, the lines that no reader of this log gets.
    """

    app: str
    verdict: str
    scenario: str = ""
    also: frozenset[str] = frozenset()
    guilty: tuple[tuple[str, str], ...] = ()
    slow: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    replaced: bool = False
    memory: dict[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    lost: dict[str, int] = field(default_factory=dict)
