"""--engine: which engine answers over which archive, with the password from the environment or the keychain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from herodyno.archive.engines.engine import Archive
from herodyno.archive.folder import ArchiveFolder
from herodyno.cli.session import Session
from herodyno.errors import NotAuthenticated, UsageError
from herodyno.units import parse_duration

LOCAL = ("", "duckdb")


@contextmanager
def archive_of(session: Session, path: str, engine: str, timeout: str) -> Iterator[Archive]:
    """The archive in a folder of this machine, or the one that a server reads."""
    if engine in LOCAL:
        if not path or timeout:
            raise UsageError(
                "--engine-timeout is for a server" if path else "--engine duckdb reads a folder",
                next_step="name the server: --engine quack://HOST" if path else "name it: --archive DIR",
            )
        yield ArchiveFolder(Path(path))
        return
    from herodyno.archive.engines.connect import server_archive
    from herodyno.archive.engines.server import PASSWORD, Limits
    from herodyno.archive.engines.url import parse_engine

    url = parse_engine(engine)
    password = session.environ.get(PASSWORD, "") or _kept(session, url.account)
    session.output.hide(password)
    output = session.output

    def told(seconds: float) -> None:
        if output.shows_progress and seconds >= 1:
            output.progress(f"asking {engine.partition('?')[0]}: {seconds:.0f} s, Ctrl-C ends it")

    limits = Limits(parse_duration(timeout, flag="--engine-timeout") if timeout else Limits().seconds, told)
    with server_archive(url, path, password, limits) as archive:
        yield archive


def _kept(session: Session, account: str) -> str:
    """The password of an engine in the keychain, or ""."""
    from herodyno.heroku.login.keychain import Keychain

    try:
        return Keychain(session.environ).read(account)
    except NotAuthenticated:  # no keychain: most servers of a team want no password from the inside
        return ""
