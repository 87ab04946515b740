"""The head of a line, as Heroku, drains and relays write it: when, from whom, what."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from herodyno.units import USABLE_YEARS

if TYPE_CHECKING:
    from herodyno.logs.decoding.shapes import Read

_TEXT = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) ([\w.-]{1,128})\[([^\]\s]{1,128})\]: ?",
    re.ASCII,
)
# Spreadsheets and log viewers write a blank for the T, and leave out the offset. Heroku's times are in UTC.
VIEWED = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(?: ?(Z|UTC|[+-]\d\d:?\d\d))? "
    r"(app|heroku)\[([^\]\s]{1,128})\]: ?",
    re.ASCII,
)
# Relays write their host before Heroku's head, and syslog to a file leaves out the priority.
RELAYED = re.compile(
    r"(?:1 )?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(?: ?(Z|UTC|[+-]\d\d:?\d\d))? [\w.:-]{1,255} "
    r"(?:(app|heroku)\[([^\]\s]{1,128})\]:? ?|(app|heroku)/([^\s:]{1,128}): {0,2}"
    r"|(app|heroku) ([\w.-]{1,128}) - (?:- )?)",
    re.ASCII,
)
_FRAME = re.compile(r"(?:\d{1,8} )?<\d{1,3}>1 (\S+) (\S+) (\S+) (\S+)(?: -(?= |$)| [\w.#]{1,32} (?=- ))? ?")
_FRAME_WITHOUT_HOST = re.compile(r"(?:\d{1,8} )?<\d{1,3}>1 (\S+) (app|heroku) (\S+) - ?(?=-(?: |$)|\[)")
_ARCHIVE = re.compile(r"\d{4,20}\t\d{4}-", re.ASCII)
_ARCHIVE_ZONE = re.compile(r" (?=[+-]\d\d)")
_FRACTION = re.compile(r"^\.\d+")
_LONGEST_PROC = 126
_STRUCTURED = re.compile(r"(?:\[(?:meta|origin) [^\]]{0,255}\] ?)+")


def read_head(raw: str) -> Read | None:
    """A line of text or a frame by its own head; None where there is none."""
    return from_text(raw) or from_frame(raw)


def from_text(raw: str) -> Read | None:
    """A line of `heroku logs`, as it is or as viewers and relays write it."""
    if read := _from_usual_text(raw):
        return read
    is_closed = "]" in raw  # a look at a sign is cheaper than a pattern that needs it
    if is_closed and (found := _TEXT.match(raw)):
        at = _utc(found[1])
        return (at, found[2], found[3], raw[found.end() :]) if at else None
    if found := (is_closed and VIEWED.match(raw)) or RELAYED.match(raw):
        at = _utc(f"{found[1]}T{found[2].replace(',', '.')}{(found[3] or 'Z').replace('UTC', 'Z')}")
        source, proc = (word for word in found.groups()[3:] if word is not None)
        return (at, source, proc, raw[found.end() :]) if at else None
    return None


def _from_usual_text(raw: str) -> Read | None:
    """Like _TEXT for a stamp with microseconds, but by position, and the same speaker is read once."""
    if raw[26:33] != "+00:00 " or raw[7:20:3] != "-T::.":
        return None
    end = raw.find("]: ", 33, 170) + 3
    if not (speaker := _speaker(raw[33:end])):
        return None
    at = _utc(raw[:32])
    return (at, *speaker, raw[end:]) if at else None


@lru_cache(maxsize=1024)
def _speaker(head: str) -> tuple[str, str] | None:
    """(source, proc) of the end of a head: "app[web.1]: ". None for what _TEXT reads."""
    source, _, proc = head[:-3].partition("[")
    is_usual = source in ("app", "heroku") and 0 < len(proc) <= _LONGEST_PROC and proc.isprintable()
    return (source, proc) if is_usual and " " not in proc and "]" not in proc else None


def from_frame(raw: str) -> Read | None:
    """A drain's frame."""
    if "<" not in raw:
        return None
    if found := _FRAME_WITHOUT_HOST.match(raw):
        time, source, proc = found.groups()
        host = ""
    elif found := _FRAME.match(raw):
        time, host, source, proc = found.groups()
    else:
        return None
    text = raw[found.end() :]
    if host in ("app", "heroku") and (proc == "-" or proc.startswith("d.")):
        # A host left out, or a drain of 2012: source, proc, drain token.
        source, proc = host, source
    elif host != "host" or source == "heroku" or raw[found.end() - 2] != "-":
        # Syslog drains carry their token as host, and RFC 5424's empty field is written. No line of Heroku begins so.
        text = text.removeprefix("- ")
    if text.startswith("[") and (fields := _STRUCTURED.match(text)):  # Added by log-shuttle and log-iss.
        text = text[fields.end() :]
    at = _utc(time)
    return (at, source, "" if proc == "-" else proc, text) if at else None


def from_archive(raw: str) -> Read | None:
    """A row of Papertrail's archive."""
    if "\t" not in raw or not _ARCHIVE.match(raw):
        return None
    columns = raw.split("\t", 9)
    if len(columns) < 10:
        return None
    at = _utc(_ARCHIVE_ZONE.sub("", columns[1]))
    source, _, proc = columns[8].partition("/")
    return (at, source, proc, columns[9]) if at else None


def _utc(time: str) -> datetime | None:
    """A time in ISO 8601 with 0 to 9 fraction digits and an offset, as UTC; None when there is no such time."""
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        # A leap second is read as the end of the second before, as clocks that know none show it.
        return _utc(time[:17] + "59.999999" + _FRACTION.sub("", time[19:])) if time[16:19] == ":60" else None
    if at.year not in USABLE_YEARS or not at.tzinfo:
        return None
    return at if at.tzinfo is UTC else at.astimezone(UTC)
