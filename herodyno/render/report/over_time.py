"""Small plots over time, one a dyno: one function a picture, each a Vega-Lite specification as a plain dictionary.

Every one has the window as its x axis, and a line that the page's slider moves (`at`). A gap is drawn as a gap. A
restart begins a new line, since it is a new dyno.
"""

from __future__ import annotations

from herodyno.render.report.columns import Data
from herodyno.render.report.style import (
    GREEN,
    ORANGE,
    SKY,
    VERMILLION,
    WIDTH,
    Spec,
    at_of,
    clock_of,
    of_dyno,
    place,
    plot_height,
    slider,
    time_axis,
    unseen,
)

_STEPS: Spec = {"type": "area", "interpolate": "step-after"}


def requests(data: Data) -> Spec:
    """Requests per cell and dyno, the failed ones in front."""
    layers = [
        {
            "mark": _STEPS | {"color": color},
            "encoding": {"y": _amount(field) | {"stack": "zero"}, "detail": {"field": "r"}},
        }
        for field, color in (("requests", SKY), ("errors", VERMILLION))
    ]
    return _by_dyno(data, layers, "datum.requests != null")


def latency(data: Data) -> Spec:
    """The median service time of requests without error, per cell and dyno."""
    y = _amount("p50")
    layers = [
        {"mark": {"type": "line", "interpolate": "step-after"},
         "encoding": {"y": y, "detail": {"field": "r"}}},
        _lone_points("p50"),
    ]  # fmt: skip
    return _by_dyno(data, layers)


def memory(data: Data) -> Spec:
    """Memory per dyno: the highest level of each cell, swap as a second tone on top, the quota, and marks of R14."""
    y = _amount("mb")
    layers: list[Spec] = [
        {"mark": _STEPS | {"color": SKY}, "encoding": {"y": y, "detail": {"field": "r"}}},
        {
            "transform": [{"calculate": "datum.swap == null ? null : datum.mb - datum.swap", "as": "without_swap"}],
            "mark": _STEPS | {"color": ORANGE},
            "encoding": {"y": y, "y2": {"field": "without_swap"}, "detail": {"field": "r"}},
        },
        _lone_points("mb"),
        _quota(),
        {
            "transform": [{"filter": "datum.r14 == 1"}],
            "mark": {
                "type": "point",
                "shape": "triangle-down",
                "color": VERMILLION,
                "size": 45,
                "filled": True,
                "stroke": "white",
                "strokeWidth": 1,
            },
            "encoding": {"y": {"value": 5}},
        },
    ]
    return _by_dyno(data, layers)


def swap(data: Data) -> Spec:
    """Swap per dyno: the highest of each cell."""
    y = _amount("swap")
    layers: list[Spec] = [
        {"mark": _STEPS | {"color": ORANGE}, "encoding": {"y": y, "detail": {"field": "r"}}},
        _lone_points("swap"),
    ]
    return _by_dyno(data, layers)


def load(data: Data) -> Spec:
    """Load average of 1 minute per dyno: the highest of each cell."""
    layers = [
        {"mark": _STEPS | {"color": GREEN}, "encoding": {"y": _amount("load"), "detail": {"field": "r"}}},
        _lone_points("load"),
    ]
    return _by_dyno(data, layers)


def _by_dyno(data: Data, layers: list[Spec], keep: str = "true") -> Spec:
    """A small plot for each dyno on one scale, its name inside, so that the time axes of all pictures line up."""
    clock = clock_of(data)
    name = {
        "transform": [{"aggregate": [{"op": "count", "as": "n"}], "groupby": ["dyno"]}],
        "mark": {"type": "text", "align": "left", "baseline": "top", "fontSize": 11, "fontWeight": "bold"},
        "encoding": {"text": {"field": "dyno"}, "x": {"value": 4}, "y": {"value": 2}},
    }
    return {
        "params": [at_of(data)],
        "data": {"name": "cells"},
        "transform": [*place(clock), of_dyno("quota"), {"filter": "datum.dyno != null && datum.order < 1000"},
                      {"filter": keep}],
        "facet": {"row": {"field": "dyno", "type": "nominal", "sort": {"field": "order", "op": "min"}, "header": None}},
        "spec": {
            "width": WIDTH,
            "height": plot_height(len(data.names)),
            "encoding": {"x": time_axis(clock)},
            "layer": [*layers, unseen(), name, slider(data)],
        },
    }  # fmt: skip


def _amount(field: str) -> Spec:
    """A y axis that begins at zero. The levels of two dynos that have one name for a while are not added up."""
    return {
        "field": field,
        "type": "quantitative",
        "stack": None,
        "scale": {"zero": True, "domainMin": 0},
        "axis": {"title": None, "tickCount": 3},
    }


def _lone_points(field: str) -> Spec:
    """A value between two gaps has no line. It is drawn as a point."""
    beside = [{"op": op, "field": field, "as": op} for op in ("lag", "lead")]
    return {
        "transform": [
            {"window": beside, "groupby": ["r"], "sort": [{"field": "i"}]},
            {"filter": f"datum.{field} != null && datum.lag == null && datum.lead == null"},
        ],
        "mark": {"type": "point", "filled": True, "size": 14},
        "encoding": {"y": _amount(field)},
    }


def _quota() -> Spec:
    return {
        "transform": [{"aggregate": [{"op": "max", "field": "quota", "as": "quota"}], "groupby": ["dyno"]}],
        "mark": {"type": "rule", "strokeDash": [4, 3]},
        "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": {"field": "quota", "type": "quantitative"}},
    }
