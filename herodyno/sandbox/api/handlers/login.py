"""Logins: authorizations (tokens), sessions, the browser login, and pre-authorization by a second factor."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import fixed_id, time
from herodyno.sandbox.api.messages import Call, Json, Reply, text
from herodyno.sandbox.api.scopes import SCOPES
from herodyno.sandbox.api.state import Authorization
from herodyno.sandbox.world.resources import Refused


def authorization_json(call: Call, one: Authorization) -> Json:
    """An authorization as JSON, with its token."""
    account = call.state.account
    return {
        "access_token": {
            "expires_in": one.seconds_left(call.world.now),
            "id": fixed_id("tokens", one.id),
            "token": one.token,
            "version": 1,
        },
        "client": None,
        "created_at": time(one.created_at),
        "description": one.description,
        "grant": None,
        "id": one.id,
        "refresh_token": None,
        "scope": list(one.scope),
        "session": None,
        "updated_at": time(one.created_at),
        "user": {"id": account.id, "email": account.email, "full_name": account.name or None},
    }


def authorize(call: Call) -> Reply:
    """Make a token. The call has passed the access check, so it has a Basic or Bearer header."""
    sent = call.body
    expires_in = _seconds(sent.get("expires_in"))
    made = _new_authorization(call, text(sent, "description"), expires_in, _scope(sent.get("scope")))
    return Reply(status=201, body=authorization_json(call, made))


def _seconds(wanted: object) -> int | None:
    """The life of a token. heroku/cli sends the text that was typed: "3600"."""
    if isinstance(wanted, str) and wanted.isascii() and wanted.isdecimal():
        wanted = int(wanted[:12])
    if wanted is None or (type(wanted) is int and wanted > 0):
        return wanted
    raise Refused(422, "invalid_params", "expires_in must be a number of seconds.")


def _scope(wanted: object) -> tuple[str, ...]:
    """The scopes that are asked for; `global` where none is, as the official CLI relies on."""
    if wanted is None:
        return ("global",)
    if not isinstance(wanted, list):
        raise Refused(422, "invalid_params", "Require array: scope.")  # Heroku's words: heroku-cli-oauth, issue 14
    if unknown := [each for each in wanted if each not in SCOPES] or ([] if wanted else ["nothing"]):
        raise Refused(422, "invalid_params", f"There is no scope {unknown[0]}.")
    return tuple(wanted)


def list_authorizations(call: Call) -> Reply:
    """All authorizations of the account."""
    return Reply(body=[authorization_json(call, each) for each in call.state.authorizations], ranges=("id",))


def authorization(call: Call) -> Reply:
    """One authorization by id."""
    return Reply(body=authorization_json(call, _find(call)))


def revoke(call: Call) -> Reply:
    """Revoke an authorization. Its token gets 401 from now on."""
    found = _find(call)
    call.state.authorizations.remove(found)
    call.state.revoked.add(found.token)
    return Reply(body=authorization_json(call, found))


def end_session(call: Call) -> Reply:
    """Log out of a session. Refused (404): a token of an authorization has no session."""
    raise Refused(404, "not_found", "Couldn't find that session.", resource="session")


def pre_authorize(call: Call) -> Reply:
    """Pre-authorize one app. The access check has compared the code."""
    app = call.app
    call.state.pre_authorized.add(app.name)
    return Reply(status=201, body={"app": {"id": app.id, "name": app.name}})


def begin_browser_login(call: Call) -> Reply:
    """First step of the browser login: a URL for the browser, a URL for the CLI, and the CLI's token."""
    secret = call.state.new_secret()
    call.state.browser_logins[secret] = text(call.body, "description")
    return Reply(
        status=201,
        body={"browser_url": f"/auth/browser/{secret}", "cli_url": f"/auth/cli/{secret}", "token": secret},
    )


def browser_page(call: Call) -> Reply:
    """The page that the browser shows."""
    page = b"<!doctype html><title>Sandbox</title><p>Logged in to the sandbox. You can close this page."
    return Reply(body=page, headers={"Content-Type": "text/html; charset=utf-8"})


def finish_browser_login(call: Call) -> Reply:
    """Last step of the browser login: the CLI gets its token. The sandbox accepts every login."""
    description = call.state.browser_logins.pop(call.args[0], None)
    if description is None:
        raise Refused(404, "not_found", "Couldn't find that login.")
    made = _new_authorization(call, description)
    return Reply(body={"access_token": made.token})


def _new_authorization(
    call: Call, description: str, expires_in: int | None = None, scope: tuple[str, ...] = ("global",)
) -> Authorization:
    state = call.state
    token = f"HRKU-SANDBOX-{state.new_secret()}"
    made = Authorization(
        id=state.new_id(),
        token=token,
        description=description,
        created_at=call.world.now,
        expires_in=expires_in,
        scope=scope,
    )
    state.authorizations.append(made)
    return made


def _find(call: Call) -> Authorization:
    """The authorization of an id. The sandbox has no "~", the API key of an account (heroku-cli-command: logout)."""
    for each in call.state.authorizations:
        if call.args[0] == each.id:
            return each
    raise Refused(404, "not_found", "Couldn't find that authorization.", resource="authorization")
