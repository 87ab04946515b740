"""Log lines as other programs read them: as they came, JSON, logfmt, CSV, combined, or the user's template.

A format gives one text, line end included, for each line and each mark; "" leaves the item out.
Each format escapes foreign text in its own way. Only `raw` leaves everything as it came.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from herodyno.errors import UsageError
from herodyno.logs.events import LogLine, RouterRequest
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.field_reader import FieldReader
from herodyno.logs.query.fields import router_fields
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary
from herodyno.render.clean import clean
from herodyno.render.logs.plain import Format, Plain, Raw, visible
from herodyno.render.logs.records import line_record, mark_record
from herodyno.units import apache_time, json_time

# Made once: json.dumps would make an encoder for each line.
_packed = json.JSONEncoder(separators=(",", ":")).encode
_NOT_IN_URL = re.compile(r"[^!#-\[\]-~]")


class JsonLines(Format):
    """One `herodyno.log/1` record per line of log and per mark (`type` tells them apart)."""

    shows_marks = True

    def line(self, line: LogLine) -> str:
        return _packed(line_record(line)) + "\n"

    def mark(self, mark: Mark) -> str:
        return _packed(mark_record(mark)) + "\n"


class JsonDocument(Format):
    """One `herodyno.logs/1` document: records of lines and marks, then what was read."""

    shows_marks = True
    head = '{"schema":"herodyno.logs/1","lines":['

    def __init__(self) -> None:
        self._comma = ""

    def line(self, line: LogLine) -> str:
        return self._record(line_record(line))

    def mark(self, mark: Mark) -> str:
        return self._record(mark_record(mark))

    def foot(self, seen: LogSummary) -> str:
        window = {
            "lines": seen.lines,
            "first": json_time(seen.first),
            "last": json_time(seen.last),
            "selected": seen.selected,
            "dropped": dict(seen.lost),
            "gaps": seen.gaps,
        }
        return f'],"window":{json.dumps(window)}}}\n'

    def _record(self, record: Any) -> str:
        comma, self._comma = self._comma, ",\n"
        return comma + _packed(record)


class Logfmt(Format):
    """time, the app where it is known, source, proc, then the router's own fields, or the text."""

    shows_marks = True

    def line(self, line: LogLine) -> str:
        event = event_of(line)
        app = {"app": line.app} if line.app else {}
        pairs = {"time": json_time(line.at) or "", **app, "source": line.source, "proc": line.proc}
        pairs |= router_fields(event) if isinstance(event, RouterRequest) else {"text": line.text}
        return " ".join(f"{name}={_quoted(text)}" for name, text in pairs.items()) + "\n"

    def mark(self, mark: Mark) -> str:
        app = f" app={_quoted(mark.app)}" if mark.app else ""
        return f"time={_quoted(json_time(mark.at) or '')}{app} mark={mark.kind} text={_quoted(mark.text)}\n"


class Csv(Format):
    """RFC 4180 with a heading, but for its line ends: LF, as every tool for text takes it.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """

    columns: tuple[str, ...] = ("time", "source", "proc", "dyno", "code", "method", "path", "status", "connect_ms",
                                "service_ms", "bytes", "request_id", "text")  # fmt: skip

    def __init__(self, *, with_app: bool = False) -> None:
        if with_app:
            self.columns = (self.columns[0], "app", *self.columns[1:])
        self.head = ",".join(self.columns) + "\n"

    def line(self, line: LogLine) -> str:
        record = line_record(line)
        cells = {**record, **record.get("request", {}), "time": record["at"]}
        into = io.StringIO()
        csv.writer(into, lineterminator="\n").writerow(csv_cell(cells.get(name)) for name in self.columns)
        return into.getvalue()


class Combined(Format):
    """Apache's combined log format, one line for each request; all other lines are left out.

    A request without a client address has 0.0.0.0. One without a status is no line.
    """

    def __init__(self) -> None:
        self._left_out = 0

    @property
    def note(self) -> str:
        what = "request" if self._left_out == 1 else "requests"
        verb = "is" if self._left_out == 1 else "are"
        return f"{self._left_out} {what} without a status {verb} left out" if self._left_out else ""

    def line(self, line: LogLine) -> str:
        event = event_of(line) if line.proc == "router" else None
        if not isinstance(event, RouterRequest) or line.at is None:
            return ""
        if event.status is None or not event.method:
            self._left_out += 1
            return ""
        protocol = "HTTP/2.0" if event.protocol == "http2.0" else "HTTP/1.1"
        size = "-" if event.bytes is None else str(event.bytes)
        request = f"{clean(event.method)} {_in_url(event.path)} {protocol}"
        return f'{_address(event.fwd)} - - [{apache_time(line.at)}] "{request}" {event.status} {size} "-" "-"\n'


class Template(Format):
    r"""A text with fields in braces: '{time} {dyno} {service} {text}'. `\t` and `\n` mean tab and line end."""

    def __init__(self, text: str) -> None:
        self._parts: list[str | int] = []  # a literal text, or the place of a field
        names: list[str] = []
        text = text.replace("\\t", "\t").replace("\\n", "\n")
        for literal, name in re.findall(r"([^{}]+)|\{([\w.#-]{1,64})\}", text):
            self._parts.append(literal or len(names))
            names += [name] if name else []
        if re.sub(r"\{[\w.#-]{1,64}\}", "", text).strip("\n").count("{") or not self._parts:
            raise UsageError(f"--template {text!r} cannot be read", next_step="such as '{time} {dyno} {text}'")
        self.fields = self._read = FieldReader(names)

    def line(self, line: LogLine) -> str:
        texts = self._read(line)
        return "".join([part if isinstance(part, str) else visible(texts[part] or "") for part in self._parts]) + "\n"


FORMATS: dict[str, Callable[[], Format]] = {
    "jsonl": JsonLines,
    "logfmt": Logfmt,
    "csv": Csv,
    "combined": Combined,
    "plain": Plain,
    "raw": Raw,
}


def _quoted(text: str) -> str:
    if text and re.fullmatch(r"[^\s\"=\\\x00-\x1f\x7f-\x9f]+", text) and clean(text) == text:
        return text
    return json.dumps(clean(text), ensure_ascii=False)


def csv_cell(value: Any) -> str:
    """A value as a cell of CSV: cleaned, and no formula."""
    text = "" if value is None else visible(str(value)) if isinstance(value, str) else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _in_url(path: str) -> str:
    """The path as it may stand between quotes: all but printable ASCII, quotes and backslashes too, as %XX."""
    return _NOT_IN_URL.sub(lambda found: "".join(f"%{b:02X}" for b in found[0].encode("utf-8", "replace")), path)


def _address(fwd: str) -> str:
    first = fwd.partition(",")[0].strip()
    try:
        return str(ip_address(first))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - an address that nobody has, not one to bind to
