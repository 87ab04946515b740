"""Fetches the inputs of a verdict: live from the API and a log session, or from files without any connection."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from herodyno.cli.diagnose.inputs import Inputs
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import log_of
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App, Dyno, Formation, Generation, Release
from herodyno.errors import NotFound, Unreachable, UsageError
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logfiles.names import check_each_once
from herodyno.logfiles.opened import STDIN, Logs
from herodyno.logfiles.parts import log_in
from herodyno.logs.decoding.decoder import framing_of
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine

# Fir keeps no log, so the log is followed for so long.
FIR_SECONDS = 60.0

# Not with the name that the user gave: that file may be the log, which the command would overwrite.
LIST_OF_DYNOS = "make one: herodyno ps --json > dynos.json"


def live_inputs(session: Session, app: str, *, listen_seconds: float = 0.0, fir_seconds: float = 0.0) -> Inputs:
    """Fetch the API's answers, the lines that Heroku keeps, and the lines of the next `listen_seconds`.

    Fir keeps no lines, so without `listen_seconds` the log of a Fir app is followed for `fir_seconds`.
    """
    platform = session.platform
    facts, dynos, formation, releases = platform.gather(
        lambda: platform.app(app),
        lambda: platform.dynos(app),
        lambda: platform.formation(app),
        lambda: platform.releases(app),
    )
    if facts.generation == "fir" and not listen_seconds:
        listen_seconds = fir_seconds
    cap = None if listen_seconds else LOG_BUFFER_LINES
    remarks: tuple[str, ...] = ()
    if listen_seconds:
        from herodyno.cli.diagnose.listening import listen

        sizes = platform.sizes(app)
        lines, complete, remarks = listen(session, app, listen_seconds, generation=facts.generation)
    else:
        sizes, (lines, complete), _ = platform.gather(
            lambda: platform.sizes(app),
            lambda: _kept(session, app, facts.generation),
            session.output.prepare,
        )
    return Inputs(
        log=log_of(lines, year=session.now().year),
        app=facts,
        at=session.now(),
        source=Source(kind="log-session", cap=cap, complete=complete),
        year=session.now().year,
        dynos=dynos,
        formation=formation,
        releases=releases,
        sizes=sizes,
        api_calls=platform.calls,
        rate_limit_remaining=platform.rate_limit_remaining,
        remarks=remarks,
    )


def _kept(session: Session, app: str, generation: Generation) -> tuple[list[LogLine], bool]:
    """The lines of a log session, and whether all of them came. The lines before a lost connection are used."""
    url = session.platform.log_session(app, lines=LOG_BUFFER_LINES, generation=generation)
    chunks: list[bytes] = []
    complete = True
    content_type = ""

    def opened(its_type: str, cut: object) -> None:
        nonlocal content_type
        content_type = its_type

    try:
        for chunk in session.log_bytes(url, opened=opened):
            chunks.append(chunk)
    except Unreachable as error:
        if not chunks:
            raise
        session.output.note(error.message)
        complete = False
    return list(read_lines(chunks, year=session.now().year, framing=framing_of(content_type))), complete


def file_inputs(session: Session, names: Sequence[str], dynos_file: str | None, app: str, stack: ExitStack) -> Inputs:
    """Read files only; `stack` closes the files. The log's end counts as now, so a file always says the same."""
    check_each_once(names)
    dynos, formation, newest = _from_dynos_file(dynos_file) if dynos_file else (None, None, None)
    year = session.now().year
    logs = stack.enter_context(Logs(names, year=year, note=session.output.note))
    return Inputs(
        log=log_in(logs, session.output.progress_bar("reading the log") if session.output.shows_progress else None),
        app=App(name=app),
        at=session.now(),
        source=Source(kind="stdin" if list(names) == [STDIN] else "file"),
        year=year,
        dynos=dynos,
        formation=formation,
        releases=[Release(version=newest, status="succeeded", current=True)] if newest else [],
        at_log_end=True,
    )


def _from_dynos_file(name: str) -> tuple[list[Dyno], list[Formation] | None, int | None]:
    """Dynos, formation and newest release from the API's list of dynos, or from a `herodyno.ps/1` document."""
    from herodyno.heroku.api.fields import Unusable
    from herodyno.heroku.api.wire import dynos_from, formation_from

    try:
        document: Any = json.loads(Path(name).read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no file {name}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is no JSON: {error}", next_step=LIST_OF_DYNOS) from None
    try:
        if isinstance(document, dict) and document.get("schema") == "herodyno.ps/1":
            return dynos_from(document["dynos"]), formation_from(document["formation"]), document["newest_release"]
        return dynos_from(document), None, None
    except (KeyError, Unusable) as error:
        raise UsageError(f"{name} is no list of dynos: {error}", next_step=LIST_OF_DYNOS) from None
