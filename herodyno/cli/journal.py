"""`herodyno journal`: what herodyno changed from this machine, and the command that undoes the last scale."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import tzinfo
from typing import Annotated, Any, NamedTuple

import typer

from herodyno.cli.options import App
from herodyno.cli.session import Session
from herodyno.folders import state_folder
from herodyno.operations.journal import Journal, JournalEntry
from herodyno.render.text import Column, Span, Table, line
from herodyno.render.units import stamp, zone_name, zone_of

# Outcomes that changed nothing: there is nothing to undo.
NOTHING_DONE = ("refused", "not sent")


class JournalOptions(NamedTuple):
    """The flags of `journal`."""

    app: App = None
    last: Annotated[int, typer.Option("--last", metavar="N", min=1, help="how many, newest last")] = 20


def journal(ctx: typer.Context, options: JournalOptions) -> None:
    """Show what herodyno changed from this machine: when, what, how it ended.

    Examples:
      herodyno journal
      herodyno journal --app example-app --last 5 --json

    An outcome "unclear" or "?" means that the change may have happened: look first.
    Below stands what takes the last scale back. It sends nothing, holds no secrets.
    """
    session = Session.of(ctx)
    output = session.output
    kept = Journal(state_folder())
    entries = kept.entries(app=options.app or "")[-options.last :]
    if output.wants_json:
        output.json({"schema": "herodyno.journal/1", "entries": [document(entry) for entry in entries]})
        return
    if not entries:
        output.note(f"nothing yet in {kept.path}")
        return
    zone = zone_of(session.now(), utc=output.utc)
    columns = (
        Column(heading=f"WHEN ({zone_name(session.now(), zone)})"),
        Column(heading="APP"),
        Column(heading="VERB"),
        Column(heading="OUTCOME"),
        Column(heading="BEFORE", shrinks=True),
        Column(heading="AFTER"),
    )
    undo = next((entry.undo for entry in reversed(entries) if entry.undo and entry.outcome not in NOTHING_DONE), ())
    last_line = [line(f"to undo the last scale: {shlex.join(undo)}")] if undo else []
    output.show(Table(columns=columns, rows=rows(entries, zone)), *([last_line] if last_line else []))


def rows(entries: Sequence[JournalEntry], zone: tzinfo) -> tuple[tuple[Span, ...], ...]:
    """One row for each write."""
    return tuple(
        (
            Span(stamp(entry.at, zone)),
            Span(entry.app),
            Span(entry.verb),
            Span(entry.outcome or "?", "" if entry.outcome in ("done", "seen") else "warning"),
            Span(" ".join(entry.before) or "-"),
            Span(" ".join(entry.after) or "-"),
        )
        for entry in entries
    )


def document(entry: JournalEntry) -> dict[str, Any]:
    """One entry of `herodyno.journal/1`. The outcome is null when the process ended before Heroku answered."""
    return {
        "at": entry.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "app": entry.app,
        "verb": entry.verb,
        "call": entry.call,
        "before": list(entry.before),
        "after": list(entry.after),
        "undo": list(entry.undo),
        "outcome": entry.outcome or None,
        "request_id": entry.request_id or None,
    }
