"""What has to be confirmed, and whether it was: the app's own name, typed or given by --confirm."""

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
    """Return when there is nothing to confirm or the app's name was given; raise otherwise, before any write.

    `reasons` say what would happen ("web goes from 4 to 0 dynos"). `given` is --confirm, `ask` puts the
    question to a person; None where nobody can be asked, and then only `given` counts.
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
