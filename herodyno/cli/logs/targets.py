"""Words of `logs` that name nothing: neither a line of the log, nor a dyno or process type of the API."""

from __future__ import annotations

from collections.abc import Iterable

from herodyno.cli.session import Session
from herodyno.dynos import process_type_of
from herodyno.errors import HerodynoError, NotFound
from herodyno.logs.events import LogLine
from herodyno.logs.parsing.router_lines import router_request
from herodyno.logs.query.selecting import SOURCES, Selection
from herodyno.operations.near_misses import did_you_mean

# Names of lines that are no dyno's, and types that only one-off dynos have.
_ALWAYS = SOURCES | {"router", "api", "logplex", "scheduler", "run", "release"}


def unknown_words(session: Session, app: str, selection: Selection, lines: Iterable[LogLine]) -> NotFound | None:
    """The error for words that name nothing, or None.

    The API is asked only about words that no line has. When the API does not answer, no word is wrong.
    """
    words = {word for word in selection.targets if not (word in _ALWAYS or word.startswith("heroku-") or "[" in word)}
    if words:
        lines = list(lines)
        words -= {name for line in lines for name in (line.proc, process_type_of(line.proc))}
    if words and not selection.speaker_alone:
        words -= {name for dyno in _spoken_of(lines) for name in (dyno, process_type_of(dyno))}
    if not words:
        return None
    platform = session.platform
    try:
        dynos, formation = platform.gather(lambda: platform.dynos(app), lambda: platform.formation(app))
    except HerodynoError:
        return None
    known = {each.type for each in formation} | {name for dyno in dynos for name in (dyno.name, dyno.type)}
    unknown = sorted(words - known)
    if not unknown:
        return None
    return NotFound(
        f"{app} has no process type or dyno {' or '.join(map(repr, unknown))}",
        next_step=did_you_mean(unknown[0], known) or f"see: herodyno ps --app {app}",
    )


def _spoken_of(lines: Iterable[LogLine]) -> set[str]:
    """The dynos that the router names."""
    requests = (router_request(line) for line in lines if line.proc == "router")
    return {request.dyno for request in requests if request}
