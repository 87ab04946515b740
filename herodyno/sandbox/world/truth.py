"""The ground truth of a scenario, for tests and rehearsals. No reader of the log gets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Truth:
    """What is wrong with one app, and what a good diagnosis of its log says.

    `verdict` is the class of that diagnosis. `also` are classes that chance may lead to. `guilty` and `slow` are
    (dyno name, dyno id). `since` is when the trouble began, None when it began before the log. `replaced` says that
    the guilty incarnation is gone at the end. `memory` maps a dyno id to its trend class over the whole log. `codes`
    are the router codes that were injected, "" for a bare status. `over` says that the trouble has ended by the end of
    the log, though its dynos run on. `lost` maps an L code to the count of lines that
    no reader of this log gets. `line` is the pattern of the line or the exception that says why,
    and `misleading` that of a line which every web dyno prints alike; None where there is none (see `app_lines.words`).
    """

    app: str
    verdict: str
    scenario: str = ""
    also: frozenset[str] = frozenset()
    guilty: tuple[tuple[str, str], ...] = ()
    slow: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    replaced: bool = False
    over: bool = False
    memory: dict[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    line: str | None = None
    misleading: str | None = None
    lost: dict[str, int] = field(default_factory=dict)
