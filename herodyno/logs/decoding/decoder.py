"""The one way from bytes to log lines: for a file, a pipe, a log session that grows, and a bundle.

The lines do not depend on the cuts between chunks. A line comes out as soon as the line is whole; only a piece of a
long message, and a platform line that was perhaps wrapped, wait for the next record.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from herodyno.logs.decoding.frames import FRAME_START, PIECE_BYTES, FrameSplitter, Pieces
from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.splitters import LineSplitter, Splitter, SseSplitter
from herodyno.logs.events import LogLine

if TYPE_CHECKING:
    from herodyno.logs.decoding.mending import Mender
    from herodyno.logs.decoding.shapes import Read, Shape

Framing: TypeAlias = Literal["text", "papertrail", "frames", "sse", "json", "ndjson", "csv", "logfmt", "bare", "named"]


class FramingRule(NamedTuple):
    """One framing: how the first line of a stream begins, and what cuts the stream.

    `content_type` is that of such a reply, "" for none. `shape` reads a record that has none of the known heads.
    """

    begins: re.Pattern[bytes]
    splitter: Callable[[], Splitter]
    content_type: str = ""
    shape: Shape | None = None


def _of_document() -> Splitter:
    from herodyno.logs.decoding.json_splitter import JsonSplitter  # few logs are JSON, and start-up counts

    return JsonSplitter()


def _of_rows() -> Splitter:
    from herodyno.logs.decoding.tables import RowSplitter

    return RowSplitter()


def _mender() -> Mender:
    from herodyno.logs.decoding.mending import Mender

    return Mender()


def _object(raw: str) -> Read | None:
    from herodyno.logs.decoding.objects import read_object

    return read_object(raw)


def _row(raw: str) -> Read | None:
    from herodyno.logs.decoding.tables import read_row

    return read_row(raw)


def _named(raw: str) -> Read | None:
    from herodyno.logs.decoding.named import read_named

    return read_named(raw)


_LIST = rb'"(?:events|lines|logs|entries|results)"\s*:\s*\['  # the keys under which tools keep records

# Names of columns, among them that of the message. Commas, semicolons or tabs lie between them.
_HEADING = re.compile(
    rb"\"?(?:[\w@. ]{1,40}\"?[,;\t]\"?){0,40}(?:message|text)\"?(?:[,;\t]\"?[\w@. ]{1,40}\"?){0,40}\Z"
)

# The first rule that fits counts, and text always fits. A stray Papertrail line or frame among text is no matter: the
# reader of lines knows the shapes.
FRAMINGS: dict[Framing, FramingRule] = {
    "frames": FramingRule(FRAME_START, FrameSplitter),
    "sse": FramingRule(re.compile(rb"(?:data|id|event|retry)?:"), SseSplitter, "text/event-stream"),
    "papertrail": FramingRule(
        re.compile(rb"[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d |\d{4,20}\t\d{4}-\d\d-\d\d"),
        LineSplitter,
    ),
    "json": FramingRule(re.compile(rb"\[\s*+(?:\{|\Z)|\{\s*+\Z|\{.*" + _LIST), _of_document, shape=_object),
    "ndjson": FramingRule(re.compile(rb'\{"'), LineSplitter, shape=_object),
    "csv": FramingRule(_HEADING, _of_rows, shape=_row),
    "logfmt": FramingRule(re.compile(rb"time=\S* (?:app=\S* )?(?:source|mark)="), LineSplitter, shape=_row),
    "bare": FramingRule(re.compile(rb"(?:app|heroku)\[[^\]\s]{1,128}\]: "), LineSplitter, shape=_row),
    "named": FramingRule(re.compile(rb"[a-z][a-z0-9-]{1,28}[a-z0-9] \| "), LineSplitter, shape=_named),
    "text": FramingRule(re.compile(b""), LineSplitter, "text/plain"),
}

_OF_TEXT = ("text", "bare", "papertrail")  # lines that people pass on, and that are broken on the way
_ENOUGH = 512
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)  # Windows PowerShell makes UTF-16 of `heroku logs > file`.
_LEAD = re.compile(rb"(?:[\0\r\n]+|%b)*" % BOM_UTF8)
_LAYOUT = b"\0 \t\r\n\v\f"


def sniff(head: bytes, *, is_all: bool = False) -> Framing | None:
    """The framing of a stream by its first bytes; None when more bytes are needed. `is_all`: no more will come."""
    first = without_lead(head)
    if len(first) < _ENOUGH and not is_all and b"\n" not in first:
        return None
    # Not more than the first line, so that the answer does not depend on where the stream was cut.
    start = first.partition(b"\n")[0][:_ENOUGH].strip(b"\t \r")
    return next(framing for framing, rule in FRAMINGS.items() if rule.begins.match(start))


def framing_of(content_type: str) -> Framing | None:
    """The framing of a reply; None when the content type does not say."""
    return next(
        (framing for framing, rule in FRAMINGS.items() if content_type and rule.content_type == content_type), None
    )


class Decoder:
    """The lines of one stream of bytes. `reader` numbers the lines, also through several streams.

    `framing` None: judged by the first bytes. `text` makes the splitter of a stream of text. A record of blanks or
    NULs only (heartbeats) is layout and no line. Every other record is a line, even one in no known shape. Without
    `in_pieces`, each record is a line, however long, and none is mended.
    """

    def __init__(
        self,
        reader: LineReader,
        framing: Framing | None = None,
        *,
        text: Callable[[], Splitter] = LineSplitter,
        in_pieces: bool = True,
    ) -> None:
        self._reader = reader
        self._framing = framing
        self._text = text
        self._in_pieces = in_pieces
        self._head = b""  # while the splitter is not known
        self._splitter: Splitter | None = None
        self._shape: Shape | None = None
        self._utf16: IncrementalDecoder | None = None
        self._pieces = Pieces()
        self._is_mended = False
        self._mender: Mender | None = None

    def feed(self, chunk: bytes) -> list[LogLine]:
        """The lines that the chunk completes."""
        return self._lines(self._mended(self._joined(self._records(chunk, is_all=False)), is_all=False))

    def quiet(self) -> list[LogLine]:
        """The pieces that waited for a next record that does not come."""
        return self._lines(self._mended(self._pieces.flush(), is_all=True))

    def unfinished(self) -> list[LogLine]:
        """The lines that remain at the end of the stream, the last perhaps unfinished."""
        return self._lines(self._mended(self._joined(self._records(b"", is_all=True)), is_all=False)) + self.quiet()

    def _records(self, chunk: bytes, *, is_all: bool) -> list[bytes]:
        if self._utf16:
            chunk = _recoded(self._utf16, chunk, is_all=is_all)
        if self._splitter is None:
            chunk = self._after_lead(chunk, is_all=is_all)
            if self._splitter is None:
                return []
        records = self._splitter.feed(chunk)
        return records + self._splitter.flush() if is_all else records

    def _after_lead(self, chunk: bytes, *, is_all: bool) -> bytes:
        """The first bytes, once they show which splitter to use; b"" before."""
        head = without_lead(self._head + chunk)
        if not self._utf16 and head.startswith(_UTF16):
            self._utf16 = getincrementaldecoder("utf-16")("replace")
            head = without_lead(_recoded(self._utf16, head, is_all=is_all))
        may_be_mark = any(mark.startswith(head) for mark in (BOM_UTF8, *_UTF16))
        framing = None if may_be_mark and not is_all else self._framing or sniff(head, is_all=is_all)
        if framing is None:
            self._head = head
            return b""
        self._splitter = self._text() if framing == "text" else FRAMINGS[framing].splitter()
        self._shape = FRAMINGS[framing].shape
        self._is_mended = self._in_pieces and framing in _OF_TEXT
        self._head = b""
        return head

    def _joined(self, records: list[bytes]) -> list[bytes]:
        are_short = max(map(len, records), default=0) <= PIECE_BYTES
        if not self._in_pieces or (are_short and not self._pieces.held):
            return records
        return [whole for record in records for whole in self._pieces.feed(record)]

    def _mended(self, records: list[bytes], *, is_all: bool) -> list[bytes]:
        if records and self._is_mended:
            self._mender = self._mender or _mender()
            records = self._mender.feed(records)
        return records + self._mender.flush() if is_all and self._mender else records

    def _lines(self, records: list[bytes]) -> list[LogLine]:
        return [self._reader.line(record, self._shape) for record in records if record.strip(_LAYOUT)]


def without_lead(head: bytes) -> bytes:
    """The bytes without the layout and the byte order marks before the first line."""
    lead = _LEAD.match(head)
    return head[lead.end() :] if lead else head


def _recoded(decoder: IncrementalDecoder, chunk: bytes, *, is_all: bool) -> bytes:
    return decoder.decode(chunk, is_all).encode()
