"""The one place that sends writes: each at most once, noted in the journal before and after.

When the answer to a write is lost, the app's state is read and reported. The write is never repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Literal

from herodyno.dynos import Release, names_with_ids, rolled_back_to
from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotFound,
    PlatformFailed,
    Refused,
    Unreachable,
    WriteUnclear,
)
from herodyno.heroku.api.platform import Platform
from herodyno.heroku_facts import LEAVES_LIST_SECONDS
from herodyno.operations.actor import NOBODY, Actor
from herodyno.operations.journal import Journal, JournalEntry, new_key
from herodyno.operations.writes import Write

# Ours. The last read comes later than Heroku takes to drop a restarted dyno from its list.
SECONDS_BETWEEN_READS = 2.0
READS_AFTER_A_LOST_ANSWER = 2 + ceil(LEAVES_LIST_SECONDS[1] / SECONDS_BETWEEN_READS)

Outcome = Literal["planned", "done", "seen", "unclear"]

# The errors after which a write may have happened.
LOST_ANSWERS = (WriteUnclear, BadReply, PlatformFailed)

# Where a write shows, and the command that shows it. Restarts and stops show in the list of dynos.
_LOOKS = {"scale": ("formation", "scale"), "rollback": ("list of releases", "releases")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a write.

    `outcome`: planned (--dry-run), done, seen (the answer was lost, and the app's state shows the write done), or
    unclear (no answer came, and it may have happened; of several apps only).
    `request_id` is Heroku's Request-Id, "" where there is none. `release` is the version that a rollback made, None
    when its answer was lost and for every other write.
    """

    write: Write
    outcome: Outcome
    request_id: str = ""
    release: int | None = None


class Executor:
    """Sends the writes of one command. `note` gets each sentence that a person should read meanwhile.

    `limits` are flags that count what the journal holds ("--max-per-hour"): with them nothing is sent without it.
    """

    def __init__(
        self,
        platform: Platform,
        journal: Journal,
        *,
        now: Callable[[], datetime],
        note: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
        dry_run: bool = False,
        read_only: bool = False,
        actor: Actor = NOBODY,
    ) -> None:
        self.platform = platform
        self.journal = journal
        self.now = now
        self.note = note
        self.sleep = sleep
        self.dry_run = dry_run
        self.read_only = read_only
        self.actor = actor
        self.limits: Sequence[str] = ()

    def send(self, write: Write) -> Sent:
        """Send the write once.

        Raises Refused for a read-only executor, and every error of the API. WriteUnclear, BadReply and PlatformFailed
        are raised only when the app's state does not show the write done. NotFound for a dyno means that it is gone.
        """
        if self.dry_run:
            return Sent(write=write, outcome="planned")
        if self.read_only:
            raise Refused(
                f"read-only: {write} was not sent.", next_step="Leave out --read-only, or unset HERODYNO_READ_ONLY."
            )
        key = self.intend(
            verb=write.verb, app=write.app, call=str(write), before=write.before, after=write.after, undo=write.undo
        )
        try:
            release = self._call(write)
        except LOST_ANSWERS as error:
            if self._shows_done(write):
                self.note(f"The answer was lost ({error.message}); a look at the app shows that it was done.")
                self.settle(key, "seen")
                return Sent(write=write, outcome="seen")
            self.settle(key, "unclear")
            raise _unclear(error, write) from error
        except HerodynoError as error:
            self.settle(key, outcome_of(error), request_id=self.platform.last_request_id)
            if isinstance(error, NotFound) and write.dyno:
                raise _gone(error, write) from error
            raise
        request_id = self.platform.last_request_id
        # Only a release names the account that made it.
        self.settle(key, "done", request_id=request_id, account=release.user if release else "")
        return Sent(write=write, outcome="done", request_id=request_id, release=release.version if release else None)

    def _call(self, write: Write) -> Release | None:
        """Send the write. Returns the release that it made, or None."""
        if write.target is not None:
            return self.platform.roll_back(write.app, write.target.id)
        if write.verb == "scale":
            self.platform.scale(write.app, write.updates)
        elif write.verb == "restart":
            self.platform.restart(write.app, type=write.type, dyno=write.dyno)
        else:
            self.platform.stop(write.app, type=write.type, dyno=write.dyno)
        return None

    def _shows_done(self, write: Write) -> bool:
        for number in range(READS_AFTER_A_LOST_ANSWER):
            if number:
                self.sleep(SECONDS_BETWEEN_READS)
            try:
                if _shows(write, self.platform):
                    return True
            except HerodynoError as error:
                self.note(f"Looking whether it was done failed too: {error.message}")
                return False
        return False

    def intend(
        self,
        *,
        verb: str,
        app: str,
        call: str,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
        undo: tuple[str, ...] = (),
    ) -> str:
        """Note a write that is about to be sent. Returns the key for its outcome. Raises Refused for limits."""
        entry = JournalEntry(
            key=new_key(), at=self.now(), app=app, verb=verb, call=call, before=before, after=after, undo=undo,
            actor=self.actor, is_rehearsal=self.platform.in_sandbox,
        )  # fmt: skip
        try:
            self.journal.intend(entry)
        except OSError as error:
            if self.limits:
                raise cannot_count(self.journal, error, self.limits) from None
            self.note(f"The journal cannot be written ({error.strerror or error}); going on without it.")
        return entry.key

    def settle(
        self, key: str, outcome: str, *, request_id: str = "", account: str = "", after: Sequence[str] = ()
    ) -> None:
        """Note the outcome of the write with this key, and what only the answer tells."""
        with suppress(OSError):  # `intend` has already noted that the journal cannot be written
            self.journal.settle(key, outcome, request_id=request_id, account=account, after=after)


