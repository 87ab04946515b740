"""What is said on stderr when no line fitted the words."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.cli.logs.query import LogQuery
from herodyno.cli.session import Session
from herodyno.logs.events import LogLine
from herodyno.logs.query.ruled_out import why_none_fits
from herodyno.units import zone_of, zoned_clocks


def note_nothing_fits(session: Session, query: LogQuery, lines: Iterable[LogLine], *, whole: bool = True) -> None:
    """Say which word ruled the lines out and what would fit. What --redact masks is masked here too.

    `whole`: the lines are the whole log, not its beginning.
    """
    now = session.now()
    zone = zone_of(now, utc=session.output.utc)
    told = why_none_fits(
        query.selection,
        lines,
        clocks=lambda first, last: zoned_clocks(first, last, zone, today=now),
        ids=query.typed_ids,
        whole=whole,
    )
    if told and query.options.redact:
        from herodyno.diagnosis.report.redaction import redact

        told = redact(told)
    if told:
        session.output.note(told)
