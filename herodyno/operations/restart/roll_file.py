"""An unfinished rolling restart on disk, so that it can be resumed. The file is written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from herodyno.errors import NotFound, Refused
from herodyno.operations.restart.roll import Item, Roll, Rules
from herodyno.units import json_time


class RollFile:
    """The roll's file in `folder`, one per app. A file that cannot be written is noted once; the roll goes on."""

    def __init__(self, folder: Path, app: str, *, note: Callable[[str], None]) -> None:
        self.app = app
        self.path = folder / f"roll-{app}.json"
        self._note = note
        self._has_noted = False

    def save(self, roll: Roll) -> None:
        """Write the roll over the one in the file."""
        beside = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(roll), default=json_time), encoding="utf-8")
            beside.replace(self.path)
        except OSError as error:
            if not self._has_noted:
                self._note(f"{self.path} cannot be written ({error.strerror}): this roll could not be resumed.")
            self._has_noted = True

    def load(self) -> Roll:
        """The unfinished roll. Raises NotFound when there is none, Refused when the file cannot be read as a roll."""
        try:
            return roll_from(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            raise NotFound(
                f"there is no interrupted rolling restart of {self.app} to resume.",
                next_step=f"Begin one with: herodyno restart TYPE --rolling --app {self.app}",
            ) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Refused(f"{self.path} cannot be read: {error}", next_step="Delete it and begin anew.") from error

    def remove(self) -> None:
        """Delete the file of a finished roll."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other rolls of this app on this machine out; raise Refused when one runs. Ends with the process."""
        try:
            import fcntl
        except ImportError:  # Windows has no such lock
            yield
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = self.path.with_suffix(".lock").open("w", encoding="utf-8")
        except OSError:  # `save` notes that the folder cannot be written
            yield
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Refused(
                    f"another rolling restart of {self.app} runs on this machine; nothing was sent."
                ) from None
            yield

    def exists(self) -> bool:
        """Whether an interrupted roll waits to be resumed."""
        return self.path.exists()


def roll_from(record: dict[str, Any]) -> Roll:
    """The roll in the file's JSON. Raises ValueError, KeyError or TypeError for any other JSON."""
    items = tuple(_timed(Item(**item), "sent_at", "up_at") for item in record["items"])
    roll = Roll(
        app=record["app"],
        rules=Rules(**record["rules"]),
        items=items,
        known_ids=tuple(record["known_ids"]),
        paused_until=record["paused_until"],
    )
    resumed: Roll = _timed(roll, "paused_until")
    return resumed


def _timed(value: Any, *names: str) -> Any:
    times = {name: getattr(value, name) for name in names}
    return replace(value, **{name: time and datetime.fromisoformat(time) for name, time in times.items()})
