"""--max-per-hour and --cooldown count what the journal holds: one run counts and sends at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from herodyno.cli.restart.options import RestartRequest
from herodyno.cli.writing import Writing
from herodyno.errors import Refused
from herodyno.operations.executor import cannot_count
from herodyno.operations.state_files import locked, make_folder

# Ours. Another run at once has sent by then; a rolling one goes on.
WAITS_SECONDS = 30


@contextmanager
def counting_alone(writing: Writing, request: RestartRequest) -> Iterator[None]:
    """Keep other runs with a limit on this app out, on this machine, from the plan to the last write.

    Without a limit, and in a dry run, nobody is kept out. Raises Refused where another run does not end.
    """
    with ExitStack() as stack:
        if _limits(request) and not writing.executor.dry_run:
            for second in range(WAITS_SECONDS + 1):
                try:
                    make_folder(writing.folder)
                    stack.enter_context(locked(writing.folder / f"limits-{writing.app}.lock", waits=False))
                    break
                except BlockingIOError:
                    if second == WAITS_SECONDS:
                        raise Refused(
                            f"another restart of {writing.app} with a limit runs on this machine; nothing was sent."
                        ) from None
                    writing.session.sleep(1)
                except OSError:
                    break  # `require_limits` says that the folder cannot be written
        yield


def require_limits(writing: Writing, request: RestartRequest, wanted: int) -> None:
    """Raise Refused when `wanted` restarts are beyond --max-per-hour, or when a limit could not be counted."""
    executor, most = writing.executor, request.options.max_per_hour
    executor.limits = _limits(request)
    if not executor.limits:
        return
    try:
        if not executor.dry_run:
            executor.journal.require_writable()
        before = executor.journal.restarts_since(
            writing.app, writing.session.now() - timedelta(hours=1), rehearsals=executor.platform.in_sandbox
        )
    except OSError as error:
        raise cannot_count(executor.journal, error, executor.limits) from None
    if most is not None and before + wanted > most:
        raise Refused(
            f"{before} restarts in the last hour and {wanted} now are more than --max-per-hour"
            f" {most}; nothing was sent."
        )


def _limits(request: RestartRequest) -> list[str]:
    """The flags that limit this run."""
    given = {"--max-per-hour": request.options.max_per_hour, "--cooldown": request.cooldown_seconds}
    return [flag for flag, value in given.items() if value is not None]
