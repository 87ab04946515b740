"""Fetches the inputs of a verdict: live from the API and a log session, or from files without any connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from herodyno.cli.diagnose.inputs import Heard, Inputs, load_verdict
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import log_of
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App, Dyno, Formation, Generation, Release
from herodyno.errors import HerodynoError, NotAuthenticated, NotFound, TwoFactorNeeded, Unreachable, UsageError
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logfiles.names import check_each_once
from herodyno.logfiles.opened import STDIN, Logs
from herodyno.logfiles.parts import log_in
from herodyno.logs.decoding.decoder import framing_of
from herodyno.logs.decoding.read import read_lines

# Fir keeps no log, so the log is followed for so long.
FIR_SECONDS = 60.0

# A log that ends so close to now tells of the dynos that the API lists.
REACHES_NOW = timedelta(minutes=5)

# Not with the name that the user gave: that file may be the log, which the command would overwrite.
LIST_OF_DYNOS = "make one: herodyno ps --json > dynos.json"


def live_inputs(session: Session, app: str, *, listen_seconds: float = 0.0, fir_seconds: float = 0.0) -> Inputs:
    """Fetch the API's answers, the lines that Heroku keeps, and the lines of the next `listen_seconds`.

    Fir keeps no lines, so without `listen_seconds` the log of a Fir app is followed for `fir_seconds`.
    """
    platform = session.platform
    facts, dynos, formation, releases, sizes, opened = platform.gather(
        lambda: platform.app(app),
        lambda: platform.dynos(app),
        lambda: platform.formation(app),
        lambda: platform.releases(app),
        lambda: platform.sizes(app),
        lambda: "" if listen_seconds else _opened(session, app),
    )
    if facts.generation == "fir" and not listen_seconds:
        listen_seconds = fir_seconds
    cap = None if listen_seconds else LOG_BUFFER_LINES
    if listen_seconds:
        heard = _heard(lambda: _listened(session, app, listen_seconds, facts.generation))
    else:
        heard, _ = platform.gather(lambda: _heard(lambda: _kept(session, opened)), session.output.prepare)
    return Inputs(
        log=log_of(heard.lines, year=session.now()),
        app=facts,
        at=session.now(),
        source=Source(
            kind="log-session",
            cap=cap,
            complete=heard.complete,
            failure=heard.error.message if heard.error else "",
            next_step=heard.error.next_step if heard.error else "",
        ),
        log_error=heard.error,
        year=session.now(),
        dynos=dynos,
        formation=formation,
        releases=releases,
        sizes=sizes,
        api_calls=platform.calls,
        rate_limit_remaining=platform.rate_limit_remaining,
        remarks=heard.remarks,
    )


def _heard(read: Callable[[], Heard]) -> Heard:
    """The lines, or the error for which there are none: what the API said of the dyno is told all the same."""
    try:
        return read()
    except HerodynoError as error:
        return Heard([], complete=False, remarks=(), error=error)


def _listened(session: Session, app: str, seconds: float, generation: Generation) -> Heard:
    from herodyno.cli.diagnose.listening import listen

    return listen(session, app, seconds, generation=generation)


def _opened(session: Session, app: str) -> str | HerodynoError:
    """The URL of a log session, or why there is none. Fir refuses: only the app's answer says whether it is on Fir."""
    try:
        return session.platform.log_session(app, lines=LOG_BUFFER_LINES)
    except TwoFactorNeeded:
        raise
    except HerodynoError as error:
        return error


def _kept(session: Session, opened: str | HerodynoError) -> Heard:
    """The lines of a log session. The lines before a lost connection are used."""
    if isinstance(opened, HerodynoError):
        raise opened
    chunks: list[bytes] = []
    complete = True
    content_type = ""

    def answered(its_type: str, cut: object) -> None:
        nonlocal content_type
        content_type = its_type

    try:
        for chunk in session.log_bytes(opened, opened=answered):
            chunks.append(chunk)
    except Unreachable as error:
        if not chunks:
            raise
        session.output.note(error.message)
        complete = False
    lines = list(read_lines(chunks, year=session.now(), framing=framing_of(content_type)))
    return Heard(lines, complete=complete, remarks=())


