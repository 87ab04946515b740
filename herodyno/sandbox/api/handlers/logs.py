"""Log sessions and log drains. The lines of a session come from its URL: see doors/logplex.py."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply, text
from herodyno.sandbox.api.state import LogSession
from herodyno.sandbox.world.resources import App, Drain, Refused

# Parameters of a log session. In 2025 `version=3` renamed `dyno` to `dyno_name`; older clients still send `dyno`.
PARAMETERS = {
    "3": {"dyno", "dyno_name", "type", "lines", "source", "tail"},
    "3.sdk": {"dyno", "type", "lines", "source", "tail"},
}


def create_session(call: Call) -> Reply:
    """Create a log session. Refused (422) for an unknown parameter or a bad number.

    On Fir a session always tails and has no history.
    """
    app, wanted = call.app, call.body
    wanted = {key: value for key, value in wanted.items() if value is not None}
    for key in wanted:
        if key not in PARAMETERS[call.variant]:
            raise Refused(422, "invalid_params", f"Unknown parameter: {key}.")
    lines = wanted.get("lines")
    if lines is not None and (not isinstance(lines, int) or isinstance(lines, bool) or lines < 0):
        raise Refused(422, "invalid_params", "lines must be a number.")
    fir = app.generation == "fir"
    session = LogSession(
        id=call.state.new_id(),
        app=app.name,
        created_at=call.world.now,
        tail=fir or bool(wanted.get("tail")),
        lines=0 if fir else lines,
        source=text(wanted, "source"),
        dyno=text(wanted, "dyno") or text(wanted, "dyno_name"),
        type=text(wanted, "type"),
    )
    secret = call.state.new_secret()
    call.state.sessions[secret] = session
    call.world.log_session_created(app.name)
    at = time(session.created_at)
    url = f"{call.state.options.log_url}/sessions/{secret}?srv={int(session.created_at.timestamp())}"
    return Reply(status=201, body={"created_at": at, "id": session.id, "logplex_url": url, "updated_at": at})


def drain_json(app: App, drain: Drain) -> Json:
    """A log drain as JSON."""
    return {
        "addon": None,
        "app": pair(app),
        "created_at": time(drain.created_at),
        "id": drain.id,
        "token": drain.token,
        "updated_at": time(drain.updated_at),
        "url": drain.url,
    }


def list_drains(call: Call) -> Reply:
    """The log drains of an app."""
    app = call.app
    return Reply(body=[drain_json(app, each) for each in app.drains], ranges=("id",))


def add_drain(call: Call) -> Reply:
    """Add a log drain. Refused (422) without a URL, and on Fir, which has telemetry drains instead."""
    app, url = call.app, text(call.body, "url")
    if app.generation == "fir":
        raise Refused(422, "invalid_params", "Log drains are not available for Fir-generation apps.")
    if not url:
        raise Refused(422, "invalid_params", "Require url.")
    return Reply(status=201, body=drain_json(app, call.world.add_drain(app.name, url)))


def drain_info(call: Call) -> Reply:
    """One log drain by id, token or URL. Refused (404) when there is none."""
    app = call.app
    for each in app.drains:
        if call.args[1] in (each.id, each.token, each.url):
            return Reply(body=drain_json(app, each))
    raise Refused(404, "not_found", "Couldn't find that log drain.", resource="log_drain")


def remove_drain(call: Call) -> Reply:
    """Remove a log drain by id, token or URL."""
    app = call.app
    return Reply(body=drain_json(app, call.world.remove_drain(app.name, call.args[1])))
