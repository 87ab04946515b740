"""Which token to use and where it comes from: the first source with a token wins.

The order: HEROKU_API_KEY, our own keyring entry, the Heroku CLI's keychain entry, netrc. A source's module is imported
only when its turn comes, because in most runs the first source wins. Where an account is chosen, each source gives that
account's token or none.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from herodyno.errors import NotAuthenticated
from herodyno.heroku.net.hosts import HEROKU_DOMAINS
from herodyno.heroku.net.request_headers import checked_token

WAYS = (
    "log in with: herodyno auth login · or give a token by HEROKU_API_KEY, by herodyno auth login --token-stdin,"
    " or by an entry for {host} in ~/.netrc (mode 0600)"
)
WAYS_WITHOUT_KEYRING = (
    "give a token by HEROKU_API_KEY, or by an entry for {host} in ~/.netrc (mode 0600)"
    " (auth login needs a keyring, and there is none to be used)"
)

# What `auth login` made.
OURS = "herodyno's keyring entry"


@dataclass(frozen=True, slots=True)
class Credential:
    """A token, the name of its source, and the account that stands beside it, "" where none does.

    The token is never part of the repr.
    """

    token: str = field(repr=False)
    source: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """What one source holds: a token, nothing, or a problem.

    `source` is its name for people. Without a token, `detail` says why. `problem` is the error that kept the source
    from being read. `is_missing`: this machine has no such source.
    """

    source: str
    token: str = field(default="", repr=False)
    detail: str = ""
    problem: NotAuthenticated | None = None
    is_missing: bool = False
    account: str = ""


def find_token(
    environ: Mapping[str, str],
    host: str,
    *,
    account: str = "",
    usual: Callable[[], str] = lambda: "",
    logins: Callable[[], Collection[str]] = tuple,
    note: Callable[[str], object] = lambda text: None,
) -> Credential:
    """The token for the API host ("api.heroku.com"; with its port: "127.0.0.1:8971"), `account`'s where one is chosen.

    `usual` tells the account of our keyring entry of the host, "" where that is not known; `logins` the accounts of all
    our entries. A source that fails is noted, and the next source is asked. Raises NotAuthenticated when no source has
    a token, or when the winning text cannot be a token.
    """
    last: NotAuthenticated | None = None
    ways = WAYS
    for found in credential_sources(environ, host, account=account, usual=usual):
        ways = WAYS_WITHOUT_KEYRING if found.is_missing else ways
        if found.token:
            return Credential(checked_token(found.token, source=found.source), found.source, found.account)
        if found.problem:
            note(f"{found.source}: {found.problem.message}")
            last = found.problem
        elif found.source == "HEROKU_API_KEY" and found.detail:
            note(f"HEROKU_API_KEY is {found.detail}")
    if last:
        raise NotAuthenticated(f"no Heroku token for {host}: {last.message}", next_step=last.next_step)
    if environ.get("HEROKU_API_TOKEN") and not account:
        raise NotAuthenticated(
            f"no Heroku token for {host}; HEROKU_API_TOKEN is set, and is not read",
            next_step="the variable is called HEROKU_API_KEY",
        )
    raise no_token(host, account=account, logins=logins(), ways=ways)


def no_token(host: str, *, account: str, logins: Collection[str], ways: str = WAYS) -> NotAuthenticated:
    """The error where no source has a token, of the chosen `account`. `logins` are the accounts that have one."""
    if account:
        return NotAuthenticated(
            f"no token of the account {account} for {host}",
            next_step=f"log in: herodyno auth login {account_flag(account)}"
            " · which accounts are here: herodyno auth status",
        )
    if logins:
        return NotAuthenticated(
            f"no Heroku token for {host} without --account",
            next_step=f"choose a login: {' or '.join(map(account_flag, logins))} · or log in with: herodyno auth login",
        )
    return NotAuthenticated(f"no Heroku token for {host}", next_step=ways.format(host=host))


def account_flag(account: str) -> str:
    """What to type to choose the account."""
    return f"--account {shlex.quote(account)}"


def credential_sources(
    environ: Mapping[str, str], host: str, *, account: str = "", usual: Callable[[], str] = lambda: ""
) -> Iterator[CredentialSource]:
    """What each source holds for the API host, in order. A source is read only when the iterator reaches it."""
    yield _environment(environ, account)
    keyring = _keyring(environ, host, account, usual)
    yield keyring
    yield _official_cli(environ, host, account, keyring.problem)
    yield _netrc(environ, host, account)


def _environment(environ: Mapping[str, str], account: str) -> CredentialSource:
    key = environ.get("HEROKU_API_KEY")
    if key is not None and not key.strip():
        return CredentialSource("HEROKU_API_KEY", detail="empty, and treated as unset")
    # Whose key it is, nobody can tell: where an account is chosen, it is none.
    return CredentialSource("HEROKU_API_KEY", "" if account else key or "")


def _keyring(environ: Mapping[str, str], host: str, account: str, usual: Callable[[], str]) -> CredentialSource:
    from herodyno.heroku.login.keychain import Keychain, NoKeyring, entry_name

    keychain = Keychain(environ)
    try:
        token = keychain.read(entry_name(host, "" if account in ("", usual()) else account))
    except NoKeyring as none:
        return CredentialSource(OURS, detail=none.message, is_missing=True)
    except NotAuthenticated as problem:
        return CredentialSource(OURS, problem=problem)
    whose = (account or usual()) if token else ""
    return CredentialSource(f"{OURS} ({keychain.backend})", token, "nothing stored", account=whose)


def _official_cli(
    environ: Mapping[str, str], host: str, account: str, trouble: NotAuthenticated | None
) -> CredentialSource:
    from herodyno.heroku.login.keychain import KeyringSilent
    from herodyno.heroku.login.official_cli import STORES, keychain_token, login_account

    source = "Heroku CLI's keychain entry"
    if isinstance(trouble, KeyringSilent) and sys.platform not in STORES:
        # Both use the same D-Bus: a second question would wait as long again.
        return CredentialSource(source, detail="not asked, because the keyring did not answer")
    # The Heroku CLI keeps one token for all its hosts. That token must never reach a sandbox.
    if not is_herokus(host):
        return CredentialSource(source, detail=f"never used for {host}")
    account = account or login_account(environ)
    if not account:
        return CredentialSource(source, detail="the Heroku CLI has no login there")
    source += f" ({STORES.get(sys.platform, 'Secret Service')}, {account})"
    try:
        token = keychain_token(account, environ)
        return CredentialSource(source, token, "nothing stored, or not readable", account=account)
    except NotAuthenticated as problem:
        return CredentialSource(source, problem=problem)


def _netrc(environ: Mapping[str, str], host: str, account: str) -> CredentialSource:
    from herodyno.heroku.login.netrc import netrc_entry, netrc_path

    path = netrc_path(environ)
    try:
        login, password = netrc_entry(path, host, account)
        # Heroku's logins are e-mail addresses. Any other word may be anything, a token too.
        whose = f" of {account}" if account else ""
        return CredentialSource(
            str(path), password, f"no entry{whose} for {host}", account=login if "@" in login else ""
        )
    except NotAuthenticated as problem:
        return CredentialSource(str(path), problem=problem)


def is_herokus(host: str) -> bool:
    """Whether the API host is one of Heroku's, and no sandbox."""
    return host.endswith(tuple(f".{domain}" for domain in HEROKU_DOMAINS))
