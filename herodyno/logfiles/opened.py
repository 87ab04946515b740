"""Log files on disk and standard input, packed or not, as one stream of lines in the order of time."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from io import SEEK_END
from itertools import chain
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO

from herodyno.errors import NotFound, Refused
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logfiles.packed import is_damage, unpacked_from
from herodyno.logfiles.truncated import LONGEST_TAIL, say, whole_lines, with_end_judged
from herodyno.logs.decoding.decoder import sniff
from herodyno.logs.decoding.lines import Year
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.decoding.splitters import LineSplitter, Splitter
from herodyno.logs.events import LogLine
from herodyno.logs.scan.blocks import is_text
from herodyno.units import count

# Bytes of a plain file that are read, and counted, at once. Less costs more per byte, more costs memory.
CHUNK = 1 << 19
KEPT_IN_MEMORY = 8 << 20
STDIN = "-"
LAST = datetime.max.replace(tzinfo=UTC)


class Logs:
    """Several logs ("-" is stdin), the log that begins earliest first, with line numbers that go on from log to log.

    The logs can be read more than once. Files are opened again. Standard input and named pipes cannot be rewound, so
    their bytes are kept until the logs are closed, in a temporary file when there are many. With `once` nothing is
    kept, and bytes from a pipe come out without delay. Reading raises NotFound, Refused or ExtraMissing, naming the
    file. `year` is for timestamps without a year. `note` is called once for each
    log that ends early, within a line, or is damaged.
    """

    def __init__(
        self, names: Sequence[str], *, year: Year, once: bool = False, note: Callable[[str], object] = say
    ) -> None:
        self.names = names
        self.year = year
        self.once = once
        self._note = note
        self._kept: dict[str, IO[bytes]] = {}
        self._truncated: set[str] = set()

    def __enter__(self) -> Logs:
        return self

    def __exit__(self, *_: object) -> None:
        for kept in self._kept.values():
            kept.close()

    def lines(self, text: Callable[[], Splitter] = LineSplitter) -> Iterable[LogLine]:
        """The lines. `text` makes the splitter of a log of text."""
        logs = [_with_start(read_lines(self.chunks(name), year=self.year, text=text)) for name in self.names]
        lines: Iterable[LogLine] = chain.from_iterable(log for _, log in sorted(logs, key=lambda log: log[0]))
        if len(self.names) > 1:
            lines = (line._replace(number=number) for number, line in enumerate(lines, start=1))
        return lines

    def text_names(self) -> list[str] | None:
        """The names of the logs, the one that begins earliest first; None unless all are lines of text."""
        if not all(is_text(_head(self.chunks(name))) for name in self.names):
            return None
        return list(self.names) if len(self.names) == 1 else [name for name, _ in self.starts()]

    def starts(self) -> list[tuple[str, datetime]]:
        """The names of the logs and when each begins, the earliest first. A log without times begins last."""
        return sorted(((name, self._start(name)) for name in self.names), key=lambda each: each[1])

    def _start(self, name: str) -> datetime:
        return _with_start(read_lines(self.chunks(name), year=self.year))[0]

    def is_file(self, name: str) -> bool:
        """Whether a log can be opened again by its name."""
        return name != STDIN and name not in self._kept

    def path(self, name: str) -> str | None:
        """A path by which another process, too, opens a log; None where there is none, as for a pipe not yet read."""
        if self.is_file(name):
            return name
        kept = self._kept.get(name)
        if kept is None or kept.seek(0, SEEK_END) <= KEPT_IN_MEMORY:
            return None
        path = f"/proc/{os.getpid()}/fd/{kept.fileno()}"  # the temporary file has no name; only Linux has this one
        try:
            # In a container /proc may be of others: then this is the file of another process, or none of ours.
            is_own = os.path.samestat(Path(path).stat(), os.fstat(kept.fileno()))
        except OSError:
            return None
        return path if is_own else None

    def is_packed(self, name: str) -> bool:
        """Whether a log is packed."""
        with self._open(name) as packed:
            return unpacked_from(name, packed) is not None

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of one log. The first bytes say how the log is packed, not the name."""
        try:
            with self._open(name) as packed:
                unpacked = unpacked_from(name, packed)
                if unpacked is not None:
                    yield from whole_lines(unpacked, partial(self._note_truncated, name), is_damage)
                    return
                read = packed.read1 if self.once else packed.read  # type: ignore[attr-defined] # a pipe has it
                yield from with_end_judged(
                    iter(partial(read, CHUNK), b""), partial(self._note_end, name, "ends within a line")
                )
        except FileNotFoundError:
            raise NotFound(
                f"there is no file {name}",
                next_step=f"make one: heroku logs --num {LOG_BUFFER_LINES} --app example-app > {shlex.quote(name)}",
            ) from None
        except Exception as error:
            if not (isinstance(error, (OSError, EOFError)) or is_damage(error)):
                raise
            raise Refused(f"{name} cannot be read to its end: {_reason(error)}") from None

    def judge_end(self, name: str) -> None:
        """Note whether a file that is not packed ends within a line; for those who read it in parts."""
        with self._open(name) as file:
            file.seek(max(0, file.seek(0, SEEK_END) - LONGEST_TAIL))
            for _ in with_end_judged([file.read()], partial(self._note_end, name, "ends within a line")):
                pass

    def _note_truncated(self, name: str, lines: int, how: str) -> None:
        self._note_end(name, f"{how}: {count(lines, 'line')} read")

    def _note_end(self, name: str, how: str) -> None:
        if name not in self._truncated:
            self._truncated.add(name)
            self._note(f"{'standard input' if name == STDIN else name} {how}")

    def _open(self, name: str) -> AbstractContextManager[IO[bytes]]:
        if name in self._kept:
            self._kept[name].seek(0)
            return nullcontext(self._kept[name])
        stream = sys.stdin.buffer if name == STDIN else Path(name).open("rb")  # noqa: SIM115 - closed by the caller
        if self.once or (name != STDIN and stream.seekable()):
            return stream
        self._kept[name] = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - closed with the logs
        with stream:
            copyfileobj(stream, self._kept[name])
        return self._open(name)


def _head(chunks: Iterator[bytes]) -> bytes:
    """The first bytes, enough of them to know the framing. A first chunk may be too short."""
    head = b""
    for chunk in chunks:
        head += chunk
        if sniff(head):
            break
    return head


def _with_start(lines: Iterator[LogLine]) -> tuple[datetime, Iterable[LogLine]]:
    """When a log begins, and the whole log. LAST for a log without a time in its first 100 lines."""
    head = []
    for line in lines:
        head.append(line)
        if line.at is not None or len(head) > 100:
            break
    first = next((line.at for line in head if line.at is not None), LAST)
    return first, chain(head, lines)


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)
