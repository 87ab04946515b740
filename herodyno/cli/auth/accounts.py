"""What is known of the logins and tokens that herodyno made, kept beside the journal: never a token.

The keyring holds a token and does not tell its account. A token of less than `global` may not ask Heroku for its own
scope and end. And only the id of an authorization lets another token revoke it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

from herodyno.folders import state_folder
from herodyno.heroku.login.credentials import is_herokus
from herodyno.heroku.login.keychain import entry_name
from herodyno.operations.state_files import locked, make_folder, read_file, replace_file
from herodyno.units import json_time

_LOGINS, _TOKENS = "accounts.json", "authorizations.json"
_MOST_TOKENS = 200  # ours; the newest are kept


class KeptLogin(NamedTuple):
    """A login, or a token that `auth token` made. `authorization` is an id of Heroku's; every field may be unknown.

    `scope` is empty for a token that herodyno did not make.
    """

    account: str = ""
    scope: tuple[str, ...] = ()
    ends_at: datetime | None = None
    authorization: str = ""


def kept_logins() -> dict[str, KeptLogin]:
    """The logins by the name of their keyring entry."""
    return {name: _login_from(value) for name, value in _read(_LOGINS).items()}


def usual_account(host: str) -> str:
    """The account of the login that commands use where none is chosen, "" where that is not known."""
    return kept_logins().get(host, KeptLogin()).account


def entry_of(host: str, account: str) -> str:
    """The keyring entry of an account's login; "" is the usual account."""
    return entry_name(host, "" if account == usual_account(host) else account)


def login_accounts(host: str) -> list[str]:
    """The accounts of herodyno's logins at the API host, the usual one first."""
    logins = [(name, login.account) for name, login in kept_logins().items() if login.account]
    return [account for name, account in sorted(logins) if name == host or name.startswith(f"{host}/")]


def accounts_beside(environ: Mapping[str, str], host: str, account: str) -> set[str]:
    """Other accounts that have a token on this machine, as far as files tell it: no keyring is asked."""
    from herodyno.heroku.login.netrc import netrc_logins, netrc_path
    from herodyno.heroku.login.official_cli import login_account

    of_cli = login_account(environ) if is_herokus(host) else ""
    every = {of_cli, *login_accounts(host), *netrc_logins(netrc_path(environ), host)}
    return {each for each in every if "@" in each and each.lower() != account.lower()}


def keep_login(entry: str, login: KeptLogin | None) -> bool:
    """Keep what is known of the token in a keyring entry; None forgets it. False where nothing can be kept."""
    with suppress(OSError):
        with _changed(_LOGINS) as logins:
            logins.pop(entry, None)
            if login:
                logins[entry] = _json_of(login)
        return True
    return False


def made_tokens(host: str) -> list[KeptLogin]:
    """The tokens that `auth token` made for the API host and that were not revoked from here, the oldest first."""
    listed = _read(_TOKENS).get(host)
    return [_login_from(each) for each in listed] if isinstance(listed, list) else []


def keep_made_token(host: str, made: KeptLogin, *, now: datetime) -> list[KeptLogin]:
    """Keep the id of a token that was made; those that have ended are forgotten.

    Returns the tokens that live and whose id is not kept: this one, where nothing can be kept, or the oldest of many.
    """
    if not made.authorization:
        return [made]
    try:
        with _changed(_TOKENS) as kept:
            alive = [each for each in made_tokens(host) if not each.ends_at or each.ends_at > now]
            kept[host] = [_json_of(each) for each in [*alive, made][-_MOST_TOKENS:]]
    except OSError:
        return [made]
    return [*alive, made][:-_MOST_TOKENS]


def forget_made_tokens(host: str, ids: Collection[str]) -> None:
    """Forget tokens that were revoked. Where that cannot be, they are found revoked the next time."""
    with suppress(OSError), _changed(_TOKENS) as kept:
        kept[host] = [_json_of(each) for each in made_tokens(host) if each.authorization not in ids]


def _login_from(value: Any) -> KeptLogin:
    if isinstance(value, str):  # of herodyno 0.1, which kept the account alone
        return KeptLogin(value)
    if not isinstance(value, dict):
        return KeptLogin()
    account, scope, ends_at, authorization = map(value.get, KeptLogin._fields)
    return KeptLogin(
        account if isinstance(account, str) else "",
        tuple(each for each in scope if isinstance(each, str)) if isinstance(scope, list) else (),
        _time(ends_at),
        authorization if isinstance(authorization, str) else "",
    )


def _time(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _json_of(login: KeptLogin) -> dict[str, object]:
    return login._asdict() | {"ends_at": json_time(login.ends_at)}


@contextmanager
def _changed(name: str) -> Iterator[dict[str, Any]]:
    """What a file holds, to be changed: written when the block ends. Another process waits meanwhile."""
    make_folder(state_folder())
    path = state_folder() / name
    with locked(path.with_suffix(".lock"), waits=True):
        found = _read(name)
        yield found
        replace_file(path, json.dumps(found).encode())


def _read(name: str) -> dict[str, Any]:
    try:
        found = json.loads(read_file(state_folder() / name))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
