"""The work of `archive drain`: look, ask, make a password, send once, keep what Heroku answered."""

from __future__ import annotations

import shlex
from pathlib import Path
from urllib.parse import urlsplit

from herodyno.archive.days.drain_activity import DrainActivity, drain_activity
from herodyno.archive.drains.changes import (
    ENDS_AFTER_SECONDS,
    new_password,
    note_added,
    note_removed,
    require_writable,
    take_back,
)
from herodyno.archive.drains.known import MOST_PASSWORDS, AtHeroku, Drains, read_drains
from herodyno.archive.folder import ArchiveFolder
from herodyno.cli.archive.address import receiver_address
from herodyno.cli.archive.drain_options import DrainAddOptions, DrainListOptions, DrainRemoveOptions
from herodyno.cli.session import Session
from herodyno.cli.writing import Writing
from herodyno.dynos import App, LogDrain
from herodyno.errors import BadReply, HerodynoError, NotFound, PlatformFailed, Refused, UsageError, WriteUnclear
from herodyno.heroku.api.drain_calls import DrainAddress, DrainCalls
from herodyno.heroku.net.hosts import is_loopback
from herodyno.operations.log_drains import add_call, add_drain, chosen, remove_call, remove_drain, require_new
from herodyno.render.archive.drains import DrainRow, drain_change_document, drains_document, drains_table
from herodyno.render.text import line
from herodyno.units import exact_duration, zone_of

LOOK = "archive drain list"


def add(session: Session, options: DrainAddOptions) -> None:
    """Add a drain into the archive."""
    url, archive = receiver_address(options.url), Path(options.archive)
    ArchiveFolder(archive).require_ours()
    writing = Writing(session, options)
    output, calls = session.output, DrainCalls(session.platform.transport)
    app = session.platform.app(writing.app)
    _check_reach(url, in_sandbox=session.platform.in_sandbox)
    present = calls.listed(app)
    address = DrainAddress(url, app.name)
    require_new(app, present, address)
    if shut_out := read_drains(archive).shut_out(app.name, present):
        raise Refused(
            f"the drain to {shut_out.place} of {app.name} may send with the older of {MOST_PASSWORDS} passwords of"
            f" {archive}, and a third would shut it out; nothing was sent.",
            next_step="once it has the newer one: herodyno archive password"
            f" --archive {archive} --app {app.name} --drop-old",
        )
    call = add_call(app, address)
    writing.confirm([], does=f"add a drain to {url}")
    if writing.executor.dry_run:
        if output.wants_json:
            output.json(drain_change_document(app, None, call, change="added", dry_run=True))
        else:
            output.lines([line(str(call))])
        return
    of_app = ("--app", app.name, "--archive", str(archive), "--confirm", app.name)
    undo = ("herodyno", "archive", "drain", "remove", url, *of_app)
    drain = _added(writing, calls, app, address, archive, undo)
    if output.wants_json:
        output.json(drain_change_document(app, drain, call, change="added", dry_run=False, undo=undo))
    else:
        what = f"{' and '.join(drain.signals)} of {app.name} go" if drain.signals else f"the log of {app.name} goes"
        output.lines([line(f"{what} to {drain.place} (drain {drain.token or drain.id})")])
    output.note(f"receive it there: herodyno archive receive --archive {archive}; to undo: {shlex.join(undo)}")


def remove(session: Session, options: DrainRemoveOptions) -> None:
    """Remove a drain."""
    writing = Writing(session, options)
    output, calls = session.output, DrainCalls(session.platform.transport)
    app = session.platform.app(writing.app)
    present = calls.listed(app)
    drain = _chosen(app, present, options)
    call = remove_call(app, drain)
    writing.confirm([f"no line of the app goes to {drain.place} any more"], does="remove a drain")
    if not writing.executor.dry_run:
        if options.archive:
            require_writable(Path(options.archive))
        with writing.note_when_interrupted(f"the drain to {drain.place} may have been removed", look=LOOK):
            remove_drain(writing.executor, calls, app, drain)
        if options.archive:
            _end_password(session, Path(options.archive), app, drain, [each for each in present if each != drain])
    if output.wants_json:
        output.json(drain_change_document(app, drain, call, change="removed", dry_run=options.dry_run))
    elif options.dry_run:
        output.lines([line(str(call))])
    else:
        output.lines([line(f"removed the drain to {drain.place} ({drain.token or drain.id}) of {app.name}")])


