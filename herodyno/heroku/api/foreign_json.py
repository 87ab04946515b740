"""JSON that others wrote: bounded in bytes, in values and in depth before anything is made of it."""

from __future__ import annotations

import json
from typing import Any

MOST_BYTES = 4 << 20
# Objects and lists together. A dyno has two, a release three; each takes a hundred times its bytes of memory.
MOST_PARTS = 50_000


def read_json(data: bytes) -> Any:
    """The value. Raises ValueError, with the reason, for what is no JSON and for what is too large or too deep."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES >> 20} MB")
    if data.count(b"{") + data.count(b"[") > MOST_PARTS:
        raise ValueError(f"it has more than {MOST_PARTS:,} objects and lists")
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
