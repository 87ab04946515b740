"""Pictures over time: one function a picture, each a Vega-Lite specification as a plain dictionary.

Every one has the window as its x axis, and a line that the page's slider moves (`at`). A gap is drawn as a gap. A
restart begins a new line, since it is a new dyno.
"""

from __future__ import annotations

from typing import Any

from herodyno.render.report.columns import Data
from herodyno.render.report.style import (
    GREEN,
    GREY,
    ORANGE,
    SKY,
    VERMILLION,
    WIDTH,
    Spec,
    of_dyno,
    place,
    plot_height,
    rows_by_dyno,
    time_axis,
)

_ROW = 22  # the height of a row of the strip
_STEPS: Spec = {"type": "area", "interpolate": "step-after"}
# With so few cells each is wide enough for its number.
_NUMBERED_CELLS = 48
_TOLD_EVENTS = 12


def errors(data: Data) -> Spec:
    """Heat strip: a row for each dyno, a cell for each span of time, as dark as its errors."""
    clock = _clock(data)
    lived = [
        {"calculate": f"{clock.start_ms} + datum.first * {clock.cell_ms}", "as": "t"},
        {"calculate": f"{clock.start_ms} + datum.end * {clock.cell_ms}", "as": "t2"},
    ]
    failed = {"data": {"name": "cells"}, "transform": [{"filter": "datum.errors > 0"}, *place(clock), of_dyno()]}
    count = {
        **failed,
        "mark": {"type": "text", "fontSize": 10, "color": "black", "dx": WIDTH / clock.cells / 2},
        "encoding": {"text": {"field": "errors"}},
    }
    color = {
        "field": "errors",
        "type": "quantitative",
        "scale": {"range": ["#F7C6A3", VERMILLION], "domainMin": 0},
        "legend": None,
    }
    return _timed(data, {"step": _ROW}) | {
        "encoding": {"x": time_axis(clock), "y": rows_by_dyno()},
        "layer": [
            {
                "data": {"name": "dynos"},
                "transform": lived,
                "mark": {"type": "rect", "color": GREY, "opacity": 0.2, "height": {"band": 0.86}},
                "encoding": {"x2": {"field": "t2"}},
            },
            {
                **failed,
                "mark": {"type": "rect", "height": {"band": 0.86}, "tooltip": True},
                "encoding": {
                    "x2": {"field": "t2"},
                    "color": color,
                    "tooltip": _tooltip("label", "errors", "requests"),
                },
            },
            {
                "data": {"name": "dynos"},
                "transform": [{"filter": "datum.first > 0"}, *lived],
                "mark": {"type": "tick", "thickness": 2, "size": _ROW, "orient": "vertical"},
                "encoding": {"tooltip": _tooltip("label")},
            },
            *([count] if clock.cells <= _NUMBERED_CELLS else []),
            {
                "data": {"name": "events"},
                "mark": {"type": "rule", "strokeDash": [3, 3], "opacity": 0.6, "tooltip": True},
                "encoding": {"y": None, "tooltip": _tooltip("text")},
            },
            {"data": {"values": [{}]}, **_slider(data, y=None)},
        ],
    }


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


def events(data: Data) -> Spec:
    """Event lane: releases, restarts, scaling and ends of dynos, a row for each kind."""
    clock = _clock(data)
    texts = len(data.tables["events"]["t"])
    # With few events each has a row of its own, and its text beside it.
    row = {"field": "n" if texts <= _TOLD_EVENTS else "kind", "type": "nominal", "title": None}
    unlabelled = {"labels": False, "ticks": False, "domain": False}
    encoding = {"x": time_axis(clock), "y": row | {"sort": None, "axis": unlabelled if texts <= _TOLD_EVENTS else {}}}
    middle = (clock.start_ms + clock.end_ms) // 2
    sides = (("datum.t < ", "left", 8), ("datum.t >= ", "right", -8)) if texts <= _TOLD_EVENTS else ()
    told = [
        {
            "transform": [{"filter": f"{side}{middle}"}],
            "mark": {"type": "text", "align": align, "dx": dx, "limit": WIDTH // 2 - 12},
            "encoding": {"text": {"field": "text"}},
        }
        for side, align, dx in sides
    ]
    mark = {"type": "point", "filled": True, "size": 70, "tooltip": True}
    shape = {"field": "kind", "type": "nominal", "legend": None}
    return _timed(data, {"step": _ROW}) | {
        "data": {"name": "events"},
        "encoding": encoding,
        "layer": [
            {"mark": mark, "encoding": {"shape": shape, "tooltip": _tooltip("text")}},
            *told,
            _slider(data, y=None),
        ],
    }


def _by_dyno(data: Data, layers: list[Spec], keep: str = "true") -> Spec:
    """A small plot for each dyno on one scale, its name inside, so that the time axes of all pictures line up."""
    clock = _clock(data)
    name = {
        "transform": [{"aggregate": [{"op": "count", "as": "n"}], "groupby": ["dyno"]}],
        "mark": {"type": "text", "align": "left", "baseline": "top", "fontSize": 11, "fontWeight": "bold"},
        "encoding": {"text": {"field": "dyno"}, "x": {"value": 4}, "y": {"value": 2}},
    }
    return {
        "params": [_at(data)],
        "data": {"name": "cells"},
        "transform": [*place(clock), of_dyno("quota"), {"filter": "datum.dyno != null && datum.order < 1000"},
                      {"filter": keep}],
        "facet": {"row": {"field": "dyno", "type": "nominal", "sort": {"field": "order", "op": "min"}, "header": None}},
        "spec": {
            "width": WIDTH,
            "height": plot_height(len(data.names)),
            "encoding": {"x": time_axis(clock)},
            "layer": [*layers, name, _slider(data)],
        },
    }  # fmt: skip


def _clock(data: Data) -> Any:
    assert data.clock is not None, "pictures over time need a log with times"
    return data.clock


def _timed(data: Data, height: int | Spec) -> Spec:
    return {"params": [_at(data)], "width": WIDTH, "height": height}


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


def _at(data: Data) -> Spec:
    """The time of the slider; before the window until the page sets it."""
    return {"name": "at", "value": _clock(data).start_ms - 1}


def _slider(data: Data, **more: Any) -> Spec:
    """The line at the time that the page's slider shows. An image has none."""
    clock = _clock(data)
    across = f"(at - {clock.start_ms}) / {clock.end_ms - clock.start_ms} * {WIDTH}"
    return {
        "transform": [{"aggregate": [{"op": "count", "as": "n"}]}],
        "mark": {"type": "rule", "strokeWidth": 2, "opacity": {"expr": f"at < {clock.start_ms} ? 0 : 1"}},
        "encoding": {"x": {"value": {"expr": across}}, **more},
    }


def _tooltip(*fields: str) -> list[Spec]:
    return [{"field": field, "type": "nominal"} for field in fields]
