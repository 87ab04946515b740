"""`logs --from-file`: the same filters and formats over files and standard input, one pass, no socket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from herodyno.cli.logs.formats import choose_format
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.logs.sink import make_reading, make_sink, read_into
from herodyno.cli.logs.sources import as_they_come, in_batches
from herodyno.cli.session import Session
from herodyno.logfiles.names import check_each_once
from herodyno.logfiles.opened import STDIN, Logs
from herodyno.logs.decoding.decoder import Decoder
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine
from herodyno.logs.query.prefilter import SievedLines

START_BYTES = 1_000_000  # of a pipe, kept for saying why nothing fitted; ours

if TYPE_CHECKING:
    from herodyno.logfiles.repeats import Repeats
    from herodyno.logs.decoding.splitters import Splitter


def offline(session: Session, query: LogQuery, names: list[str]) -> None:
    """Show lines of files. Dyno ids and `--previous` need a first pass, which finds the dynos' lives.

    A line that stands in two files is shown once. Standard input beside files is not compared: it may never end.
    """
    check_each_once(names)
    needs_incarnations = bool(query.ids) or query.options.previous
    may_repeat = len(names) > 1 and STDIN not in names
    wants_release = query.patterns is not None and query.patterns.wants_release
    once = not (needs_incarnations or may_repeat or wants_release)
    with Logs(names, year=session.now(), once=once, note=session.output.note) as logs:
        repeats = _repeats(logs) if may_repeat else None
        times = None
        if needs_incarnations:
            from herodyno.cli.logs.dynos import incarnations_in, incarnations_that_ended, spans_of_ids

            times = incarnations_in(repeats.lines() if repeats else logs.lines(), None)
            if query.ids:
                query = query.within(spans_of_ids(query.ids, times, ()))
        if query.patterns and wants_release:
            from herodyno.cli.logs.pattern_query import RELEASE_NEEDLE, release_in_log

            moment = release_in_log(logs.lines(partial(SievedLines, RELEASE_NEEDLE)), query.patterns.version)
            query = query._replace(patterns=query.patterns._replace(moment=moment))
        needle = query.selection.needle
        if query.question and query.question.seconds:
            needle = ""  # what is not counted says how far the log reaches
        elif query.question:
            needle = needle or (query.question.needle if query.selection.judges_lines_alone else "")
        elif query.patterns:
            # A comparison and what a day brings are told over the whole log.
            needle = "" if query.patterns.moment or query.patterns.by == "bytes" else needle
        elif query.silence or query.bursts or needs_incarnations or choose_format(session, query).shows_marks:
            needle = ""  # marks depend on the lines that the needle would skip
        text = _sieve(session, query, needle, needs_incarnations=needs_incarnations)
        batches: Iterator[Sequence[LogLine]]
        if names == [STDIN] and not needs_incarnations:
            start: list[bytes] = []
            chunks = _with_start_kept(logs.chunks(STDIN), start)
            batches = as_they_come(chunks, Decoder(LineReader(year=logs.year), text=text))
        else:
            batches = in_batches(repeats.lines() if repeats else logs.lines(text))
        if query.options.previous and times:
            from herodyno.cli.logs.previous import show_last_lines

            show_last_lines(session, query, batches, incarnations_that_ended(query.selection.targets, times))
        else:
            reading = make_reading(session, query)
            read_into(batches, reading, make_sink(session, query))
            if not (reading.summary.selected or query.selection.is_everything):
                from herodyno.cli.logs.nothing import note_nothing_fits

                if names == [STDIN] and logs.once:
                    kept = list(read_lines(start, year=logs.year))
                    note_nothing_fits(session, query, kept, whole=sum(map(len, start)) < START_BYTES)
                elif STDIN not in names or not logs.once:
                    note_nothing_fits(session, query, logs.lines())
        for remark in repeats.remarks() if repeats else ():
            session.output.note(remark)


def _sieve(session: Session, query: LogQuery, needle: str, *, needs_incarnations: bool) -> Callable[[], Splitter]:
    """What cuts text into the lines that may be wanted."""
    is_plain = not (query.question or query.patterns or query.silence or query.bursts)
    if is_plain and not (needs_incarnations or query.selection.judges_lines_alone):
        from herodyno.logs.query.speaker_sieve import speaker_sieve  # not every log is filtered, and start-up counts

        shown = choose_format(session, query)
        is_told_of_all = shown.shows_marks or shown.fields  # marks, and which fields no line has
        if not is_told_of_all and (sieve := speaker_sieve(query.selection)):
            return sieve
    return partial(SievedLines, needle, query.selection.rules_out)


def _with_start_kept(chunks: Iterable[bytes], start: list[bytes]) -> Iterator[bytes]:
    """The chunks. The first of them, START_BYTES or a little more, are kept in `start`: a pipe is read once."""
    size = 0
    for chunk in chunks:
        if size < START_BYTES:
            start.append(chunk)
            size += len(chunk)
        yield chunk


def _repeats(logs: Logs) -> Repeats | None:
    from herodyno.logfiles.repeats import Repeats  # for several files only, and start-up counts

    repeats = Repeats(logs)
    return repeats if repeats.overlaps or repeats.dropped else None
