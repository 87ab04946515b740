"""Add and remove a drain of an app at Heroku: noted in the journal, sent once, looked up when the answer is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from herodyno.dynos import App, LogDrain
from herodyno.errors import (
    BadReply,
    HerodynoError,
    NotFound,
    PlatformFailed,
    Refused,
    RefusedByHeroku,
    UsageError,
    WriteUnclear,
)
from herodyno.heroku.api.drain_calls import DrainAddress, DrainCalls, added, removed
from herodyno.operations.executor import Executor, outcome_of


class DrainCall(NamedTuple):
    """A call that changes the drains of an app, as it may be shown: without a password."""

    method: str
    path: str
    body: dict[str, object] | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}" + (f" {json.dumps(self.body)}" if self.body else "")


def add_call(app: App, address: DrainAddress) -> DrainCall:
    """The call that adds a drain."""
    return DrainCall(*added(app, DrainAddress(address.url, address.user)))


def remove_call(app: App, drain: LogDrain) -> DrainCall:
    """The call that removes a drain."""
    return DrainCall(*removed(app, drain))


def require_new(app: App, drains: Sequence[LogDrain], address: DrainAddress) -> None:
    """Raise Refused when the app has a drain to this place: each line would come, and count, twice."""
    for drain in drains:
        if address.is_that_of(drain.url):
            raise Refused(
                f"{app.name} has a drain to {drain.place} already ({drain.token or drain.id}); nothing was sent.",
                next_step=f"to replace it, first: herodyno archive drain remove {drain.id} --app {app.name}",
            )


def chosen(app: App, drains: Sequence[LogDrain], word: str, *, gone: Sequence[LogDrain] = ()) -> LogDrain:
    """The one drain that an id, a token, a host or an address names. Raises NotFound, Refused, UsageError.

    Where none of the app's drains has it, one that is `gone` from the app may.
    """
    wanted = word.strip()
    found = _named(wanted, drains) or _named(wanted, gone)
    known = ", ".join(f"{each.place} {each.id}" for each in found or drains) or "it has none"
    if not found:
        raise NotFound(
            f"{app.name} has no such drain; nothing was sent. Its drains: {known}",
            next_step=f"herodyno archive drain list --app {app.name}",
        )
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} drains of {app.name} go there; nothing was sent: {known}",
            next_step=f"name one by its id: herodyno archive drain remove {found[0].id} --app {app.name}",
        )
    (drain,) = found
    if drain.addon:
        raise Refused(
            f"the drain to {drain.place} is of the add-on {drain.addon}; nothing was sent.",
            next_step=f"it goes with its add-on: heroku addons:destroy {drain.addon} --app {app.name}",
        )
    return drain


def add_drain(
    executor: Executor, calls: DrainCalls, app: App, address: DrainAddress, *, undo: tuple[str, ...]
) -> LogDrain:
    """Add a drain. Raises WriteUnclear and its kin only when the app's list does not show the drain.

    `undo` is the command line that removes the drain, word by word.
    """

    def seen() -> LogDrain | None:
        return next((each for each in calls.listed(app) if address.is_that_of(each.url)), None)

    return _once(
        executor, app, "drain add", add_call(app, address), send=lambda: calls.add(app, address), seen=seen, undo=undo
    )


def remove_drain(executor: Executor, calls: DrainCalls, app: App, drain: LogDrain) -> None:
    """Remove a drain. One that is gone meanwhile is removed."""

    def send() -> LogDrain:
        try:
            calls.remove(app, drain)
        except NotFound:
            executor.note("the drain was gone already")
        return drain

    def seen() -> LogDrain | None:
        return drain if all(each.id != drain.id for each in calls.listed(app)) else None

    _once(executor, app, "drain remove", remove_call(app, drain), send=send, seen=seen)


def _once(
    executor: Executor,
    app: App,
    verb: str,
    call: DrainCall,
    *,
    send: Callable[[], LogDrain],
    seen: Callable[[], LogDrain | None],
    undo: tuple[str, ...] = (),
) -> LogDrain:
    """Send once. `seen` gives the drain when the app's list shows the call done."""
    key = executor.intend(verb=verb, app=app.name, call=str(call), undo=undo)
    try:
        drain = send()
    except (WriteUnclear, BadReply, PlatformFailed) as error:
        found = _looked(executor, seen)
        executor.settle(key, "seen" if found else "unclear")
        if found:
            executor.note(f"The answer was lost ({error.message}); a look at the app's drains shows that it was done.")
            return found
        raise type(error)(
            f"{error.message}; it was sent once and not repeated; the app's drains do not show it so far",
            next_step=f"look before you repeat it: herodyno archive drain list --app {app.name}",
        ) from error
    except HerodynoError as error:
        executor.settle(key, outcome_of(error), request_id=executor.platform.last_request_id)
        if isinstance(error, RefusedByHeroku) and error.status == 403:
            raise RefusedByHeroku(
                error.message, error_id=error.error_id, status=403, request_id=error.request_id, url=error.url,
                next_step="the token may not change drains of this app: it needs the scope global or write,"
                " and you the right to deploy",
            ) from error  # fmt: skip
        raise
    executor.settle(key, "done", request_id=executor.platform.last_request_id)
    return drain


def _looked(executor: Executor, seen: Callable[[], LogDrain | None]) -> LogDrain | None:
    try:
        return seen()
    except HerodynoError as error:
        executor.note(f"Looking whether it was done failed too: {error.message}")
        return None


def _named(word: str, drains: Sequence[LogDrain]) -> list[LogDrain]:
    """The drains with this id or token, else with this address or host and port, else with this host."""
    return (
        [each for each in drains if word and word in (each.id, each.token)]
        or [each for each in drains if _names(word, each)]
        or [each for each in drains if word and word == urlsplit(each.place).hostname]
    )


def _names(word: str, drain: LogDrain) -> bool:
    """Whether the word is the drain's host and port, or its address with or without credentials."""
    if "://" in word:
        return DrainAddress(word, "").is_that_of(drain.url)
    return word.rstrip("/") == drain.place.partition("://")[2].removesuffix("/…")
