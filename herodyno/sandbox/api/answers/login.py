"""Logins: authorizations (tokens), sessions, the browser login, and the second factor in advance."""

from __future__ import annotations

from herodyno.sandbox.api.answers.shape import fixed_id, time
from herodyno.sandbox.api.messages import Call, Json, Reply, text
from herodyno.sandbox.api.state import Authorization, Desk
from herodyno.sandbox.world.nouns import Refused


def authorization_shape(desk: Desk, one: Authorization) -> Json:
    return {
        "access_token": {
            "expires_in": one.expires_in,
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
        "scope": ["global"],
        "session": None,
        "updated_at": time(one.created_at),
        "user": {"id": desk.account.id, "email": desk.account.email, "full_name": desk.account.name or None},
    }


def authorize(call: Call) -> Reply:
    """A new token. The door lets nobody in here without a Basic or Bearer header."""
    sent = call.body
    expires_in = sent.get("expires_in")
    if expires_in is not None and (not isinstance(expires_in, int) or expires_in < 1):
        raise Refused(422, "invalid_params", "expires_in must be a number of seconds.")
    made = _new_authorization(call, text(sent, "description"), expires_in)
    return Reply(status=201, body=authorization_shape(call.desk, made))


def list_authorizations(call: Call) -> Reply:
    return Reply(body=[authorization_shape(call.desk, each) for each in call.desk.authorizations], ranges=("id",))


def authorization(call: Call) -> Reply:
    return Reply(body=authorization_shape(call.desk, _find(call)))


def revoke(call: Call) -> Reply:
    found = _find(call)
    call.desk.authorizations.remove(found)
    call.desk.revoked.add(found.token)
    return Reply(body=authorization_shape(call.desk, found))


def end_session(call: Call) -> Reply:
    """Logging out of a session; a token that came from an authorization has none."""
    raise Refused(404, "not_found", "Couldn't find that session.", resource="session")


def pre_authorize(call: Call) -> Reply:
    """The second factor for one app in advance; the code itself is checked at the door."""
    app = call.app
    call.desk.pre_authorized.add(app.name)
    return Reply(status=201, body={"app": {"id": app.id, "name": app.name}})


def begin_browser_login(call: Call) -> Reply:
    """First step of the browser login: an address for the browser, one for the CLI, and its token."""
    secret = call.desk.new_secret()
    call.desk.browser_logins[secret] = text(call.body, "description")
    return Reply(
        status=201,
        body={"browser_url": f"/auth/browser/{secret}", "cli_url": f"/auth/cli/{secret}", "token": secret},
    )


def browser_page(call: Call) -> Reply:
    """What the browser shows."""
    page = b"<!doctype html><title>Sandbox</title><p>Logged in to the sandbox. You can close this page."
    return Reply(body=page, headers={"Content-Type": "text/html; charset=utf-8"})


def finish_browser_login(call: Call) -> Reply:
    """The CLI waits here for its token; the sandbox says yes for the person at the browser."""
    description = call.desk.browser_logins.pop(call.args[0], None)
    if description is None:
        raise Refused(404, "not_found", "Couldn't find that login.")
    made = _new_authorization(call, description, None)
    return Reply(body={"access_token": made.token})


def _new_authorization(call: Call, description: str, expires_in: int | None) -> Authorization:
    desk = call.desk
    token = f"HRKU-SANDBOX-{desk.new_secret()}"
    made = Authorization(
        id=desk.new_id(),
        token=token,
        description=description,
        created_at=call.world.now,
        expires_in=expires_in,
    )
    desk.authorizations.append(made)
    return made


def _find(call: Call) -> Authorization:
    """By id. "~" is the account's API key, not the token in use (heroku-cli-command: logout); here there is none."""
    for each in call.desk.authorizations:
        if call.args[0] == each.id:
            return each
    raise Refused(404, "not_found", "Couldn't find that authorization.", resource="authorization")