def outcome_of(error: HerodynoError) -> str:
    """The journal's word for an error that is no lost answer."""
    return "not sent" if isinstance(error, Unreachable) else "refused"


def cannot_count(journal: Journal, error: OSError, limits: Sequence[str]) -> Refused:
    """The error for limits that need a journal which cannot be used."""
    return Refused(
        f"{journal.path} cannot be used ({error.strerror or error}), so {' and '.join(limits)} cannot be counted;"
        " nothing was sent.",
        next_step=f"Make {journal.path.parent} writable, or leave out {' and '.join(limits)}.",
    )


def _shows(write: Write, platform: Platform) -> bool:
    """Whether the app's state shows the whole write done. Of several dynos none may be left."""
    if write.target is not None:
        newer = [each for each in platform.releases(write.app) if each.version > write.newest]
        return any(rolled_back_to(each) == write.target.version for each in newer)
    if write.verb == "scale":
        current = {each.type: (each.quantity, each.size.casefold()) for each in platform.formation(write.app)}
        return all(current.get(each.type) == (each.quantity_after, each.size_after.casefold()) for each in write.types)
    ids = {dyno.id for dyno in platform.dynos(write.app)}
    return bool(write.dynos) and not any(dyno.id in ids for dyno in write.dynos)


def _gone(error: HerodynoError, write: Write) -> NotFound:
    """The error for a dyno id that Heroku does not know (any more).

    The list of dynos may still have the id, and the name is another dyno's by now: nothing else is tried.
    """
    what = ", ".join(names_with_ids(write.dynos)) or write.dyno
    message = f"{what} is gone: it was restarted or ended meanwhile; nothing was done. Heroku says: {error.message}"
    return NotFound(message, next_step=f"See what runs now: herodyno ps --app {write.app}")


def _unclear(error: HerodynoError, write: Write) -> HerodynoError:
    where, command = _LOOKS.get(write.verb, ("list of dynos", "ps"))
    seen = f"the {where} does not show it so far, but it may still happen"
    message = f"{error.message.removesuffix('.')}. It was sent once and not repeated; {seen}."
    return type(error)(message, next_step=f"Look before you repeat it: herodyno {command} --app {write.app}")
