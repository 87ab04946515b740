"""--engine: which engine answers over which archive, with the password from the environment or the keychain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from herodyno.archive.engines.engine import Archive
from herodyno.archive.folder import ArchiveFolder
from herodyno.cli.options import ArchiveFlags
from herodyno.cli.session import Session
from herodyno.errors import NotAuthenticated, UsageError
from herodyno.typed_values import parse_duration

if TYPE_CHECKING:
    from herodyno.archive.engines.server import Limits
    from herodyno.archive.engines.url import EngineUrl

LOCAL = ("", "duckdb")


@contextmanager
def archive_of(session: Session, flags: ArchiveFlags) -> Iterator[Archive]:
    """The archive in a folder of this machine or in an object store, or the one that a server reads."""
    path, engine, timeout = flags.archive, flags.engine, flags.engine_timeout
    is_stored = engine in LOCAL and path.startswith("s3://")
    if engine in LOCAL and not is_stored:
        if not path or timeout:
            raise UsageError(
                "--engine-timeout is for a server" if path else "--engine duckdb reads a folder",
                next_step="name the server: --engine quack://HOST" if path else "name it: --archive DIR",
            )
        yield ArchiveFolder(Path(path), waiting_for(session, path))
        return
    from herodyno.archive.engines.server import Limits

    told = waiting_for(session, path if is_stored else engine.partition("?")[0])
    limits = Limits(parse_duration(timeout, flag="--engine-timeout") if timeout else Limits().seconds, told)
    with _stored(session, path, limits) if is_stored else _served(session, path, engine, limits) as archive:
        yield archive


def waiting_for(session: Session, asked: str) -> Callable[[float], None]:
    """Says at a terminal how long an answer has been waited for."""
    output = session.output

    def told(seconds: float) -> None:
        if output.shows_progress and seconds >= 1:
            output.progress(f"{seconds:.0f} s, Ctrl-C ends it: asking {asked}")

    return told


def _stored(session: Session, path: str, limits: Limits) -> AbstractContextManager[Archive]:
    """The copy of an archive in an object store. A token and the lines themselves cross no network in clear."""
    from urllib.parse import urlsplit

    from herodyno.archive.engines.connect import stored_archive
    from herodyno.archive.engines.object_store import account_of
    from herodyno.heroku.net.hosts import is_loopback

    account = account_of(session.environ)
    for secret in (account.secret, account.session):
        session.output.hide(secret)
    if not account.is_secure and not is_loopback(urlsplit(f"//{account.endpoint}").hostname or ""):
        raise UsageError("AWS_ENDPOINT_URL would bring the log in clear", next_step="write https://HOST[:PORT]")
    return stored_archive(path, account, limits)


def _served(session: Session, path: str, engine: str, limits: Limits) -> AbstractContextManager[Archive]:
    """The archive that a server reads."""
    from herodyno.archive.engines.connect import server_archive
    from herodyno.archive.engines.url import PASSWORD, parse_engine

    url = parse_engine(engine)
    password = session.environ.get(PASSWORD, "") or _kept(session, url.account)
    session.output.hide(password)
    _require_cover(url, password)
    return server_archive(url, path, password, limits)


def _require_cover(url: EngineUrl, password: str) -> None:
    """Raise UsageError where a password would cross a network in clear. A token of Spark goes over TLS alone."""
    from herodyno.heroku.net.hosts import is_loopback

    if password and not (url.is_secure or url.scheme in ("sc", "chdb") or is_loopback(url.host)):
        raise UsageError(
            f"the password would go to {url.host} in clear",
            next_step="add secure=1 to the address, or ask 127.0.0.1 through a tunnel (ssh -L)",
        )


def _kept(session: Session, account: str) -> str:
    """The password of an engine in the keychain, or ""."""
    from herodyno.heroku.login.keychain import Keychain

    try:
        return Keychain(session.environ).read(account)
    except NotAuthenticated:  # no keychain: most servers of a team want no password from the inside
        return ""
