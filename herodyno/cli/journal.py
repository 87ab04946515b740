"""`herodyno journal`: what herodyno changed from this machine, and what undoes the last scale or rollback."""

from __future__ import annotations

import shlex
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.options import App
from herodyno.cli.session import Session
from herodyno.folders import state_folder
from herodyno.operations.journal import Journal
from herodyno.render.journal import journal_document, journal_table
from herodyno.render.text import line
from herodyno.units import zone_of

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
    Below stands what takes the last scale or rollback back. It holds no secrets.
    """
    session = Session.of(ctx)
    output = session.output
    kept = Journal(state_folder())
    entries = kept.entries(app=options.app or "")[-options.last :]
    if output.wants_json:
        output.json(journal_document(entries))
        return
    if not entries:
        output.note(f"nothing yet in {kept.path}")
        return
    zone = zone_of(session.now(), utc=output.utc)
    last = next((entry for entry in reversed(entries) if entry.undo and entry.outcome not in NOTHING_DONE), None)
    last_line = [line(f"to undo the last {last.verb}: {shlex.join(last.undo)}")] if last else []
    output.show(journal_table(entries, now=session.now(), zone=zone), *([last_line] if last_line else []))
