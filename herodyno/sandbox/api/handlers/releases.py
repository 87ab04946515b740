"""Releases: list, info, rollback."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import in_variant, pair, time
from herodyno.sandbox.api.messages import Call, Json, Reply, Variant, text
from herodyno.sandbox.world.resources import App, Refused, Release


def release_json(app: App, release: Release, variant: Variant) -> Json:
    """A release as JSON."""
    fir = app.generation == "fir"
    current = release.version == app.release.version
    full = {
        "addon_plan_names": ["heroku-postgresql:essential-0"] if "DATABASE_URL" in app.config else [],
        "app": pair(app),
        "artifacts": [{"type": "oci-image" if fir else "slug", "id": release.slug_id}],
        "created_at": time(release.created_at),
        "current": current,
        "description": release.description,
        # The one that runs, too: the official CLI's bare `rollback` takes the second that is eligible.
        "eligible_for_rollback": release.status == "succeeded",
        "id": release.id,
        "oci_image": {"id": release.slug_id} if fir else None,
        "output_stream_url": None,
        "slug": None if fir else {"id": release.slug_id},
        "status": release.status,
        "updated_at": time(release.updated_at),
        "user": {"email": release.user.email, "id": release.user.id},
        "version": release.version,
    }
    return in_variant("release", variant, full)


def list_releases(call: Call) -> Reply:
    """All releases of an app."""
    app = call.app
    return Reply(body=[release_json(app, each, call.variant) for each in app.releases], ranges=("version", "id"))


def info(call: Call) -> Reply:
    """One release by version or id."""
    app = call.app
    return Reply(body=release_json(app, _find(app, call.args[1]), call.variant))


def config_vars(call: Call) -> Reply:
    """The config vars of a release. The sandbox keeps one set for all releases of an app."""
    _find(call.app, call.args[1])
    return Reply(body=dict(call.app.config))


def create(call: Call) -> Reply:
    """Roll back. Refused (422) for a release from a slug, which the sandbox does not make."""
    app, wanted = call.app, text(call.body, "release")
    if not wanted:
        raise Refused(422, "invalid_params", "The sandbox makes releases only by rollback: send `release`.")
    made = call.world.rollback(app.name, _find(app, wanted).id)
    return Reply(status=201, body=release_json(app, made, call.variant))


def _find(app: App, version_or_id: str) -> Release:
    for each in app.releases:
        if version_or_id in (each.id, str(each.version), f"v{each.version}"):
            return each
    raise Refused(404, "not_found", "Couldn't find that release.", resource="release")
