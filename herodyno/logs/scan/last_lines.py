"""The last few lines that each app process wrote in a block: after an exit they are often all that says why."""

from __future__ import annotations

from herodyno.logs.parsing.chatter import is_chatter
from herodyno.logs.scan.columns import LastLine
from herodyno.logs.scan.unmatched import Rows

# Lines kept of each name.
LAST_LINES = 3
# Bytes kept of a line. A character of UTF-8 has at most four bytes.
LONGEST_TEXT = 1600


def last_lines(rows: Rows) -> dict[bytes, list[LastLine]]:
    """The newest lines of each name among an app's rows, blank lines and chatter left out, newest first."""
    stamps, speakers = rows.stamps, rows.speakers
    found: dict[bytes, list[LastLine]] = {name: [] for name in set(speakers) if name is not None}
    open_names = set(found)
    if not open_names:
        return found
    order = range(len(rows))
    for place in reversed(order if stamps == sorted(stamps) else sorted(order, key=stamps.__getitem__)):
        speaker = speakers[place]
        if speaker not in open_names:
            continue
        assert speaker is not None
        text = rows.line(place).partition(b"]: ")[2].strip()[:LONGEST_TEXT]
        if not text or is_chatter(text.decode("utf-8", "replace")):
            continue
        found[speaker].append(LastLine(stamps[place], rows.numbers[place], text))
        if len(found[speaker]) == LAST_LINES:
            open_names.remove(speaker)
            if not open_names:
                break
    return found
