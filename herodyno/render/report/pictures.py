"""The pictures of a report in the order people read them: a name, what it shows, when there is something to draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from herodyno.render.report import compared, numbers, over_time, strips
from herodyno.render.report.columns import Data
from herodyno.render.report.style import Spec, config
from herodyno.render.text import Table

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
# What no browser is needed for: an image's text in the fonts that come with the renderer, dark on white.
_IMAGE = config(ink="#222222", font="sans-serif") | {"background": "white"}


class Picture(NamedTuple):
    """One picture. `shows` is its title. `has` says whether the data holds anything of it, `numbers` are its table."""

    name: str
    shows: str
    has: Callable[[Data], bool]
    spec: Callable[[Data], Spec]
    numbers: Callable[[Data], Table]


def _over_time(column: str) -> Callable[[Data], bool]:
    return lambda data: data.clock is not None and any(data.tables["cells"][column])


def _of_dynos(column: str) -> Callable[[Data], bool]:
    return lambda data: any(data.tables["dynos"].get(column, ()))


def _levels_now(data: Data) -> bool:
    dynos = data.tables["dynos"]
    return any(mb and running for mb, running in zip(dynos.get("mb", ()), dynos.get("running", ()), strict=True))


PICTURES = (
    Picture("errors", "Server errors by dyno over time", _over_time("errors"), strips.errors,
            numbers.peaks("errors", sums=True)),
    Picture("events", "Releases, restarts, scaling and ends of dynos", lambda data: bool(data.tables["events"]["t"]),
            strips.events, numbers.events),
    Picture("share", "Share of the requests against share of the errors", _of_dynos("requests"),
            compared.share, numbers.shares),
    Picture("requests", "Requests by dyno, the failed ones in front", _over_time("requests"), over_time.requests,
            numbers.peaks("requests", sums=True)),
    Picture("latency", "Median service time by dyno in ms, requests without error", _over_time("p50"),
            over_time.latency, numbers.peaks("p50", "ms")),
    Picture("service", "How many requests took how long, failed ones on top",
            lambda data: any(data.tables["service"]["ms"]), compared.service, numbers.steps),
    Picture("memory", "Memory by dyno in MB: swap on top, dashes are the quota, triangles R14", _over_time("mb"),
            over_time.memory, numbers.peaks("mb", "MB")),
    Picture("age", "Memory in MB by the age of each dyno under one name, dashes are the quota", _of_dynos("born"),
            compared.by_age, numbers.ages),
    Picture("swap", "Swap by dyno in MB", _over_time("swap"), over_time.swap,
            numbers.peaks("swap", "MB")),
    Picture("load", "Load average of 1 minute by dyno", _over_time("load"), over_time.load, numbers.peaks("load")),
    Picture("use", "Memory in use against the quota, swap as the second part", _levels_now, compared.use,
            numbers.use),
    Picture("changes", "Failures before and after each change, 95 % intervals",
            lambda data: bool(data.tables["compared"]["when"]), compared.before_after, numbers.rates),
)  # fmt: skip
OVERVIEW = ("errors", "events", "share", "memory")
NAMES = tuple(picture.name for picture in PICTURES)


def drawn(data: Data) -> list[Picture]:
    """The pictures that this data can fill."""
    return [picture for picture in PICTURES if picture.has(data)]


def image_spec(data: Data, name: str) -> Spec | None:
    """The whole specification of one picture as an image, with its data and caption; None with nothing to draw.

    "overview" is those pictures, below one another, that a person asks for first.
    """
    wanted = OVERVIEW if name == "overview" else (name,)
    found = [picture for picture in drawn(data) if picture.name in wanted]
    if not found:
        return None
    spec: Spec = {"title": {"text": found[0].shows, "subtitle": data.caption}, **found[0].spec(data)}
    if name == "overview":
        parts = [{"title": picture.shows, **picture.spec(data)} for picture in found]
        params: list[Spec] = next((part["params"] for part in parts if "params" in part), [])
        parts = [{key: value for key, value in part.items() if key != "params"} for part in parts]
        spec = {"title": {"text": data.caption}, "params": params, "vconcat": parts,
                "resolve": {"scale": {"color": "independent", "shape": "independent", "x": "independent"}}}  # fmt: skip
    return {"$schema": SCHEMA, "config": _IMAGE, "datasets": data.rows(), "padding": 12, **spec}
