"""The API's JSON becomes our nouns: tolerant of null, missing and extra fields, exact about what cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from herodyno.dynos import App, Dyno, DynoSize, Formation, Generation, Release, natural_order, process_type_of
from herodyno.heroku.api.fields import Fields, Unusable, list_from


class Account(NamedTuple):
    """Whose token it is. `name` may be "" (people need not give one)."""

    email: str
    id: str = ""
    name: str = ""
    two_factor: bool = False
    suspended_at: datetime | None = None
    delinquent_at: datetime | None = None


class FormationUpdate(NamedTuple):
    """What to change for one process type; None leaves quantity, "" leaves size as it is."""

    type: str
    quantity: int | None = None
    size: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOff:
    """A one-off dyno just made. `attach_url` is a secret (a shell on the dyno), "" when not attached."""

    dyno: Dyno
    attach_url: str = field(default="", repr=False)


def account_from(json: object, path: str = "account") -> Account:
    """GET /account."""
    it = Fields(json, path)
    return Account(
        email=it.text("email"),
        id=it.text("id"),
        name=it.text("name"),
        two_factor=it.flag("two_factor_authentication"),
        suspended_at=it.time("suspended_at"),
        delinquent_at=it.time("delinquent_at"),
    )


def app_from(json: object, path: str = "app") -> App:
    """GET /apps/{app}."""
    it = Fields(json, path)
    space = it.inner("space")
    return App(
        name=it.text("name"),
        id=it.text("id"),
        generation=_generation(it),
        stack=it.inner("stack").text("name"),
        maintenance=it.flag("maintenance"),
        space=space.text("name"),
        shield=space.flag("shield"),
        team=it.inner("team").text("name") or it.inner("organization").text("name"),
        released_at=it.time("released_at"),
    )


def dyno_from(json: object, path: str = "dyno") -> Dyno:
    """GET /apps/{app}/dynos/{dyno}, and an item of the list."""
    it = Fields(json, path)
    name = it.text("name")
    return Dyno(
        name=name,
        id=it.text("id"),
        type=it.text("type") or process_type_of(name),
        state=it.text("state"),
        size=it.text("size"),
        command=it.text("command"),
        release=it.inner("release").whole("version"),
        created_at=it.time("created_at"),
        updated_at=it.time("updated_at"),
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
    it = Fields(json, path)
    return Formation(
        type=it.text("type"),
        quantity=it.whole("quantity") or 0,
        size=it.text("size") or it.inner("dyno_size").text("name"),
        command=it.text("command"),
    )


def releases_from(json: object) -> list[Release]:
    """GET /apps/{app}/releases, newest first; an item without a version is no release and is left out."""
    found = list_from(json, "releases", _release_from)
    return sorted((one for one in found if one.version), key=lambda one: -one.version)


def _release_from(json: object, path: str) -> Release:
    it = Fields(json, path)
    return Release(
        version=it.whole("version") or 0,
        id=it.text("id"),
        status=it.text("status"),
        description=it.text("description"),
        user=it.inner("user").text("email"),
        current=it.flag("current"),
        created_at=it.time("created_at"),
    )


def sizes_from(json: object) -> list[DynoSize]:
    """GET /apps/{app}/available-dyno-sizes. The cost is an object {cents, unit}, or null where no price is told."""
    return list_from(json, "dyno-sizes", _size_from)


def _size_from(json: object, path: str) -> DynoSize:
    it = Fields(json, path)
    cost = it.inner("cost")
    return DynoSize(
        name=it.text("name"),
        id=it.text("id"),
        memory_gb=it.number("memory"),
        compute=it.whole("compute"),
        dedicated=it.flag("dedicated"),
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
    """GET /account/rate-limits."""
    remaining = Fields(json, "rate-limit").whole("remaining")
    if remaining is None:
        raise Unusable("rate-limit.remaining: missing")
    return remaining


def enabled_from(json: object) -> bool:
    """GET /apps/{app}/features/{feature}."""
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
    """The API's name of a size: it knows Private-M where people say Shield-M."""
    return f"Private-{size[7:]}" if size.lower().startswith("shield-") else size


def _generation(it: Fields) -> Generation:
    # version=3 answers an object {id, name}, version=3.sdk a string.
    name = it.text("generation") or it.inner("generation").text("name")
    return "fir" if name.lower() == "fir" else "cedar"
