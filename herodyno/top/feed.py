"""What the live view asks of the rest of herodyno: the newest view, lines of a dyno, commands typed for a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from herodyno.dynos import Dyno
from herodyno.top.view import View

Ask = Callable[[str], str]


class Feed(Protocol):
    """Answers at once, from what threads have made ready."""

    def view(self) -> View:
        """The newest view. Raises the error that ends the live view: a lost login, an app that is gone."""

    def lines(self, dyno: str, most: int) -> Sequence[str]:
        """The newest lines of a dyno and of the router about it, cleaned, oldest first."""

    def look_soon(self) -> None:
        """Something was changed: ask the API without waiting for the next look."""


class Done(NamedTuple):
    """A command that has ended: its exit code and what it said."""

    code: int
    said: tuple[str, ...]


class Commands(Protocol):
    """Runs commands of herodyno as if they had been typed, with their own confirmations."""

    def restart(self, dyno: Dyno) -> list[str]:
        """The words of the command that restarts this incarnation."""

    def stop(self, dyno: Dyno) -> list[str]:
        """The words of the command that stops this incarnation."""

    def run(self, words: Sequence[str], ask: Ask) -> Done:
        """Run the command once, in a thread of the caller. `ask` puts its question to the person."""
