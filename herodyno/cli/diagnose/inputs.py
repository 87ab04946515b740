"""The inputs of a verdict, whatever their source: lines, API answers, and how both were obtained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from herodyno.cli.session import Session
from herodyno.cli.times import parse_time
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.scope import Filter, When
from herodyno.diagnosis.used import TypeUse
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release
from herodyno.errors import HerodynoError, UsageError
from herodyno.logs.events import LogLine
from herodyno.units import zone_of

if TYPE_CHECKING:
    from herodyno.diagnosis.report.report import Diagnosis
    from herodyno.logfiles.apps import AppsOfLog
    from herodyno.logs.decoding.lines import Year


class Heard(NamedTuple):
    """The lines of a live log. `complete` is False when the log was lost for good. `remarks` say how often lines may be
    missing. `error` is why there is no line at all."""

    lines: list[LogLine]
    complete: bool
    remarks: tuple[str, ...]
    error: HerodynoError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The inputs of `diagnosis.diagnosing.diagnose`. `year` is for timestamps without a year.

    `log_error` is why there is no log: the verdict then rests on the API alone. `apps` are the apps of the log's lines,
    None where the lines do not say. `past` adds to a diagnosis what an archive shows of the days before.
    """

    log: Log
    app: App
    at: datetime
    source: Source
    year: Year
    dynos: Sequence[Dyno] | None = None
    formation: Sequence[Formation] | None = None
    releases: Sequence[Release] = ()
    sizes: Sequence[DynoSize] = ()
    api_calls: int = 0
    rate_limit_remaining: int | None = None
    remarks: tuple[str, ...] = ()
    at_log_end: bool = False
    log_error: HerodynoError | None = None
    apps: AppsOfLog | None = None
    past: Callable[[Diagnosis], Diagnosis] | None = None

    @property
    def is_of_several_apps(self) -> bool:
        """Whether the log, once read, showed more than one app."""
        return self.apps is not None and len(self.apps.names) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOptions:
    """`--since`, `--until`, `--type` and `--dyno` as they were typed."""

    since: str = ""
    until: str = ""
    types: tuple[str, ...] = ()
    dynos: tuple[str, ...] = ()

    def parse(self, session: Session) -> Filter:
        """The filter. Times are read in the zone that output shows. Raises UsageError for text that is no time."""
        zone = UTC if session.output.utc else None
        since, until = _bound(self.since, zone, "--since"), _bound(self.until, zone, "--until")
        for bound in (since, until):
            if bound:
                bound(session.now())  # raises for a typing error before anything is sent
        for name in self.types:
            if "." in name:
                raise UsageError(f"--type {name!r} is a dyno's name", next_step=f"--dyno {name}")
        return Filter(since=since, until=until, types=self.types, dynos=self.dynos)


def judged(session: Session, inputs: Inputs, log_filter: Filter | None = None) -> Diagnosis:
    """The diagnosis. Times in sentences are in the reader's zone. In JSON, which programs compare, they are in UTC."""
    output = session.output

    def size_told(use: TypeUse) -> str:
        from herodyno.operations.size_finding import size_finding

        return size_finding(use, inputs.formation or (), inputs.sizes)

    zone: tzinfo = zone_of(session.now(), utc=output.utc or output.wants_json)
    return diagnose(
        inputs.log,
        app=inputs.app,
        at=inputs.at,
        source=inputs.source,
        dynos=inputs.dynos,
        formation=inputs.formation,
        releases=inputs.releases,
        sizes=inputs.sizes,
        zone=zone,
        api_calls=inputs.api_calls,
        rate_limit_remaining=inputs.rate_limit_remaining,
        log_filter=log_filter or Filter(),
        remarks=inputs.remarks,
        at_log_end=inputs.at_log_end,
        size_told=size_told,
    )


def load_verdict() -> None:
    """Load what judges a log and shows the verdict: a third of the program. While others read it takes no time."""
    import herodyno.diagnosis.judge
    import herodyno.render.diagnosis.document  # noqa: F401 - loaded for later


def _bound(text: str, zone: tzinfo | None, flag: str) -> When | None:
    return (lambda now: parse_time(text, now=now, zone=zone, flag=flag)) if text else None
