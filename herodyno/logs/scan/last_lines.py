"""The last few lines that each app process wrote in a block: after an exit they are often all that says why."""

from __future__ import annotations

from herodyno.logs.parsing.chatter import is_chatter
from herodyno.logs.scan.columns import LastLine, PlainLines

# Lines kept of each name.
LAST_LINES = 3
# Bytes kept of a line. A character of UTF-8 has at most four bytes.
LONGEST_TEXT = 1600


def last_lines(plain: PlainLines) -> dict[bytes, list[LastLine]]:
    """The newest lines of each name among lines in order of time, blank lines and chatter left out, newest first."""
    found: dict[bytes, list[LastLine]] = {name: [] for name in set(plain.names)}
    open_names = set(found)
    for stamp, name, number, line in zip(*(reversed(column) for column in plain), strict=True):
        if name not in open_names:
            continue
        text = line.partition(b"]: ")[2].strip()[:LONGEST_TEXT]
        if not text or is_chatter(text.decode("utf-8", "replace")):
            continue
        found[name].append(LastLine(stamp, number, text))
        if len(found[name]) == LAST_LINES:
            open_names.remove(name)
            if not open_names:
                break
    return found
