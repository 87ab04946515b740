"""Frames of a drain as tests make them."""

from __future__ import annotations

from herodyno.archive.records import Frame
from tests.diagnosis.reading import NOON, stamp


def frame(number: int, *texts: str, at: float = 0.0) -> Frame:
    """A frame of Logplex with these messages of web.1, received so many seconds after noon."""
    body = "".join(
        f"{len(text.encode())} {text}" for text in (f"<190>1 {stamp(at)} host app web.1 - {each}\n" for each in texts)
    )
    us = round((NOON.timestamp() + at) * 1e6)
    return Frame(us, "example-app", "d.1", f"{number:032x}", body.encode(), messages=len(texts))
