"""Writes in JSON documents: the calls, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from herodyno.operations.executor import Sent
from herodyno.operations.writes import Write


def calls_document(writes: Sequence[Write]) -> list[dict[str, Any]]:
    """The calls of a dry run, for --json."""
    return [{"method": write.method, "path": write.path, "body": write.body} for write in writes]


def sent_document(sent: Sequence[Sent]) -> list[dict[str, Any]]:
    """What became of each write, for --json."""
    return [{"call": str(each.write), "outcome": each.outcome, "request_id": each.request_id or None} for each in sent]
