"""The newest lines of each app process that came as rows are kept until the segment of the process ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from herodyno.logs.scan.columns import LastLine
from herodyno.logs.scan.held import HeldLines, WaitingLines
from herodyno.logs.scan.last_lines import LAST_LINES


class PendingLastLines:
    """The newest lines of each name: as lists, or inside the compiled part."""

    def __init__(self) -> None:
        self._kept: dict[bytes, list[LastLine]] = {}
        self._waiting: WaitingLines | None = None

    def add(self, lines: Mapping[bytes, list[LastLine]]) -> None:
        """Keep lines, if they are among the newest."""
        for name, more in lines.items():
            self._keep(name, more)

    def add_held(self, held: HeldLines) -> None:
        """Keep lines that the compiled part holds."""
        if waiting := held.wait():
            self._waiting = waiting
        else:
            self.add(held.last_lines())

    def taken(self, is_wanted: Callable[[bytes], bool]) -> Iterator[tuple[bytes, LastLine]]:
        """Take all lines, as (name, line); those of wanted names come out."""
        waiting, self._waiting = self._waiting, None
        for name, line in waiting.take_lists() if waiting else ():
            self._keep(name, [line])
        kept, self._kept = self._kept, {}
        for name in filter(is_wanted, kept):
            for line in kept[name]:
                yield name, line

    def _keep(self, name: bytes, lines: Iterable[LastLine]) -> None:
        self._kept[name] = sorted([*self._kept.get(name, ()), *lines])[-LAST_LINES:]
