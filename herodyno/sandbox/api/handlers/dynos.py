"""Dynos: list, info, one-off dynos, restart, stop, and the dyno sizes."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import generation_pair, in_variant, pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply, Variant, text
from herodyno.sandbox.api.state import Attachment
from herodyno.sandbox.heroku_facts import LONGEST_TIME_TO_LIVE
from herodyno.sandbox.world.resources import App, Dyno, Refused, Size


def dyno_json(app: App, dyno: Dyno, attach_url: str | None = None) -> Json:
    """A dyno as JSON. Only a new attached dyno has an `attach_url`."""
    release = next(each for each in app.releases if each.version == dyno.release)
    return {
        "app": pair(app),
        "attach_url": attach_url,
        "command": dyno.command,
        "created_at": time(dyno.created_at),
        "id": dyno.id,
        "name": dyno.name,
        "release": {"id": release.id, "version": release.version},
        "size": dyno.size,
        "state": dyno.state,
        "type": dyno.type,
        "updated_at": time(dyno.updated_at),
    }


def size_json(size: Size, variant: Variant) -> Json:
    """A dyno size as JSON. `memory` is in GB."""
    full = {
        "architecture": "amd64",
        "can_autoscale": size.can_autoscale,
        "compute": size.compute,
        "cost": None if size.cost_cents is None else {"cents": size.cost_cents, "unit": "month"},
        "dedicated": size.dedicated,
        "generation": generation_pair(size.generation),
        "id": size.id,
        "infrastructure_tier": size.tier,
        "memory": size.memory_mb / 1024,
        "name": size.name,
        "precise_dyno_units": size.precise_dyno_units,
        "private_space_only": size.private_space_only,
        "product_dyno_tier": size.tier,
    }
    return in_variant("dyno-size", variant, full)


def list_dynos(call: Call) -> Reply:
    """The dynos of an app, by a list that is seconds behind."""
    app = call.app
    return Reply(body=[dyno_json(app, each) for each in call.world.listed_dynos(app.name)], ranges=("id", "name"))


def info(call: Call) -> Reply:
    """One dyno by name or id."""
    app = call.app
    return Reply(body=dyno_json(app, call.world.dyno(app.name, call.args[1])))


def create(call: Call) -> Reply:
    """Start a one-off dyno. The reply for an attached dyno has the secret URL of its rendezvous."""
    app, wanted = call.app, call.body
    command, env = _command_and_env(wanted)
    time_to_live = wanted.get("time_to_live")
    if time_to_live is not None and not (isinstance(time_to_live, int) and 0 < time_to_live <= LONGEST_TIME_TO_LIVE):
        raise Refused(422, "invalid_params", f"time_to_live must be between 1 and {LONGEST_TIME_TO_LIVE} seconds.")
    attach = bool(wanted.get("attach"))
    dyno = call.world.run(
        app.name,
        command,
        attach=attach,
        size=text(wanted, "size"),
        type=text(wanted, "type") or "run",
        env=env,
        time_to_live=time_to_live,
    )
    tty = not wanted.get("force_no_tty")
    awaited = Attachment(app=app.name, dyno=dyno.name, command=command, env=env, tty=tty)
    url = _attach_url(call, awaited) if attach else None
    return Reply(status=201, body=dyno_json(app, dyno, url))


def run_inside(call: Call) -> Reply:
    """Start a second process in a dyno that runs already (`heroku run:inside`, Fir)."""
    app = call.app
    dyno = call.world.dyno(app.name, call.args[1])
    command, env = _command_and_env(call.body)
    awaited = Attachment(app=app.name, dyno=dyno.name, command=command, env=env, inside=True)
    return Reply(status=201, body={"attach_url": _attach_url(call, awaited)})


def _command_and_env(wanted: Json) -> tuple[str, dict[str, str]]:
    command, env = text(wanted, "command"), wanted.get("env", {})
    if not command.strip():
        raise Refused(422, "invalid_params", "Require command.")
    if not isinstance(env, dict):
        raise Refused(422, "invalid_params", "env must be an object.")
    return command, {str(name): str(value) for name, value in env.items()}


def _attach_url(call: Call, awaited: Attachment) -> str:
    secret = call.state.new_secret()
    call.state.attachments[secret] = awaited
    return f"rendezvous://{call.state.options.rendezvous}/{secret}"


def restart_all(call: Call) -> Reply:
    """Restart every dyno of an app."""
    call.world.restart(call.app.name)
    return Reply(status=202, body={})


def restart_one(call: Call) -> Reply:
    """Restart one dyno."""
    call.world.restart(call.app.name, dyno=call.args[1])
    return Reply(status=202, body={})


def restart_type(call: Call) -> Reply:
    """Restart the dynos of one process type."""
    call.world.restart(call.app.name, type=call.args[1])
    return Reply(status=202, body={})


def stop_one(call: Call) -> Reply:
    """Stop one dyno."""
    call.world.stop(call.app.name, dyno=call.args[1])
    return Reply(status=202, body={})


def stop_type(call: Call) -> Reply:
    """Stop the dynos of one process type."""
    call.world.stop(call.app.name, type=call.args[1])
    return Reply(status=202, body={})


def list_sizes(call: Call) -> Reply:
    """All dyno sizes."""
    return Reply(body=[size_json(size, call.variant) for size in call.world.sizes.values()], ranges=("id", "name"))


def size_info(call: Call) -> Reply:
    """One dyno size by id or name."""
    by_id = {size.id: size for size in call.world.sizes.values()}
    return Reply(body=size_json(by_id.get(call.args[0]) or call.world.size(call.args[0]), call.variant))


def available_sizes(call: Call) -> Reply:
    """The dyno sizes that an app may use."""
    fitting = [size_json(size, call.variant) for size in call.world.sizes_for(call.app.name)]
    return Reply(body=fitting, ranges=("id", "name"))
