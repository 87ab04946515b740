"""`herodyno journal`: what herodyno changed from this machine, who did, and what undoes the last scale or rollback."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.options import App, option
from herodyno.cli.session import Session
from herodyno.cli.times import parse_time
from herodyno.folders import state_folder
from herodyno.operations.journal import Journal, JournalEntry
from herodyno.render.journal import REHEARSALS, journal_document, journal_table
from herodyno.render.text import Block, line
from herodyno.units import zone_of

USUAL = 20  # entries shown where nothing says how many
# Outcomes that changed nothing: there is nothing to undo.
NOTHING_DONE = ("refused", "not sent")


class JournalOptions(NamedTuple):
    """The flags of `journal`."""

    app: App = None
    since: Annotated[str, option("--since", metavar="WHEN", help="those since then: 2h, 14:30, yesterday, a date")] = ""
    last: Annotated[
        int | None, typer.Option("--last", metavar="N", min=1, help="how many, newest last; 20, with --since all")
    ] = None


def journal(ctx: typer.Context, options: JournalOptions) -> None:
    """Show what herodyno changed from this machine: when, what, how it ended, who.

    Examples:
      herodyno journal
      herodyno journal --app example-app --since yesterday --json

    An outcome "unclear" or "?" means that the change may have happened: look first.
    Below stands what takes the last scale or rollback back. Rehearsals in a sandbox
    stand apart. It holds no secrets. --json has also the call, Heroku's request id,
    where the token came from, the user, the machine and the API's host.
    """
    session = Session.of(ctx)
    output = session.output
    zone = zone_of(session.now(), utc=output.utc)
    since = parse_time(options.since, now=session.now(), zone=zone, flag="--since") if options.since else None
    kept = Journal(state_folder())
    entries = kept.entries(app=options.app or "", since=since)
    entries = entries[-(options.last or (len(entries) if since else USUAL)) :]
    if output.wants_json:
        output.json(journal_document(entries))
        return
    if not entries:
        output.note(f"nothing yet in {kept.path}" if not (since or options.app) else f"nothing of that in {kept.path}")
        return
    parts: list[Block] = []
    for is_rehearsal in (False, True):
        part = [entry for entry in entries if entry.is_rehearsal == is_rehearsal]
        if part:
            parts += [[line(REHEARSALS, "heading")]] if is_rehearsal else []
            parts.append(journal_table(part, now=session.now(), zone=zone))
            parts += [[line(f"to undo the last {last.verb}: {shlex.join(last.undo)}")] for last in _undoable(part)]
    output.show(*parts)


def _undoable(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The last entry that can be taken back, if there is one."""
    return [entry for entry in entries if entry.undo and entry.outcome not in NOTHING_DONE][-1:]
