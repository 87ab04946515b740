"""Every call that the sandbox answers, and what goes beyond Heroku's published schema, with its source."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from herodyno.sandbox.api.handlers import (
    account,
    addons,
    apps,
    dynos,
    formation,
    login,
    logs,
    pipelines,
    releases,
    status,
    teams,
    telemetry,
)
from herodyno.sandbox.api.messages import Call, Reply


class Route(NamedTuple):
    """A call and its handler. `path` has {} for a varying part, {*} for a varying part that may hold slashes.

    A `free` call needs no token and takes nothing from the rate limit.
    """

    method: str
    path: str
    answer: Callable[[Call], Reply]
    free: bool = False


ROUTES = (
    Route("GET", "/account", account.account),
    Route("GET", "/account/features", account.account_features),
    Route("GET", "/account/rate-limits", account.rate_limits),
    Route("GET", "/accounts/{}/actions/get-quota", account.eco_quota),
    Route("GET", "/addon-attachments", addons.attachments),
    Route("GET", "/addons", addons.addons),
    Route("GET", "/api/v4/current-status", status.current_status, free=True),
    Route("GET", "/apps", apps.list_apps),
    Route("GET", "/apps/{}", apps.info),
    Route("PATCH", "/apps/{}", apps.update),
    Route("GET", "/apps/{}/addon-attachments", addons.attachments_of_app),
    Route("GET", "/apps/{}/addons", addons.addons_of_app),
    Route("GET", "/apps/{}/addons/{}", addons.addon),
    Route("GET", "/apps/{}/available-dyno-sizes", dynos.available_sizes),
    Route("GET", "/apps/{}/buildpack-installations", apps.buildpacks),
    Route("GET", "/apps/{}/collaborators", apps.collaborators),
    Route("GET", "/apps/{}/config-vars", apps.config_vars),
    Route("PATCH", "/apps/{}/config-vars", apps.set_config_vars),
    Route("GET", "/apps/{}/domains", apps.domains),
    Route("GET", "/apps/{}/dynos", dynos.list_dynos),
    Route("POST", "/apps/{}/dynos", dynos.create),
    Route("DELETE", "/apps/{}/dynos", dynos.restart_all),
    Route("GET", "/apps/{}/dynos/{}", dynos.info),
    Route("POST", "/apps/{}/dynos/{}", dynos.run_inside),
    Route("DELETE", "/apps/{}/dynos/{}", dynos.restart_one),
    Route("POST", "/apps/{}/dynos/{}/actions/stop", dynos.stop_one),
    Route("GET", "/apps/{}/features", account.features),
    Route("GET", "/apps/{}/features/{}", account.feature),
    Route("PATCH", "/apps/{}/features/{}", account.set_feature),
    Route("GET", "/apps/{}/formation", formation.list_formation),
    Route("PATCH", "/apps/{}/formation", formation.scale),
    Route("GET", "/apps/{}/formation/{}", formation.info),
    Route("PATCH", "/apps/{}/formation/{}", formation.scale_one),
    Route("DELETE", "/apps/{}/formations/{}", dynos.restart_type),
    Route("POST", "/apps/{}/formations/{}/actions/stop", dynos.stop_type),
    Route("GET", "/apps/{}/log-drains", logs.list_drains),
    Route("POST", "/apps/{}/log-drains", logs.add_drain),
    Route("GET", "/apps/{}/log-drains/{*}", logs.drain_info),
    Route("DELETE", "/apps/{}/log-drains/{*}", logs.remove_drain),
    Route("POST", "/apps/{}/log-sessions", logs.create_session),
    Route("GET", "/apps/{}/pipeline-couplings", pipelines.coupling_of_app),
    Route("PUT", "/apps/{}/pre-authorizations", login.pre_authorize),
    Route("GET", "/apps/{}/releases", releases.list_releases),
    Route("POST", "/apps/{}/releases", releases.create),
    Route("GET", "/apps/{}/releases/{}", releases.info),
    Route("GET", "/apps/{}/releases/{}/config-vars", releases.config_vars),
    Route("GET", "/apps/{}/sni-endpoints", apps.certificates),
    Route("GET", "/apps/{}/telemetry-drains", telemetry.list_of_app),
    Route("POST", "/auth", login.begin_browser_login, free=True),
    Route("GET", "/auth/browser/{}", login.browser_page, free=True),
    Route("GET", "/auth/cli/{}", login.finish_browser_login, free=True),
    Route("GET", "/dyno-sizes", dynos.list_sizes),
    Route("GET", "/dyno-sizes/{}", dynos.size_info),
    Route("GET", "/oauth/authorizations", login.list_authorizations),
    Route("POST", "/oauth/authorizations", login.authorize),
    Route("GET", "/oauth/authorizations/{}", login.authorization),
    Route("DELETE", "/oauth/authorizations/{}", login.revoke),
    Route("DELETE", "/oauth/sessions/{}", login.end_session),
    Route("GET", "/pipelines/{}", pipelines.pipeline),
    Route("GET", "/pipelines/{}/pipeline-couplings", pipelines.couplings),
    Route("GET", "/spaces", teams.list_spaces),
    Route("GET", "/spaces/{}", teams.space),
    Route("GET", "/spaces/{}/dynos", teams.space_dynos),
    Route("GET", "/spaces/{}/telemetry-drains", telemetry.list_of_space),
    Route("GET", "/teams", teams.list_teams),
    Route("GET", "/teams/{}", teams.team),
    Route("GET", "/teams/{}/apps", teams.team_apps),
    Route("POST", "/telemetry-drains", telemetry.create),
    Route("GET", "/telemetry-drains/{}", telemetry.info),
    Route("PATCH", "/telemetry-drains/{}", telemetry.update),
    Route("DELETE", "/telemetry-drains/{}", telemetry.remove),
    Route("GET", "/users/{}/apps", apps.list_apps),
)

# What clients need beyond the schema: (call, what, source).
BEYOND_THE_SCHEMA = (
    ("GET /accounts/{}/actions/get-quota", "the Eco quota", "heroku/cli: ps, version=3.account-quotas"),
    ("GET /api/v4/current-status", "the status page, on a host of its own", "heroku/cli: status"),
    ("GET /apps/{}", "process_tier in version=3.sdk", "heroku/cli: ps reads it to show the Eco quota"),
    ("PATCH /apps/{}/formation", 'quantity as a string, "3" or "+1"; size as a name', "heroku/cli: ps:scale, ps:type"),
    ("PATCH /apps/{}/formation/{}", 'quantity as a string, "3" or "+1"; size as a name', "heroku3: scale, resize"),
    ("POST /apps/{}/log-sessions", "dyno in version=3, beside dyno_name", "heroku3: stream_log"),
    ("GET /apps/{}/pipeline-couplings", "pipeline.name", "heroku/cli: apps:info prints it"),
    ("GET /pipelines/{}/pipeline-couplings", "pipeline.name", "heroku/cli: apps:info prints it"),
    ("PUT /apps/{}/pre-authorizations", "the second factor in advance", "heroku-cli-command: two_factor"),
    ("POST /auth", "browser login, first step", "heroku-cli-command: login"),
    ("GET /auth/browser/{}", "browser login, the person's part", "heroku-cli-command: login"),
    ("GET /auth/cli/{}", "browser login, last step", "heroku-cli-command: login"),
    ("POST /oauth/authorizations", 'expires_in as a string, "3600"; no scope', "heroku/cli: authorizations:create"),
    ("DELETE /oauth/sessions/{}", "the end of a session", "heroku/cli: logout"),
    ("GET /spaces/{}/dynos", "dynos by app", "heroku/cli: spaces:ps"),
)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a decoded path, and the varying parts of the path. None when there is no route."""
    for route, pattern in _PATTERNS:
        if route.method == method and (found := pattern.fullmatch(path)):
            return route, found.groups()
    return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(r"\{\}", "([^/]+)").replace(r"\{\*\}", "(.+)"))


_PATTERNS = [(route, _pattern(route.path)) for route in ROUTES]
