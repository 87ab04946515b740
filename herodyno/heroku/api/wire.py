"""The API's JSON becomes the nouns of `herodyno.dynos`. Null, missing and extra fields are accepted.

Every `..._from` function takes one reply's JSON and raises Unusable for another shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from herodyno.dynos import App, Dyno, DynoSize, Formation, Generation, Release, natural_order, process_type_of
from herodyno.heroku.api.fields import Fields, Unusable, list_from


class Account(NamedTuple):
    """The account of a token. `name` may be "": it is optional at Heroku."""

    email: str
    id: str = ""
    name: str = ""
    two_factor: bool = False
    suspended_at: datetime | None = None
    delinquent_at: datetime | None = None


class FormationUpdate(NamedTuple):
    """The change of one process type. `quantity` None or `size` "" leaves that value as it is."""

    type: str
    quantity: int | None = None
    size: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOff:
    """A one-off dyno just started. `attach_url` is a secret (it opens a shell on the dyno), "" when not attached."""

    dyno: Dyno
    attach_url: str = field(default="", repr=False)


def account_from(json: object, path: str = "account") -> Account:
    """GET /account."""
    fields = Fields(json, path)
    return Account(
        email=fields.text("email"),
        id=fields.text("id"),
        name=fields.text("name"),
        two_factor=fields.flag("two_factor_authentication"),
        suspended_at=fields.time("suspended_at"),
        delinquent_at=fields.time("delinquent_at"),
    )


def app_from(json: object, path: str = "app") -> App:
    """GET /apps/{app}."""
    fields = Fields(json, path)
    space = fields.inner("space")
    return App(
        name=fields.text("name"),
        id=fields.text("id"),
        generation=_generation(fields),
        stack=fields.inner("stack").text("name"),
        maintenance=fields.flag("maintenance"),
        space=space.text("name"),
        shield=space.flag("shield"),
        team=fields.inner("team").text("name") or fields.inner("organization").text("name"),
        released_at=fields.time("released_at"),
    )


def dyno_from(json: object, path: str = "dyno") -> Dyno:
    """GET /apps/{app}/dynos/{dyno}, and one item of the list."""
    fields = Fields(json, path)
    name = fields.text("name")
    return Dyno(
        name=name,
        id=fields.text("id"),
        type=fields.text("type") or process_type_of(name),
        state=fields.text("state"),
        size=fields.text("size"),
        command=fields.text("command"),
        release=fields.inner("release").whole("version"),
        created_at=fields.time("created_at"),
        updated_at=fields.time("updated_at"),
    )


def apps_from(json: object) -> list[App]:
    """GET /apps."""
    return list_from(json, "apps", app_from)


def dynos_from(json: object) -> list[Dyno]:
    """GET /apps/{app}/dynos, in natural order."""
    return sorted(list_from(json, "dynos", dyno_from), key=lambda dyno: natural_order(dyno.name))


def one_off_from(json: object) -> OneOff:
    """POST /apps/{app}/dynos."""
    return OneOff(dyno=dyno_from(json), attach_url=Fields(json, "dyno").text("attach_url"))


def formation_from(json: object) -> list[Formation]:
    """GET and PATCH /apps/{app}/formation."""
    return list_from(json, "formation", _formation_item)


def _formation_item(json: object, path: str) -> Formation:
    fields = Fields(json, path)
    return Formation(
        type=fields.text("type"),
        quantity=fields.whole("quantity") or 0,
        size=fields.text("size") or fields.inner("dyno_size").text("name"),
        command=fields.text("command"),
    )


def releases_from(json: object) -> list[Release]:
    """GET /apps/{app}/releases, newest first. An item without a version is left out."""
    found = list_from(json, "releases", release_from)
    return sorted((each for each in found if each.version), key=lambda each: -each.version)


def release_from(json: object, path: str = "release") -> Release:
    """GET /apps/{app}/releases/{release}, one item of the list, and the reply of POST /apps/{app}/releases."""
    fields = Fields(json, path)
    return Release(
        version=fields.whole("version") or 0,
        id=fields.text("id"),
        status=fields.text("status"),
        description=fields.text("description"),
        user=fields.inner("user").text("email"),
        current=fields.flag("current"),
        created_at=fields.time("created_at"),
        slug_id=fields.inner("slug").text("id") or fields.inner("oci_image").text("id"),
        can_roll_back=fields.optional_flag("eligible_for_rollback"),
    )


def sizes_from(json: object) -> list[DynoSize]:
    """GET /apps/{app}/available-dyno-sizes. The cost is an object {cents, unit}, or null without a price."""
    return list_from(json, "dyno-sizes", _size_from)


def _size_from(json: object, path: str) -> DynoSize:
    fields = Fields(json, path)
    cost = fields.inner("cost")
    return DynoSize(
        name=fields.text("name"),
        id=fields.text("id"),
        memory_gb=fields.number("memory"),
        compute=fields.whole("compute"),
        dedicated=fields.flag("dedicated"),
        cost_cents=cost.whole("cents"),
        cost_unit=cost.text("unit"),
    )


def log_url_from(json: object) -> str:
    """POST /apps/{app}/log-sessions: the URL, a secret."""
    url = Fields(json, "log-session").text("logplex_url")
    if not url:
        raise Unusable("log-session.logplex_url: missing")
    return url


def remaining_from(json: object) -> int:
    """GET /account/rate-limits: the calls that remain."""
    remaining = Fields(json, "rate-limit").whole("remaining")
    if remaining is None:
        raise Unusable("rate-limit.remaining: missing")
    return remaining


def enabled_from(json: object) -> bool:
    """GET /apps/{app}/features/{feature}: whether it is on."""
    return Fields(json, "feature").flag("enabled")


def updates_json(updates: Sequence[FormationUpdate]) -> dict[str, object]:
    """The body of PATCH /apps/{app}/formation: absolute numbers, Heroku's size names."""
    items: list[dict[str, object]] = []
    for update in updates:
        item: dict[str, object] = {"type": update.type}
        if update.quantity is not None:
            item["quantity"] = update.quantity
        if update.size:
            item["size"] = private_size(update.size)
        items.append(item)
    return {"updates": items}


def private_size(size: str) -> str:
    """The API's name of a size: Private-M for the size that the dashboard and the Heroku CLI call Shield-M."""
    return f"Private-{size[7:]}" if size.lower().startswith("shield-") else size


def _generation(fields: Fields) -> Generation:
    # The API's version=3 answers an object {id, name}, its version=3.sdk a string.
    name = fields.text("generation") or fields.inner("generation").text("name")
    return "fir" if name.lower() == "fir" else "cedar"
