"""Whether a dangerous write was confirmed: by the app's own name or by other words, typed or given by --confirm."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from herodyno.errors import Refused, UsageError


def confirm(
    app: str,
    reasons: Sequence[str],
    *,
    given: str | None,
    ask: Callable[[str], str] | None,
) -> None:
    """Return when there is nothing to confirm, or when the app's name was given.

    `reasons` say what would happen ("web goes from 4 to 0 dynos"). `given` is the value of --confirm. `ask` puts a
    question to a person and returns the answer; None where nobody can be asked. Raises UsageError when --confirm is
    missing or names another app, Refused when the person's answer is not the app's name. Both come before any write.
    """
    if given is not None and given != app:
        raise UsageError(f"--confirm says {given!r}, but the app is {app}; nothing was sent.")
    if not reasons or given == app:
        return
    what = "; ".join(reasons)
    if ask is None:
        raise UsageError(
            f"this needs a confirmation on {app}: {what}; nothing was sent.",
            next_step=f"If you mean it, add: --confirm {app}",
        )
    if ask(f"On {app}: {what}. Type the app's name to go on:").strip() != app:
        raise Refused("not confirmed; nothing was sent.")


def confirm_words(words: str, what: str, *, given: str | None, ask: Callable[[str], str] | None) -> None:
    """The same for a write to several apps, which `words` confirm: "3 apps", and each protected app's name."""
    if given is not None and given != words:
        raise UsageError(f"--confirm says {given!r}, but this is of {words!r}; nothing was sent.")
    if given == words:
        return
    if ask is None:
        raise UsageError(
            f"this needs a confirmation: {what}; nothing was sent.",
            next_step=f"If you mean it, add: --confirm '{words}'",
        )
    if ask(f"{what}. Type {words!r} to go on:").strip() != words:
        raise Refused("not confirmed; nothing was sent.")
