"""What the heads of lines lacked, told on stderr at the end of reading."""

from __future__ import annotations

from herodyno.logs.query.reading import LogSummary
from herodyno.render.clean import clean
from herodyno.render.output import Output
from herodyno.units import count

_LONGEST_UNREAD = 120  # characters shown of the first line that was not read


def note_oddities(output: Output, seen: LogSummary) -> None:
    """Say what the lines lacked: a head, a year, an offset."""
    if seen.unread:
        from herodyno.diagnosis.report.redaction import redact  # few logs have such lines, and start-up counts

        first = clean(redact(seen.first_unread[:_LONGEST_UNREAD]))
        output.note(f"{count(seen.unread, 'line')} not read, the first: {first}")
    if seen.without_year or seen.without_offset:
        from herodyno.logs.decoding.guesses import told_of_guesses

        for told in told_of_guesses(seen.without_year, seen.without_offset):
            output.note(told)
