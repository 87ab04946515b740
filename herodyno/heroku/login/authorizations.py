"""OAuth authorizations: a token made, found among those of the account, and revoked.

Only a token of scope `global`, or the password, makes, lists or revokes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from herodyno.errors import BadReply
from herodyno.heroku.login.login_calls import LoginCalls, refusal
from herodyno.heroku.net.request_headers import checked_token

GLOBAL = ("global",)
_REDACTED = "*" * 10  # the API shows an older token as "HRKU-1234**********abcd"
_FEWEST_SHOWN = 8  # characters that the API must show to identify a token; all tokens begin with "HRKU-"

_LONGEST_SECONDS = 10**9  # ours: a time so far away is still one that Python can tell


@dataclass(frozen=True, slots=True)
class Authorization:
    """What Heroku tells of one. `seconds_left` is None for a token without an end. `account` is an e-mail address.

    `token` is as the API shows it: some letters may be hidden.
    """

    id: str = ""
    scope: tuple[str, ...] = ()
    seconds_left: int | None = None
    account: str = ""
    token: str = field(default="", repr=False)

    def ends_at(self, now: datetime) -> datetime | None:
        """When the token ends, told at `now`."""
        return None if self.seconds_left is None else now + timedelta(seconds=self.seconds_left)


def bearer(token: str) -> dict[str, str]:
    """The header of a call with the token."""
    return {"Authorization": f"Bearer {token}"}


def authorize(
    calls: LoginCalls,
    api: str,
    credentials: Mapping[str, str],
    *,
    description: str,
    expires_in: timedelta,
    scope: Sequence[str] = GLOBAL,
) -> Authorization:
    """A new token, with what Heroku gave: its scope and its end may be others than those asked for.

    `description` is shown in the dashboard. Raises what Heroku's refusal means. A reply without the account's address
    gives a token all the same, of account "": it is made, and only who has it can revoke it.
    """
    body = {"description": description, "expires_in": int(expires_in.total_seconds()), "scope": list(scope)}
    reply = calls.ask("POST", f"{api}/oauth/authorizations", credentials, body)
    made = _from(reply)
    if made is None:
        raise BadReply("the reply has no access_token.token")
    token = checked_token(made.token, source="Heroku's reply")
    user = reply.get("user")
    email = user.get("email") if isinstance(user, dict) else None
    return Authorization(made.id, made.scope, made.seconds_left, email if isinstance(email, str) else "", token)


def authorization_of(calls: LoginCalls, api: str, token: str) -> Authorization | None:
    """The token's authorization; None when the API shows it not at all, or too little of the tokens to tell them apart.

    A browser login's session has none, and a token that is not `global` may not look.
    """
    reply = calls.send("GET", f"{api}/oauth/authorizations", bearer(token))
    entries = reply.json() if reply.is_success else []
    every = [_from(entry) for entry in entries] if isinstance(entries, list) else []
    own = [each for each in every if each and _is(token, each.token)]
    return own[0] if len(own) == 1 else None


def revoke(calls: LoginCalls, api: str, token: str) -> bool:
    """Revoke the token's session or authorization. False when there was nothing to revoke.

    The account's API key (the authorization "~") is never revoked: the dashboard shows it, and other programs may use
    it. The Heroku CLI spares it too.
    """
    revoked = bool(_delete(calls, f"{api}/oauth/sessions/~", token))
    own = authorization_of(calls, api, token)
    if own is None:
        return revoked
    reply = calls.send("GET", f"{api}/oauth/authorizations/~", bearer(token))
    api_key = reply.json() if reply.is_success else None
    if isinstance(api_key, dict) and api_key.get("id") == own.id:
        return revoked
    return revoke_by_id(calls, api, own.id, token) or revoked


def revoke_by_id(calls: LoginCalls, api: str, authorization: str, token: str) -> bool | None:
    """Revoke an authorization of the token's account.

    False when the account has none of this id, None when Heroku does not take the token.

    Raises BadReply without an id, RefusedByHeroku when the token's scope is not `global`.
    """
    if not authorization:
        raise BadReply("the reply has no id")
    return _delete(calls, f"{api}/oauth/authorizations/{quote(authorization, safe='')}", token)


def _from(entry: Any) -> Authorization | None:
    """None for what has no token in it."""
    access = entry.get("access_token") if isinstance(entry, dict) else None
    if not isinstance(access, dict) or not isinstance(token := access.get("token"), str) or not token:
        return None
    name, scope, seconds = entry.get("id"), entry.get("scope"), access.get("expires_in")
    return Authorization(
        id=name if isinstance(name, str) else "",
        scope=tuple(each for each in scope if isinstance(each, str)) if isinstance(scope, list) else (),
        seconds_left=min(max(seconds, 0), _LONGEST_SECONDS) if isinstance(seconds, int) else None,
        token=token,
    )


def _is(token: str, shown: str) -> bool:
    begin, hidden, end = shown.partition(_REDACTED)
    if not hidden:
        return token == shown
    return len(begin + end) >= _FEWEST_SHOWN and token.startswith(begin) and token.endswith(end)


def _delete(calls: LoginCalls, url: str, token: str) -> bool | None:
    reply = calls.send("DELETE", url, bearer(token))
    if reply.status == 401:
        return None
    if reply.is_success or reply.status == 404:
        return reply.is_success
    raise refusal(reply)
