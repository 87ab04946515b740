"""Log sessions and log drains. The lines themselves come from the session's URL: see logplex."""

from __future__ import annotations

from herodyno.sandbox.api.answers.shape import pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply, text
from herodyno.sandbox.api.state import LogSession
from herodyno.sandbox.world.nouns import App, Drain, Refused

# What may be asked for; `version=3` renamed `dyno` to `dyno_name` in 2025 and older clients still send `dyno`.
ASKED = {
    "3": {"dyno", "dyno_name", "type", "lines", "source", "tail"},
    "3.sdk": {"dyno", "type", "lines", "source", "tail"},
}


def create_session(call: Call) -> Reply:
    app, wanted = call.app, call.body
    wanted = {key: value for key, value in wanted.items() if value is not None}
    for key in wanted:
        if key not in ASKED[call.variant]:
            raise Refused(422, "invalid_params", f"Unknown parameter: {key}.")
    lines = wanted.get("lines")
    if lines is not None and (not isinstance(lines, int) or isinstance(lines, bool) or lines < 0):
        raise Refused(422, "invalid_params", "lines must be a number.")
    fir = app.generation == "fir"
    session = LogSession(
        id=call.desk.new_id(),
        app=app.name,
        created_at=call.world.now,
        tail=fir or bool(wanted.get("tail")),
        lines=0 if fir else lines,
        source=text(wanted, "source"),
        dyno=text(wanted, "dyno") or text(wanted, "dyno_name"),
        type=text(wanted, "type"),
    )
    secret = call.desk.new_secret()
    call.desk.sessions[secret] = session
    call.world.log_session_created(app.name)
    at = time(session.created_at)
    url = f"{call.desk.options.log_url}/sessions/{secret}?srv={int(session.created_at.timestamp())}"
    return Reply(status=201, body={"created_at": at, "id": session.id, "logplex_url": url, "updated_at": at})


def drain_shape(app: App, drain: Drain) -> Json:
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
    app = call.app
    return Reply(body=[drain_shape(app, each) for each in app.drains], ranges=("id",))


def add_drain(call: Call) -> Reply:
    app, url = call.app, text(call.body, "url")
    if not url:
        raise Refused(422, "invalid_params", "Require url.")
    return Reply(status=201, body=drain_shape(app, call.world.add_drain(app.name, url)))


def drain_info(call: Call) -> Reply:
    app = call.app
    for each in app.drains:
        if call.args[1] in (each.id, each.token, each.url):
            return Reply(body=drain_shape(app, each))
    raise Refused(404, "not_found", "Couldn't find that log drain.", resource="log_drain")


def remove_drain(call: Call) -> Reply:
    app = call.app
    return Reply(body=drain_shape(app, call.world.remove_drain(app.name, call.args[1])))
