"""Several fields of each line, and which of them no line has had so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from herodyno.logs.events import LogLine
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.fields import missing_fields_note, reader_of

# The names of an app's pairs and of the keys of its JSON.
_NAME = re.compile(r'([A-Za-z_][\w.-]{0,63})=|"([A-Za-z_][\w.-]{0,63})" ?:', re.ASCII)
_LINES_FOR_NAMES = 2_000  # lines whose names are remembered; ours


class MissingFields:
    """The fields that no line has had so far, and the names that lines have instead."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = dict.fromkeys(names)
        self._met: set[str] = set()
        self._lines = 0

    def __bool__(self) -> bool:
        return bool(self._names)

    def meet(self, names: Iterable[str]) -> None:
        """Some line had these fields."""
        for name in names:
            self._names.pop(name, None)

    def learn(self, text: str) -> None:
        """Remember the names in the text of a line."""
        if self._names and self._lines < _LINES_FOR_NAMES:
            self._lines += 1
            self._met.update(pair or key for pair, key in _NAME.findall(text))

    @property
    def note(self) -> str:
        """What is said of them at the end, "" when there are none."""
        return missing_fields_note(self._names, self._met)


class FieldReader:
    """Reads the fields of a line, in their order: their texts, None for a field that the line has not."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.missing = MissingFields(names)
        self._readers = [reader_of(name) for name in names]

    def __call__(self, line: LogLine) -> list[str | None]:
        event = event_of(line)
        texts = [read(event) or None for read in self._readers]
        if self.missing:
            self.missing.meet(name for name, text in zip(self.names, texts, strict=True) if text)
        return texts
