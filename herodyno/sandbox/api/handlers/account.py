"""The account: its user, the calls that are left, Eco hours, and the features of its apps."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import fixed_id, in_variant, time
from herodyno.sandbox.api.messages import Call, Json, Reply
from herodyno.sandbox.heroku_facts import ECO_HOURS
from herodyno.sandbox.world.resources import App, Refused

# Fields of the account that are null.
EMPTY = (
    *("acknowledged_msa_at", "country_of_residence", "default_organization", "default_team", "delinquent_at"),
    *("eco_dynos_shutdown_at", "identity_provider", "italian_customer_terms", "italian_partner_terms", "last_login"),
    *("mfa_exemption_reason", "pipeline_cost_consent_at", "sms_number", "suspended_at"),
)

# App features that the CLI or an operator asks about, with Heroku's words.
FEATURES = {
    "http-session-affinity": "Enable session affinity for all requests",
    "log-runtime-metrics": "Emit dyno resource usage information into app logs",
    "preboot": "Provide seamless web dyno deploys",
    "runtime-heroku-exec": "Enable access to dynos through heroku ps:exec",
}

# Those that `heroku labs` lists and `heroku features` does not. Dev Center, "Heroku Labs: log-runtime-metrics".
_LABS = frozenset({"log-runtime-metrics"})


def account(call: Call) -> Reply:
    """The account of the token."""
    user = call.state.account
    made = time(min((app.created_at for app in call.world.apps.values()), default=call.world.now))
    two_factor = bool(call.state.options.two_factor)
    full: Json = dict.fromkeys(EMPTY) | {
        "acknowledged_msa": False,
        "allow_tracking": False,
        "beta": False,
        "created_at": made,
        "eco_dynos_enabled": True,
        "email": user.email,
        "federated": False,
        "id": user.id,
        "mfa_enabled": two_factor,
        "mfa_exemption": False,
        "mfa_experience": "vaas",
        "name": user.name or None,
        "two_factor_authentication": two_factor,
        "updated_at": made,
        "verified": True,
    }
    return Reply(body=in_variant("account", call.variant, full))


def rate_limits(call: Call) -> Reply:
    """The calls that are left."""
    return Reply(body={"remaining": call.state.remaining(call.world.now)})


def eco_quota(call: Call) -> Reply:
    """The Eco hours of the account, beyond the schema. Refused (404) for an account without an Eco app."""
    eco = [app for app in call.world.apps.values() if app.process_tier == "eco"]
    if not eco or call.args[0] != call.state.account.id:
        raise Refused(404, "not_found", "No eco subscription.")
    used = {app.id: _eco_seconds(call, app) for app in eco}
    body = {
        "account_quota": ECO_HOURS * 3600,
        "account_uuid": call.state.account.id,
        "apps": [{"app_uuid": app_id, "quota_used": seconds} for app_id, seconds in used.items()],
        "force_idle_until": None,
        "quota_used": sum(used.values()),
    }
    return Reply(body=body)


def _eco_seconds(call: Call, app: App) -> int:
    """The seconds that the incarnations of an app existed. Heroku does not count those in which a dyno sleeps."""
    spans = ((each.created_at, each.ended_at or call.world.now) for each in app.incarnations())
    return sum(int((end - start).total_seconds()) for start, end in spans)


def account_features(call: Call) -> Reply:
    """The features of an account: none."""
    return Reply(body=[])


def features(call: Call) -> Reply:
    """All features of an app."""
    return Reply(body=[_feature(call, call.app, name) for name in FEATURES], ranges=("id", "name"))


def feature(call: Call) -> Reply:
    """One feature of an app. Refused (404) for an unknown name."""
    return Reply(body=_feature(call, call.app, call.args[1]))


def set_feature(call: Call) -> Reply:
    """Switch a feature. Refused: 404 for an unknown name, 422 without `enabled`."""
    app, name, enabled = call.app, call.args[1], call.body.get("enabled")
    _feature(call, app, name)
    if not isinstance(enabled, bool):
        raise Refused(422, "invalid_params", "Require enabled, true or false.")
    if name == "log-runtime-metrics":
        app.runtime_metrics = enabled
    elif name == "http-session-affinity":
        app.session_affinity = enabled
    elif name == "preboot":
        app.preboot = enabled
    else:
        call.state.features[app.id, name] = enabled
    return Reply(body=_feature(call, app, name))


def _feature(call: Call, app: App, name: str) -> Json:
    if name not in FEATURES:
        raise Refused(404, "not_found", "Couldn't find that feature.", resource="feature")
    of_the_app = {
        "log-runtime-metrics": app.runtime_metrics,
        "http-session-affinity": app.session_affinity,
        "preboot": app.preboot,
    }
    return {
        "created_at": time(app.created_at),
        "description": FEATURES[name],
        "display_name": name,
        "doc_url": f"https://devcenter.heroku.com/articles/{name}",
        "enabled": of_the_app.get(name, call.state.features.get((app.id, name), False)),
        "feedback_email": "feedback@example.com",
        "id": fixed_id("features", name),
        "name": name,
        "state": "public" if name in _LABS else "general",
        "updated_at": time(app.updated_at),
    }