def file_inputs(session: Session, names: Sequence[str], dynos_file: str | None, app: str, stack: ExitStack) -> Inputs:
    """Read files; `stack` closes the files. The log's end counts as now, so a file always says the same.

    The API is asked only for an app that is named, with a token, when the log reaches now.
    """
    check_each_once(names)
    dynos, formation, newest = _from_dynos_file(dynos_file) if dynos_file else (None, None, None)
    year = session.now()
    logs = stack.enter_context(Logs(names, year=year, note=session.output.note))
    shown = session.output.progress_bar("reading the log") if session.output.shows_progress else None
    repeats, apps = None, None
    if len(names) > 1:
        from herodyno.logfiles.repeats import Repeats

        repeats = Repeats(logs)
    if logs.text_names() is None:
        from herodyno.logfiles.apps import AppsOfLog

        apps = (
            AppsOfLog(repeats.lines, year=year, remarks=repeats.remarks)
            if repeats
            else AppsOfLog(logs.lines, year=year)
        )
    inputs = Inputs(
        log=apps.log(app) if apps else log_in(logs, shown, repeats, load_verdict),
        apps=apps,
        app=App(name=app),
        at=session.now(),
        source=Source(kind="stdin" if list(names) == [STDIN] else "file"),
        year=year,
        dynos=dynos,
        formation=formation,
        releases=[Release(version=newest, status="succeeded", current=True)] if newest else [],
        at_log_end=True,
    )
    is_asked = app and not dynos_file and _reaches_now(session, logs)
    return _with_the_api(session, app, inputs) if is_asked else inputs


def _reaches_now(session: Session, logs: Logs) -> bool:
    from herodyno.logfiles.last_time import end_of

    latest = end_of(logs)
    return latest is not None and abs(session.now() - latest) <= REACHES_NOW


def _with_the_api(session: Session, app: str, inputs: Inputs) -> Inputs:
    """The inputs with the API's answers. Without a token, or when the API does not answer, they stay as they are."""
    try:
        platform = session.platform
    except NotAuthenticated:
        return inputs
    try:
        facts, dynos, formation, releases = platform.gather(
            lambda: platform.app(app),
            lambda: platform.dynos(app),
            lambda: platform.formation(app),
            lambda: platform.releases(app),
        )
        sizes = platform.sizes(app)
    except HerodynoError as error:
        session.output.note(f"judged without the API: {error.message}")
        return inputs
    return replace(
        inputs,
        app=facts,
        dynos=dynos,
        formation=formation,
        releases=releases,
        sizes=sizes,
        api_calls=platform.calls,
        rate_limit_remaining=platform.rate_limit_remaining,
    )


def _from_dynos_file(name: str) -> tuple[list[Dyno], list[Formation] | None, int | None]:
    """Dynos, formation and newest release from the API's list of dynos, or from a `herodyno.ps/1` document."""
    from herodyno.heroku.api.fields import Fields, Unusable
    from herodyno.heroku.api.foreign_json import read_json
    from herodyno.heroku.api.wire import dynos_from, formation_from

    try:
        document = read_json(Path(name).read_bytes())
    except FileNotFoundError:
        raise NotFound(f"there is no file {name}") from None
    except ValueError as error:
        raise UsageError(f"{name} cannot be read as JSON: {error}", next_step=LIST_OF_DYNOS) from None
    try:
        if isinstance(document, dict) and document.get("schema") == "herodyno.ps/1":
            dynos, formation = dynos_from(document["dynos"]), formation_from(document["formation"])
            if not formation and not all(dyno.is_one_off for dyno in dynos):
                raise UsageError(f"{name} lists a part of the app's dynos", next_step=LIST_OF_DYNOS)
            return dynos, formation, Fields(document, "ps").whole("newest_release")
        return dynos_from(document), None, None
    except (KeyError, Unusable) as error:
        raise UsageError(f"{name} is no list of dynos: {error}", next_step=LIST_OF_DYNOS) from None
