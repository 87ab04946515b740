"""An unfinished rolling restart on disk, so that it can be resumed. The file is written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from herodyno.errors import NotFound, Refused
from herodyno.operations.restart.roll import Item, OnError, Phase, Roll, Rules
from herodyno.operations.state_files import locked, make_folder, read_file, replace_file
from herodyno.units import json_time

T = TypeVar("T", Rules, Item)
_ANEW = "Delete it and begin anew."


class RollFile:
    """The roll's file in `folder`, one per app. A file that cannot be written is noted once; the roll goes on."""

    def __init__(self, folder: Path, app: str, *, note: Callable[[str], None]) -> None:
        self.app = app
        self.path = folder / f"roll-{app}.json"
        self._note = note
        self._has_noted = False

    def save(self, roll: Roll) -> None:
        """Write the roll over the one in the file."""
        try:
            make_folder(self.path.parent)
            replace_file(self.path, json.dumps(asdict(roll), default=json_time).encode())
        except OSError as error:
            if not self._has_noted:
                self._note(
                    f"{self.path} cannot be written ({error.strerror or error}): this roll could not be resumed."
                )
            self._has_noted = True

    def load(self) -> Roll:
        """The unfinished roll.

        Raises NotFound when there is none, Refused when the file cannot be read as a roll, or is one of another app.
        """
        try:
            roll = roll_from(json.loads(read_file(self.path)))
        except FileNotFoundError as error:
            raise NotFound(
                f"there is no interrupted rolling restart of {self.app} to resume.",
                next_step=f"Begin one with: herodyno restart TYPE --rolling --app {self.app}",
            ) from error
        except OSError as error:
            raise Refused(f"{self.path} cannot be read: {error.strerror or error}", next_step=_ANEW) from error
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            why = str(error) or type(error).__name__
            raise Refused(f"{self.path} cannot be read as a roll: {why}", next_step=_ANEW) from error
        if roll.app != self.app:
            raise Refused(f"{self.path} is a roll of {roll.app}, not of {self.app}; nothing was sent.", next_step=_ANEW)
        return roll

    def remove(self) -> None:
        """Delete the file of a finished roll."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other rolls of this app on this machine out; raise Refused when one runs. Ends with the process."""
        with ExitStack() as stack:
            try:
                make_folder(self.path.parent)
                stack.enter_context(locked(self.path.with_suffix(".lock"), waits=False))
            except BlockingIOError:
                raise Refused(
                    f"another rolling restart of {self.app} runs on this machine; nothing was sent."
                ) from None
            except OSError:
                pass  # `save` notes that the folder cannot be written
            yield

    def exists(self) -> bool:
        """Whether an interrupted roll waits to be resumed."""
        return self.path.exists()


def roll_from(record: dict[str, Any]) -> Roll:
    """The roll in the file's JSON. Raises ValueError, KeyError, TypeError or AttributeError for any other JSON."""
    return Roll(
        app=_text(record["app"]),
        rules=_made(Rules, record["rules"]),
        items=tuple(_made(Item, item) for item in record["items"]),
        known_ids=tuple(_text(each) for each in record["known_ids"]),
        paused_until=_time_or_none(record["paused_until"]),
    )


def _made(kind: type[T], record: dict[str, Any]) -> T:
    types = {each.name: str(each.type) for each in fields(kind)}
    return kind(**{name: _READERS[types[name]](value) for name, value in record.items()})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _number(value: object) -> float:
    # Beyond a hundred years of seconds it is none of ours.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 3e9:
        raise ValueError(f"{value!r} is no number of a roll")
    return value


def _batch(value: object) -> int:
    if not isinstance(value, int) or not 1 <= value < 100_000:
        raise ValueError(f"{value!r} is no batch")
    return int(value)


def _time(value: object) -> datetime:
    at = datetime.fromisoformat(_text(value))
    if not 2000 < at.year < 3000:
        raise ValueError(f"{value!r} is no time of a roll")
    return at.astimezone(UTC)


def _one_of(words: object) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in get_args(words):
            raise ValueError(f"{value!r} is none of {', '.join(get_args(words))}")
        return str(value)

    return read


def _or_none(read: Callable[[object], object]) -> Callable[[object], Any]:
    return lambda value: None if value is None else read(value)


_time_or_none = _or_none(_time)
# By the annotation of a field of Rules or Item.
_READERS: dict[str, Callable[[object], Any]] = {
    "str": _text,
    "bool": _flag,
    "int": _batch,
    "float": _number,
    "float | None": _or_none(_number),
    "datetime | None": _time_or_none,
    "Phase": _one_of(Phase),
    "OnError": _one_of(OnError),
}
