"""Secrets that go over several lines of a log: private keys, and values that a column or a mail program cut in two.

The lines of one log are redacted in their order. What is remembered is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from herodyno.diagnosis.report.secret_forms import BEGINS_KEY, ENDS_KEY, REDACTED, TOKEN
from herodyno.logs.events import LogLine

# A private key of 8,192 bits has 101 lines.
_MOST_KEY_LINES = 128
_MOST_SPEAKERS = 1000
# A line that was cut at a column goes on for few lines. A text of many lines was not cut.
_MOST_CUTS = 16
# As much of a line's end as a name and the beginning of its value take.
_TAIL = 256
_WITHOUT_WORDS = re.compile(r"\s*[\"']?[A-Za-z0-9+/]{1,128}={0,2}(?:\\n|\\r)*[\"'+,\\ ]*\s*")
_LONG_BODY = re.compile(r"[A-Za-z0-9+/]{40,128}={0,2}(?=[\"'\\]|\s|\Z)")
# A head of Heroku's own holds no word of the app.
_PLAIN_HEAD = re.compile(r"[\dT:.+Z -]{0,40}(?:app|heroku)\[[\w.-]{1,64}\]: ?")


class LineRedactor:
    """Redacts the lines of one log. `clean` redacts a text that stands alone."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean
        self._key_lines: dict[tuple[str, str], int] = {}  # speaker -> how many lines of a private key may still come
        self._in_body: set[tuple[str, str]] = set()  # speakers of whose key a line was seen
        self._speaker = ("", "")
        self._tail = ""
        self._cuts = 0

    @property
    def is_in_key(self) -> bool:
        """Whether lines of a private key may still come."""
        return bool(self._key_lines)

    def __call__(self, line: LogLine) -> LogLine:
        """The line with `text` and `raw` redacted."""
        has_head = bool(line.source or line.proc)
        if has_head:
            self._speaker = (line.source, line.proc)
        text = self._without_key(line.text)
        goes_on = text is line.text and not has_head and self._tail
        text = self._continued(text) if goes_on else self._clean(text)
        # A text in no known shape, without any head before it, was not cut by a column.
        self._cuts = 0 if has_head else self._cuts + 1
        begun = "" if has_head else self._tail
        is_open = has_head or (begun and self._cuts < _MOST_CUTS)
        self._tail = f"{begun}{line.text[-_TAIL:]}"[-_TAIL:] if is_open else ""
        return line._replace(text=text, raw=self._raw(line, text))

    def _raw(self, line: LogLine, text: str) -> str:
        raw = line.raw
        if raw.endswith(line.text):
            head = raw[: len(raw) - len(line.text)]
            return (head if not head or _PLAIN_HEAD.fullmatch(head) else self._clean(head)) + text
        if line.text and text == REDACTED:
            raw = raw.replace(line.text, REDACTED)
        return self._clean(raw)

    def _without_key(self, text: str) -> str:
        """The text without its part of a private key; the text itself where it has none."""
        if not self._key_lines and "BEGIN" not in text:
            return text
        left = self._key_lines.pop(self._speaker, 0)
        if left:
            if end := ENDS_KEY.search(text):
                self._in_body.discard(self._speaker)
                return self._without_key(REDACTED + text[end.end() :])
            text = self._without_body(text)
            if left > 1:
                self._key_lines[self._speaker] = left - 1
            else:
                self._in_body.discard(self._speaker)
            return text
        begins = [found.end() for found in BEGINS_KEY.finditer(text)]
        if begins and not ENDS_KEY.search(text, begins[-1]):
            if len(self._key_lines) >= _MOST_SPEAKERS:
                oldest = next(iter(self._key_lines))
                del self._key_lines[oldest]
                self._in_body.discard(oldest)
            self._key_lines[self._speaker] = _MOST_KEY_LINES
            self._in_body.discard(self._speaker)
        return text

    def _without_body(self, text: str) -> str:
        """A short line is the end of a key's body where long ones came before. Elsewhere it is a word of the app."""
        shorter = _LONG_BODY.sub(REDACTED, text)
        if shorter != text:
            self._in_body.add(self._speaker)
        elif self._speaker in self._in_body and _WITHOUT_WORDS.fullmatch(text):
            return REDACTED
        return shorter

    def _continued(self, text: str) -> str:
        """A line without a head, redacted as what it is: the rest of the line before."""
        before = self._clean(self._tail)
        both = self._clean(self._tail + text)
        if not both.startswith(before):
            return self._clean(text)
        rest = both[len(before) :]
        if rest == text:
            return self._clean(text)
        return REDACTED + rest if before.endswith((REDACTED, TOKEN)) else rest
