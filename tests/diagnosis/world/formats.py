"""What a log looks like on disk: Heroku's CLI, a drain's frames, Papertrail's page and its archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple


class Line(NamedTuple):
    """A line before it is written: when (seconds since 1970), who, what, and when it arrived."""

    arrived: float
    at: float
    source: str
    process: str
    text: str


class Form(NamedTuple):
    """A way to write: "cli", "drain", "page" or "archive"; digits of a second; the zone's hours in the CLI's stamps."""

    name: str = "cli"
    digits: int | None = 6
    hours: int = 0


def written(lines: Sequence[Line], form: Form, *, app: str) -> bytes:
    """The bytes of the log."""
    write = {"cli": _cli, "drain": _drain, "page": _page, "archive": _archive}[form.name]
    return "".join(write(line, form, app) for line in lines).encode()


def stamp(at: float, form: Form) -> str:
    """As the platform writes a time. Without a number of digits, trailing zeros are missing."""
    moment = datetime.fromtimestamp(at, UTC)
    if form.hours:
        moment = moment.astimezone(timezone(timedelta(hours=form.hours)))
    text = moment.isoformat(timespec="microseconds")
    whole, fraction, zone = text[:19], text[20:26], text[26:]
    fraction = fraction.rstrip("0") if form.digits is None else fraction[: form.digits]
    return f"{whole}.{fraction}{zone}" if fraction else f"{whole}{zone}"


def _cli(line: Line, form: Form, app: str) -> str:
    return f"{stamp(line.at, form)} {line.source}[{line.process}]: {line.text}\n"


def _drain(line: Line, form: Form, app: str) -> str:
    priority = 158 if line.process == "router" else 190 if line.source == "app" else 45
    frame = f"<{priority}>1 {stamp(line.at, form)} host {line.source} {line.process} - {line.text}\n"
    return f"{len(frame.encode())} {frame}"


def _page(line: Line, form: Form, app: str) -> str:
    return f"{datetime.fromtimestamp(line.at, UTC):%b %d %H:%M:%S} {app} {line.source}/{line.process}: {line.text}\n"


def _archive(line: Line, form: Form, app: str) -> str:
    at = datetime.fromtimestamp(line.at, UTC).isoformat(timespec="seconds")
    columns = (
        f"{int(line.at * 1e6) * 64}", at, at, f"{sum(app.encode())}", app, "10.1.42.119", "Local7", "Info",
        f"{line.source}/{line.process}", line.text,
    )  # fmt: skip
    return "\t".join(columns) + "\n"
