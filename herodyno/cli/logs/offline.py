"""`logs --from-file`: the same filters and formats over files and standard input, one pass, no socket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from herodyno.cli.logs.dynos import incarnations_in, incarnations_that_ended, spans_of_ids
from herodyno.cli.logs.previous import show_last_words
from herodyno.cli.logs.query import Wishes, format_of
from herodyno.cli.logs.sink import pour, reading_of, sink_of
from herodyno.cli.logs.sources import as_they_come, in_batches
from herodyno.cli.session import Session
from herodyno.logfiles.names import check_each_once
from herodyno.logfiles.opened import STDIN, Logs
from herodyno.logs.decoding.read import recoded
from herodyno.logs.events import LogLine
from herodyno.logs.query.prefilter import sieved


def offline(session: Session, wishes: Wishes, names: list[str]) -> None:
    """Show lines of files. Dynos by id and `--previous` need a first pass for the dynos' lives."""
    check_each_once(names)
    needs_incarnations = bool(wishes.ids) or wishes.typed.previous
    with Logs(names, year=session.now().year, once=not needs_incarnations, note=session.output.note) as logs:
        times = incarnations_in(logs.lines(), None) if needs_incarnations else None
        if wishes.ids:
            wishes = wishes.within(spans_of_ids(wishes.ids, times, ()))
        needle = wishes.selection.needle
        if wishes.question:
            needle = needle or (wishes.question.needle if wishes.selection.judges_lines_alone else "")
        elif wishes.silence or wishes.bursts or needs_incarnations or format_of(session, wishes).shows_marks:
            needle = ""  # what is left out counts too
        sieve = partial(sieved, needle=needle, rules_out=wishes.selection.rules_out)
        batches: Iterator[Sequence[LogLine]]
        if names == [STDIN] and not needs_incarnations:
            batches = as_they_come(sieve(recoded(logs.chunks(STDIN))), year=logs.year)
        else:
            batches = in_batches(logs.lines(sieve))
        if wishes.typed.previous and times:
            show_last_words(session, wishes, batches, incarnations_that_ended(wishes.selection.targets, times))
        else:
            pour(batches, reading_of(session, wishes), sink_of(session, wishes))
