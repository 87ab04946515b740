"""What belongs to an account and not to one app: the apps of a team, the apps of a pipeline, the dyno sizes."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from herodyno.dynos import App, DynoSize
from herodyno.errors import UsageError
from herodyno.heroku.api import wire
from herodyno.heroku.api.fields import Fields, list_from
from herodyno.heroku.api.pages import decoded, read_pages
from herodyno.heroku.api.transport import Transport
from herodyno.heroku_facts import LARGEST_PAGE_ITEMS

_WHOLE_PAGES = f"id ..; max={LARGEST_PAGE_ITEMS}"


class Coupling(NamedTuple):
    """An app in a pipeline. `stage` is test, review, development, staging or production."""

    app_id: str
    stage: str


def team_apps(transport: Transport, team: str) -> list[App]:
    """The apps of a team, by the team's name or id."""
    path = f"/teams/{_segment(team, '--team')}/apps"
    return read_pages(transport, path, wire.apps_from, first_range=_WHOLE_PAGES)


def pipeline_couplings(transport: Transport, pipeline: str) -> list[Coupling]:
    """The apps of a pipeline, by the pipeline's name or id. The API lists them by the id only."""
    found = decoded(transport.request("GET", f"/pipelines/{_segment(pipeline, '--pipeline')}"), _id_from)
    path = f"/pipelines/{_segment(found, '--pipeline')}/pipeline-couplings"
    return read_pages(transport, path, _couplings_from, first_range=_WHOLE_PAGES)


def all_sizes(transport: Transport) -> list[DynoSize]:
    """Every dyno size that Heroku has, with a price where the API gives one."""
    return read_pages(transport, "/dyno-sizes", wire.sizes_from)


def _segment(name: str, flag: str) -> str:
    """A name as a path segment. Raises UsageError for a name that would lead to another call."""
    if not name or name in (".", "..") or not name.isprintable():
        raise UsageError(f"{flag} {name[:60]!r} is no name; nothing was sent")
    return quote(name, safe="")


def _id_from(json: object) -> str:
    return Fields(json, "pipeline").text("id")


def _couplings_from(json: object) -> list[Coupling]:
    return list_from(json, "pipeline-couplings", _coupling_from)


def _coupling_from(json: object, path: str) -> Coupling:
    fields = Fields(json, path)
    return Coupling(fields.inner("app").text("id"), fields.text("stage"))
