"""Fields that many resources share as JSON: times, fixed ids, and the two variants of the schema.

A resource is written once, as `version=3.sdk` shows it. `in_variant` takes away what `version=3` does not have.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from herodyno.sandbox.api.messages import Json, Variant
from herodyno.sandbox.world.resources import App, Named

# Fields that only `version=3.sdk` shows. Source: the two published schema files, compared.
SDK_ONLY = {
    "account": {
        *("acknowledged_msa", "acknowledged_msa_at", "eco_dynos_enabled", "eco_dynos_shutdown_at"),
        *("italian_customer_terms", "italian_partner_terms", "mfa_enabled", "mfa_exemption"),
        *("mfa_exemption_reason", "mfa_experience", "pipeline_cost_consent_at"),
    },
    "app": {"base_image_name", "buildpacks", "current_build_architecture", "process_tier"},
    "dyno-size": {"can_autoscale", "infrastructure_tier", "product_dyno_tier"},
    "release": {"oci_image"},
    "space": set[str](),
    "team": {"pipeline_cost_consent_at", "pipeline_cost_consent_user_email"},
}


def in_variant(kind: str, variant: Variant, full: Json) -> Json:
    """The resource `full` as the variant shows it. `version=3` has fewer fields and a generation with an id.

    `kind` is a key of SDK_ONLY.
    """
    if variant == "3.sdk":
        return full
    shown = {key: value for key, value in full.items() if key not in SDK_ONLY[kind]}
    if isinstance(shown.get("generation"), str):
        shown["generation"] = generation_pair(shown["generation"])
    return shown


def fixed_id(*words: str) -> str:
    """An id that is the same in every world: of a stack, a region, a feature."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "https://api.heroku.com/" + "/".join(words)))


def generation_pair(name: str) -> Json:
    """A generation as {id, name}."""
    return {"id": fixed_id("generations", name), "name": name}


def pair(thing: Named | App | None) -> Json | None:
    """{id, name}, as one resource refers to another. None stays None."""
    return None if thing is None else {"id": thing.id, "name": thing.name}


def time(at: datetime | None) -> str | None:
    """A time as the API writes it: in UTC, to the second. None stays None."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
