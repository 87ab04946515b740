"""From a log to the whole answer: one pass, the timeline, the facts over the timeline, then the verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from herodyno.diagnosis.counting.one_pass import Log, OnePass
from herodyno.diagnosis.expected import expected_scope
from herodyno.diagnosis.observations import Observations, Source
from herodyno.diagnosis.scope import Filter, scope_of
from herodyno.diagnosis.timeline.boundaries import Boundaries
from herodyno.diagnosis.timeline.incarnations import moment
from herodyno.diagnosis.timeline.timeline import timeline
from herodyno.diagnosis.used import TypeUse
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release, is_fir_name
from herodyno.logs.decoding.lines import AHEAD
from herodyno.units import log_time

if TYPE_CHECKING:
    from herodyno.diagnosis.report.report import Diagnosis

EVERYTHING = Filter()


def diagnose(
    log: Log,
    *,
    app: App,
    at: datetime,
    source: Source,
    dynos: Sequence[Dyno] | None = None,
    formation: Sequence[Formation] | None = None,
    releases: Sequence[Release] = (),
    sizes: Sequence[DynoSize] = (),
    zone: tzinfo = UTC,
    api_calls: int = 0,
    rate_limit_remaining: int | None = None,
    log_filter: Filter = EVERYTHING,
    remarks: Sequence[str] = (),
    at_log_end: bool = False,
    size_told: Callable[[TypeUse], str] | None = None,
) -> Diagnosis:
    """Join the API's dynos with the log and say which dyno, if any, stands out.

    The log must give the same lines at each reading. Some lines are read twice, so that memory does not grow with
    the log.
    `dynos` and `formation` are None when the API was not asked. `at` is now, aware UTC; `zone` is for
    times inside sentences. With `at_log_end` the last line's time counts as now, so that an old file
    always gives the same answer. `remarks` stand among the limits of the report. `size_told` gives the
    advice on the size of a type that used so much, "" for none. Raises NotFound and UsageError only
    for a `log_filter` that names what is not there.
    """
    if log.counted:
        counted = log.counted()
    else:
        expected = expected_scope(log_filter, log=log, at=at, at_log_end=at_log_end, dynos=dynos)
        counted = OnePass(log, expected)
    boundaries = counted.boundaries
    if at_log_end and boundaries.window:
        now, at = at, moment(boundaries.window.last)
        remarks = (*remarks, *(dated_ahead(at, now) if source.kind != "archive" else ()))
    times = timeline(boundaries, dynos, releases, log.listed)
    # Not before the log is read: much is loaded here, which can be done while other processes read.
    from herodyno.diagnosis.judge import reach_verdict

    scope = scope_of(log_filter, at=at, times=times, window=boundaries.window, formation=formation, zone=zone)
    return reach_verdict(
        Observations(
            app=_as_its_names(app, boundaries),
            at=at,
            source=source,
            times=times,
            facts=counted.facts(times, scope),
            dynos=scope.of_types(dynos),
            formation=scope.formation(formation),
            releases=releases,
            sizes=sizes,
            size_told=size_told,
            actions=sorted(
                (action for action in boundaries.actions if action.line.at is None or scope.holds(action.line.at)),
                key=lambda action: (action.line.at is None, action.line.at, action.line.number),
            ),
            zone=zone,
            api_calls=api_calls,
            rate_limit_remaining=rate_limit_remaining,
            scope=scope,
            remarks=(*remarks, *log.remarks()),
        )
    )


def dated_ahead(last: datetime, now: datetime) -> tuple[str, ...]:
    """The sentence about a log's last line that is dated later than it can have been written; none for another."""
    if last <= now + AHEAD:
        return ()
    return (f"The log's last line is dated {log_time(last)}, in the future: --since counts from there",)


def _as_its_names(app: App, boundaries: Boundaries) -> App:
    """The app, of the generation that its dynos' names tell where the API was not asked."""
    is_fir = not app.id and bool(boundaries.names) and all(map(is_fir_name, boundaries.names))
    return app._replace(generation="fir") if is_fir else app
