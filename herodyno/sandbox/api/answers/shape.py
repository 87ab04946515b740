"""What all shapes share: times, ids of fixed things, and the two variants of the schema.

A shape is written once, as `version=3.sdk` shows it; `in_variant` takes away what `version=3` does not have.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from herodyno.sandbox.api.messages import Json, Variant
from herodyno.sandbox.world.nouns import App, Named

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
    """`full` as the variant shows it: `version=3` has fewer fields and a generation with an id."""
    if variant == "3.sdk":
        return full
    shown = {key: value for key, value in full.items() if key not in SDK_ONLY[kind]}
    if isinstance(shown.get("generation"), str):
        shown["generation"] = generation_pair(shown["generation"])
    return shown


def fixed_id(*words: str) -> str:
    """The id of a thing that is the same in every world: a stack, a region, a feature."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "https://api.heroku.com/" + "/".join(words)))


def generation_pair(name: str) -> Json:
    return {"id": fixed_id("generations", name), "name": name}


def pair(thing: Named | App | None) -> Json | None:
    """{id, name}, as nouns point at one another."""
    return None if thing is None else {"id": thing.id, "name": thing.name}


def time(at: datetime | None) -> str | None:
    """To the second, in UTC, as the API writes times."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
