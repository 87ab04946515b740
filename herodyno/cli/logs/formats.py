"""The format that `logs` writes in, by its flags and by where its output goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from herodyno.cli.logs.options import LogOptions
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.render.logs.plain import Format, Plain, PlainOfApps
from herodyno.units import zone_of

if TYPE_CHECKING:
    from herodyno.render.logs.terminal import TimeStyle

TIMES: tuple[TimeStyle, ...] = ("local", "utc", "relative", "delta", "none")
# What --stats and --table write.
FIGURE_FORMATS = ("", "text", "json", "jsonl", "csv")


def choose_format(session: Session, query: LogQuery) -> Format:
    """The format that -o or --template names. By default, for a person on a terminal, plain in a pipe."""
    output, options = session.output, query.options
    asked = options.output or ("json" if output.wants_json else "")
    if query.patterns:
        return Plain()  # patterns have forms of their own
    if query.question or query.columns:
        flag = "--stats" if query.question else "--table"
        if options.template or (query.question and query.columns):
            raise UsageError(f"{flag} and {'--template' if options.template else '--table'} are two views",
                             next_step="leave one out")  # fmt: skip
        if options.plot and asked not in ("", "text"):
            raise UsageError(f"--plot is a picture, -o {asked} is none", next_step="leave one out")
        if asked not in FIGURE_FORMATS:
            raise UsageError(f"{flag} has forms of its own", next_step=f"one of -o {', '.join(FIGURE_FORMATS[1:])}")
    if query.columns:
        return _columns_format(session, query, asked)
    if options.template or asked not in ("", "text"):
        return _named_format(session, asked, options, with_app=bool(query.apps))
    if not (asked or options.time or output.is_terminal or output.uses_color):
        return PlainOfApps() if query.apps else Plain()
    from herodyno.render.logs.terminal import Terminal

    return Terminal(
        color=output.uses_color,
        times=_time_style(options.time, utc=output.utc),
        now=session.now(),
        highlights=query.highlights,
        draws=output.draws,
        whole=options.long or not output.is_terminal,
        apps=query.apps,
    )


def _named_format(session: Session, asked: str, options: LogOptions, *, with_app: bool) -> Format:
    from herodyno.render.logs.formats import FORMATS, Csv, JsonDocument, Template

    if options.template:
        if asked:
            raise UsageError("--template and --output are two formats", next_step="leave one out")
        return Template(options.template)
    if asked == "json":
        return FORMATS["jsonl"]() if options.tail else JsonDocument()
    if asked == "raw":
        refuse_raw_at_terminal(session)
    if asked not in FORMATS:
        raise UsageError(f"--output {asked!r} is no format", next_step=f"one of text, json, {', '.join(FORMATS)}")
    if with_app and asked in ("plain", "csv"):
        return PlainOfApps() if asked == "plain" else Csv(with_app=True)
    return FORMATS[asked]()


def refuse_raw_at_terminal(session: Session) -> None:
    """Raise UsageError where lines as they came would reach a terminal."""
    if session.output.is_terminal and session.environ.get("HERODYNO_RAW") != "1":
        raise UsageError(
            "raw log lines can move and rewrite what a terminal shows",
            next_step="send them to a file or a pipe, or set HERODYNO_RAW=1",
        )


def _columns_format(session: Session, query: LogQuery, asked: str) -> Format:
    from herodyno.render.logs import columns

    output, options = session.output, query.options
    if asked == "csv":
        return columns.CsvColumns(query.columns)
    if asked == "jsonl" or (asked == "json" and options.tail):
        return columns.JsonRows(query.columns)
    if asked == "json":
        return columns.JsonTable(query.columns)
    if not output.is_terminal:
        return columns.TabSeparated(query.columns)
    style = _time_style(options.time, utc=output.utc)
    if style not in ("local", "utc"):
        raise UsageError(f"--time {style} is for lines", next_step="a table has the field time, local or --utc")
    return columns.AlignedColumns(
        query.columns,
        zone=zone_of(session.now(), utc=style == "utc"),
        screen=output.height,
        at_once=options.tail,
        width=None if options.long else output.width,
        color=output.uses_color,
        draws=output.draws,
    )


def _time_style(asked: str, *, utc: bool) -> TimeStyle:
    for known in TIMES:
        if asked == known:
            return known
    if asked:
        raise UsageError(f"--time {asked!r} is no way to show times", next_step=f"one of {', '.join(TIMES)}")
    return "utc" if utc else "local"
