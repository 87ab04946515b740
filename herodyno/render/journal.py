"""`journal`: the writes of this machine, rehearsals apart, as tables and as `herodyno.journal/1`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from herodyno.operations.journal import JournalEntry
from herodyno.render.text import Column, Field, Span, Table, table
from herodyno.units import json_time, stamp, zone_name

REHEARSALS = "rehearsals in a sandbox, not on Heroku"


def journal_table(entries: Sequence[JournalEntry], *, now: datetime, zone: tzinfo) -> Table:
    """One line per write; "?" is the outcome of a write whose process ended before it knew."""
    return table(
        (
            Field(Column(f"WHEN ({zone_name(now, zone)})"), lambda entry: Span(stamp(entry.at, zone))),
            Field(Column("APP"), lambda entry: Span(entry.app)),
            Field(Column("VERB"), lambda entry: Span(entry.verb)),
            Field(Column("OUTCOME"), _outcome),
            Field(Column("BEFORE", shrinks=True), lambda entry: Span(" ".join(entry.before) or "-")),
            Field(Column("AFTER"), lambda entry: Span(" ".join(entry.after) or "-")),
            Field(Column("WHO", optional=True), _who),
        ),
        entries,
    )


def journal_document(entries: Sequence[JournalEntry]) -> dict[str, Any]:
    """`herodyno.journal/1`; the outcome is null when the process ended before it knew."""
    return {"schema": "herodyno.journal/1", "entries": [_record(entry) for entry in entries]}


def _outcome(entry: JournalEntry) -> Span:
    return Span(entry.outcome or "?", "" if entry.outcome in ("done", "seen") else "warning")


def _who(entry: JournalEntry) -> Span:
    """The account, or where the token came from when no account stands beside it."""
    return Span(entry.actor.account or entry.actor.token_source or "-")


def _record(entry: JournalEntry) -> dict[str, Any]:
    return {
        "at": json_time(entry.at),
        "app": entry.app,
        "verb": entry.verb,
        "call": entry.call,
        "before": list(entry.before),
        "after": list(entry.after),
        "undo": list(entry.undo),
        "outcome": entry.outcome or None,
        "request_id": entry.request_id or None,
        "account": entry.actor.account or None,
        "token_source": entry.actor.token_source or None,
        "user": entry.actor.user or None,
        "machine": entry.actor.machine or None,
        "api_host": entry.actor.api_host or None,
        "is_rehearsal": entry.is_rehearsal,
    }
