"""The numbers of an incident, and the faults and healthy dynos that follow from them.

Traffic, sizes and error rates lie near those of public incident reports. Every number can be overridden.
"""

from __future__ import annotations

from dataclasses import dataclass

from herodyno.sandbox.app_lines.frameworks import FRAMEWORKS, Framework
from herodyno.sandbox.app_lines.reasons import MISLEADING, REASONS, Says
from herodyno.sandbox.world.workload import Fault, MemoryCurve, ProcessProfile

HOUR = 3600.0
ASIDE_INTERVAL = 9.0  # seconds between the lines that mislead, of one dyno, on average


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a caller may change about an incident.

    `seconds` is the length of its log. `at` is the share of that length after which the incident's one change happens
    (a deploy, a restart). `bad` web dynos misbehave; `heavy` ones are over their memory quota too. They fail
    `error_rate` of their requests, in bursts of `burst` on average, with the router code or status `code`
    ("" is a mix of H12 and 500). Every other dyno fails `others_rate` in bursts of `others_burst`.
    `per_second` is the traffic of the app, `slowness` the factor of a slow dyno, `per_hour` the MB a worker grows.
    `apps` is the number of apps in the fleet. `turn` picks the framework of the app and the lines from their tables:
    it `says` "why" it fails, or every web dyno prints what is "misleading", or it says "nothing".
    """

    app: str = "example-app"
    seconds: float = 390.0
    dynos: int = 4
    bad: int = 1
    size: str = "Standard-1X"
    per_second: float = 2.3
    error_rate: float = 0.2
    burst: float = 1.0
    others_rate: float = 0.002
    others_burst: float = 1.0
    code: str = ""
    at: float = 0.35
    slowness: float = 4.0
    per_hour: float = 21.0
    workers: int = 0
    heavy: bool = True
    runtime_metrics: bool = True
    keep_all: bool = True
    apps: int = 200
    says: Says = "why"
    turn: int = 0

    @property
    def framework(self) -> Framework:
        """What the app is written in."""
        return FRAMEWORKS[self.turn % len(FRAMEWORKS)]

    @property
    def line(self) -> str:
        """The pattern of what is printed about a request that fails; "" when the app says nothing about it."""
        return REASONS[self.turn % len(REASONS)] if self.says == "why" else ""

    @property
    def reason(self) -> str | None:
        """The pattern of the line or the exception that says why requests fail, as Truth names it."""
        return (self.framework.raises if self.code == "500" else self.line) if self.line else None

    @property
    def misleading(self) -> str | None:
        """The pattern of what every web dyno prints alike, as Truth names it."""
        return MISLEADING[self.turn % len(MISLEADING)] if self.says == "misleading" else None


def faults(settings: Settings) -> tuple[Fault, ...]:
    """The faults of a dyno that misbehaves."""
    shares = {settings.code: 1.0} if settings.code else {"H12": 0.88, "500": 0.12}
    return tuple(
        Fault(code=code, rate=settings.error_rate * share, burst=settings.burst, line=settings.line)
        for code, share in shares.items()
    )


def error_codes(settings: Settings) -> tuple[str, ...]:
    """The router codes of `faults`; "" stands for a bare status, which no line names."""
    return tuple("" if each.code.isdigit() else each.code for each in faults(settings))


def healthy_profile(settings: Settings) -> ProcessProfile:
    """A web dyno without trouble, except for the odd 500."""
    odd = Fault(code="500", rate=settings.others_rate, burst=settings.others_burst, line=settings.line)
    return ProcessProfile(
        memory=MemoryCurve(level=316.0), faults=(odd,) if settings.others_rate else (), exit_seconds=0.6,
        output=settings.misleading or "", output_interval=ASIDE_INTERVAL if settings.misleading else 0.0,
    )  # fmt: skip
