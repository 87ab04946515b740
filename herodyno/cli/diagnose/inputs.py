"""What a verdict is made from, wherever it came from: lines, API answers, and how both were had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from herodyno.cli.session import Session
from herodyno.cli.times import parse_moment
from herodyno.diagnosis.counting.one_pass import ScannedLogs
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter, When
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release
from herodyno.errors import UsageError
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.events_of import event_of
from herodyno.logs.parsing.tracebacks import joined
from herodyno.render.units import zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """`lines` can be walked more than once. The rest is as `diagnosis.diagnosing.diagnose` takes it.

    `year` is that of timestamps without one. `scanned` gives the same lines read in one pass, or None where
    only `lines` knows how to read them.
    """

    lines: Callable[[], Iterable[LogLine]]
    app: App
    at: datetime
    source: Source
    year: int
    dynos: Sequence[Dyno] | None = None
    formation: Sequence[Formation] | None = None
    releases: Sequence[Release] = ()
    sizes: Sequence[DynoSize] = ()
    api_calls: int = 0
    rate_limit_remaining: int | None = None
    remarks: tuple[str, ...] = ()
    at_log_end: bool = False
    scanned: Callable[[], ScannedLogs | None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """`--since`, `--until`, `--type` and `--dyno` as they were typed."""

    since: str = ""
    until: str = ""
    types: tuple[str, ...] = ()
    dynos: tuple[str, ...] = ()

    def understood(self, session: Session) -> Filter:
        """The narrowing, its times read in the zone that is shown. UsageError for what cannot be a time."""
        zone = UTC if session.output.utc else None
        since, until = _bound(self.since, zone, "--since"), _bound(self.until, zone, "--until")
        for bound in (since, until):
            if bound:
                bound(session.now())  # so that a typing error is told before anything is sent
        for kind in self.types:
            if "." in kind:
                raise UsageError(f"--type {kind!r} is a dyno's name", next_step=f"--dyno {kind}")
        return Filter(since=since, until=until, types=self.types, dynos=self.dynos)


def judged(session: Session, inputs: Inputs, log_filter: Filter | None = None) -> Diagnosis:
    """The diagnosis. Sentences speak in the reader's zone; in JSON, which programs compare, in UTC."""
    output = session.output
    zone: tzinfo = zone_of(session.now(), utc=output.utc or output.wants_json)
    return diagnose(
        lambda: joined(map(event_of, inputs.lines())),
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
        scanned=inputs.scanned(),
    )


def _bound(text: str, zone: tzinfo | None, flag: str) -> When | None:
    return (lambda now: parse_moment(text, now=now, zone=zone, flag=flag)) if text else None