def show_list(session: Session, options: DrainListOptions) -> None:
    """List the drains."""
    output = session.output
    app = session.platform.app(session.app_name(options.app, options.remote))
    drains = DrainCalls(session.platform.transport).listed(app)
    if options.archive:
        archive = Path(options.archive)
        ours = _drains_of(archive)
        known = drain_activity(ArchiveFolder(archive))
        # A drain without a token sends under its name in the archive, which is the app's.
        rows = [_row(each, ours, known.get(each.token or app.name)) for each in drains]
    else:
        rows = [DrainRow(each, None, None) for each in drains]
    if output.wants_json:
        output.json(drains_document(app, rows))
    elif rows:
        zone = zone_of(session.now(), utc=output.utc)
        output.show(drains_table(rows, with_archive=bool(options.archive), now=session.now(), zone=zone))
    else:
        into = options.archive or "logs"
        add_line = f"herodyno archive drain add -a {app.name} --archive {into} --url https://logs.example.com"
        output.note(f"{app.name} has no drain; to add one: {add_line}")


def _drains_of(archive: Path) -> Drains:
    """The drains of an archive. Raises NotFound, Refused for a folder that is none."""
    ArchiveFolder(archive).require_ours()
    if not archive.exists():
        raise NotFound(
            f"there is no archive {archive}; nothing was sent",
            next_step="name the folder that the receiver writes: --archive DIR",
        )
    return read_drains(archive)


def _chosen(app: App, present: list[LogDrain], options: DrainRemoveOptions) -> LogDrain:
    """The drain to be removed. With an archive it must be of it, and may be one that Heroku no longer has."""
    if not options.archive:
        return chosen(app, present, options.drain)
    archive = Path(options.archive)
    ours = _drains_of(archive)
    drain = chosen(app, present, options.drain, gone=ours.gone(app.name, present))
    if not ours.takes(drain):
        raise Refused(
            f"{archive} does not know the drain to {drain.place} ({drain.token or drain.id}), so it cannot end its"
            " password; nothing was sent.",
            next_step="name the archive it sends to; without one its password stays:"
            f" herodyno archive drain remove {drain.id} --app {app.name}",
        )
    return drain


def _row(drain: LogDrain, ours: Drains, activity: DrainActivity | None) -> DrainRow:
    """The drain as the archive knows it. Frames that came of it are a sign that no password is needed for."""
    is_ours = ours.takes(drain)
    return DrainRow(drain, None if is_ours is False and drain.token and activity else is_ours, activity)


def _added(
    writing: Writing, calls: DrainCalls, app: App, address: DrainAddress, archive: Path, undo: tuple[str, ...]
) -> LogDrain:
    """Make the password, send, keep the drain's id and token. A password that Heroku refused is forgotten."""
    before = read_drains(archive).passwords(app.name)
    password = new_password(archive, app.name, app=app.name)
    address = address._replace(password=password)
    writing.session.output.hide(password)
    writing.session.output.hide(address.authorization.partition(" ")[2])
    try:
        with writing.note_when_interrupted(f"a drain to {address.url} may have been added", look=LOOK):
            drain = add_drain(writing.executor, calls, app, address, undo=undo)
    except HerodynoError as error:
        if not _may_have_come(error):
            take_back(archive, app.name, password, before)
        raise
    note_added(archive, app.name, AtHeroku(drain.id, drain.token, address.url), password=password)
    return drain


def _end_password(session: Session, archive: Path, app: App, removed: LogDrain, others: list[LogDrain]) -> None:
    """Let the password end of a drain that was removed, and say what becomes of it."""
    try:
        known = note_removed(archive, removed, others, now=session.now().timestamp())
    except OSError as error:
        raise Refused(
            f"the drain to {removed.place} was removed, and its password works on: {archive}: {error.strerror or error}"
        ) from None
    if not known.is_known:
        session.output.note(f"{archive} did not know this drain")
    elif known.ends is not None:
        hours = exact_duration(ENDS_AFTER_SECONDS)
        session.output.note(f"its password ends in {hours}, so that lines on their way still come in")
    else:
        session.output.note(
            "its password works on: another drain may send with it; once that has the newest:"
            f" herodyno archive password --archive {shlex.quote(str(archive))} --app {app.name} --drop-old"
        )


def _may_have_come(error: HerodynoError) -> bool:
    """Whether Heroku may have the password."""
    return isinstance(error, WriteUnclear | BadReply | PlatformFailed)


def _check_reach(url: str, *, in_sandbox: bool) -> None:
    """Raise UsageError for an address that Heroku cannot reach, or that would show password and lines to others."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname or ""):
        if not in_sandbox:
            raise UsageError(
                f"Heroku cannot reach {parts.hostname}; nothing was sent.",
                next_step="--url is where the internet reaches the receiver: https://logs.example.com",
            )
    elif parts.scheme != "https":
        raise UsageError(
            "over http, others could read the password and the log; nothing was sent.",
            next_step=f"write https://{parts.netloc}",
        )
