"""A command that writes down each alert, as a hook for a chat would send it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.schemas import valid


class Chat:
    """`hook` is the command. Each alert it got is a line of a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.hook = folder / "hook.sh"
        self.does("")

    def does(self, more: str) -> None:
        """Let the command do something more, once it has written the alert down."""
        self.hook.write_text(
            f"#!/bin/sh\ncd '{self._folder}' && cat >> told.jsonl && env > all\n"
            f"sed -n 's/^HERODYNO_ALERT_//p' all > environ\n{more}\n"
        )
        self.hook.chmod(0o700)

    @property
    def told(self) -> list[Any]:
        """The alerts, each valid by its schema as the diagnosis in it is."""
        path = self._folder / "told.jsonl"
        alerts = [valid(text) for text in path.read_text().splitlines()] if path.exists() else []
        for alert in alerts:
            valid(json.dumps(alert["diagnosis"]))
        return alerts

    def environ(self, name: str = "environ") -> dict[str, str]:
        """The facts in the environment of the last run, or "all" of it."""
        pairs = (text.partition("=") for text in (self._folder / name).read_text().splitlines())
        return {key: value for key, _, value in pairs}
