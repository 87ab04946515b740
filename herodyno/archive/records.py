"""A file of the journal as bytes: frames as records, each of them whole or not there.

A file begins with MAGIC and a mark of 8 random bytes. A record is: the mark, the number of bytes that follow the
checksum, their CRC-32, then a length, the fields as JSON, and the body. No sender knows the mark, so that bytes in a
body are never taken for a record.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct
from typing import BinaryIO, NamedTuple
from zlib import crc32

MAGIC = b"herodyno.journal/1\n"
LOGS, METRICS, TRACES = "otlp-logs", "otlp-metrics", "otlp-traces"  # the origins of requests of OTLP

_MARK_BYTES = 8
HEAD_BYTES = len(MAGIC) + _MARK_BYTES
_LENGTHS = Struct(">II")  # bytes behind the checksum, checksum
_FIELDS = Struct(">H")  # bytes of the fields


class Frame(NamedTuple):
    """One request of a drain, as it came.

    `received_us` is the receiver's time in microseconds since 1970. `app` is the app's name, "" when neither the
    address nor the drain tells. `drain` is the drain's token ("d.…"), or its name here where Heroku sends no token.
    `frame_id` is the sender's id, the same in each repetition; "" where a sender has none. `origin` is "logplex",
    "shuttle", or one of OTLP's. `messages` is how many messages the sender counted, `dropped` how many its headers say
    that it lost before; both 0 where they do not say. An L10 of Logplex stands in the body.
    """

    received_us: int
    app: str
    drain: str
    frame_id: str
    body: bytes
    origin: str = "logplex"
    messages: int = 0
    dropped: int = 0


def new_mark() -> bytes:
    """The mark of a new file."""
    return os.urandom(_MARK_BYTES)


def head_of(mark: bytes) -> bytes:
    """The first bytes of a file with this mark."""
    return MAGIC + mark


def record(mark: bytes, frame: Frame) -> bytes:
    """The frame as a record."""
    fields = frame._asdict()
    body: bytes = fields.pop("body")
    text = json.dumps(fields, separators=(",", ":")).encode()
    head = _FIELDS.pack(len(text)) + text
    lengths = _LENGTHS.pack(len(head) + len(body), crc32(body, crc32(head)))
    return b"".join((mark, lengths, head, body))


def records(data: bytes | mmap.mmap) -> Iterator[tuple[int, int, Frame]]:
    """Where each whole record begins, where it ends, its frame. Behind damage the next mark is looked for."""
    if data[: len(MAGIC)] != MAGIC or len(data) <= HEAD_BYTES:
        return
    mark = data[len(MAGIC) : HEAD_BYTES]
    at = HEAD_BYTES
    while (at := data.find(mark, at)) >= 0:
        start = at + _MARK_BYTES + _LENGTHS.size
        if start > len(data):
            return
        length, checksum = _LENGTHS.unpack(data[at + _MARK_BYTES : start])
        payload = data[start : start + length]
        if len(payload) < max(length, _FIELDS.size) or crc32(payload) != checksum:
            at += 1
            continue
        body = _FIELDS.size + _FIELDS.unpack_from(payload)[0]
        yield at, start + length, Frame(**json.loads(payload[_FIELDS.size : body]), body=payload[body:])
        at = start + length


@contextmanager
def mapped(file: BinaryIO) -> Iterator[bytes | mmap.mmap]:
    """The bytes of the file, which need no memory."""
    if not os.fstat(file.fileno()).st_size:  # mmap takes no empty file
        yield b""
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data
