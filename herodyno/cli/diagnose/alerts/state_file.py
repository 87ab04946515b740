"""The state of alerts between two looks, in one file that several processes share: one works on it at a time."""

from __future__ import annotations

import json
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.alerts import AlertState
from herodyno.operations.state_files import locked, make_folder, open_file, read_file, replace_file
from herodyno.render.report.record import record_of, value_of

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """The file. `about` is the app and the API's host: a file of another app is never overwritten."""

    schema: Literal["herodyno.alert-state/1"]
    about: str
    state: AlertState


class StateFile:
    """The state of the alerts about one app. Each function but `prepare` may raise OSError."""

    def __init__(self, path: Path, about: str) -> None:
        self.path, self._about = path, about

    def prepare(self, *, makes_folder: bool) -> None:
        """Raise what would keep a later look from working, before any look is made."""
        if self.path.suffix != ".json":
            raise UsageError(f"--state {self.path} is no name of a state", next_step=f"--state {self.path}.json")
        if not makes_folder and not self.path.parent.is_dir():
            raise NotFound(f"there is no folder {self.path.parent}", next_step=f"mkdir -p {self.path.parent}")
        try:
            if makes_folder:
                make_folder(self.path.parent)
            os.close(open_file(self._lock, os.O_RDWR | os.O_CREAT))
            self.read()
        except OSError as error:
            raise self.unusable("used", error.strerror or str(error)) from None

    def unusable(self, what: str, reason: str) -> Refused:
        """The error before an alert is sent. The lock beside the state is not named: nobody asked for it."""
        return Refused(
            f"the state {self.path} cannot be {what}: {reason}; no alert was sent",
            next_step="name a file in a folder that you can write: --state FILE.json",
        )

    def locked(self) -> AbstractContextManager[None]:
        """Hold the file. Raises BlockingIOError while another process holds it."""
        return locked(self._lock, waits=False)

    def read(self) -> AlertState | None:
        """The state, None where there is none yet. Raises Refused for what is no state, or that of another app."""
        try:
            raw = read_file(self.path)
        except FileNotFoundError:
            return None
        if not raw.strip():
            return None
        try:
            content = value_of(_Content, json.loads(raw[:MOST_BYTES]))
        except (ValueError, RecursionError):
            raise Refused(
                f"{self.path} is no state of alerts; it is left as it is", next_step="choose another file, or remove it"
            ) from None
        if content.about != self._about:
            raise Refused(
                f"{self.path} is the state of {content.about}, not of {self._about}", next_step="give each app its own"
            )
        return content.state

    def write(self, state: AlertState) -> None:
        """Write the file whole, or leave it as it was."""
        content = _Content(schema="herodyno.alert-state/1", about=self._about, state=state)
        replace_file(self.path, json.dumps(record_of(content), indent=1).encode() + b"\n")

    @property
    def _lock(self) -> Path:
        return self.path.with_suffix(".lock")
