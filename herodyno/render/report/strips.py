"""Strips over time: a row for each dyno or event, each a Vega-Lite specification as a plain dictionary."""

from __future__ import annotations

from herodyno.render.report.columns import Data
from herodyno.render.report.style import (
    GREY,
    VERMILLION,
    WIDTH,
    Spec,
    clock_of,
    of_dyno,
    place,
    rows_by_dyno,
    slider,
    time_axis,
    timed,
    tooltip,
    unseen,
)

_ROW = 22  # the height of a row
# With so few cells each is wide enough for its number.
_NUMBERED_CELLS = 48
_TOLD_EVENTS = 12


def errors(data: Data) -> Spec:
    """Heat strip: a row for each dyno, a cell for each span of time, as dark as its errors."""
    clock = clock_of(data)
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
    return timed(data, {"step": _ROW}) | {
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
                    "tooltip": tooltip("label", "errors", "requests"),
                },
            },
            {
                "data": {"name": "dynos"},
                "transform": [{"filter": "datum.first > 0"}, *lived],
                "mark": {"type": "tick", "thickness": 2, "size": _ROW, "orient": "vertical"},
                "encoding": {"tooltip": tooltip("label")},
            },
            *([count] if clock.cells <= _NUMBERED_CELLS else []),
            {
                "data": {"name": "events"},
                "mark": {"type": "rule", "strokeDash": [3, 3], "opacity": 0.6, "tooltip": True},
                "encoding": {"y": None, "tooltip": tooltip("text")},
            },
            unseen(y=None),
            {"data": {"values": [{}]}, **slider(data, y=None)},
        ],
    }


def events(data: Data) -> Spec:
    """Event lane: releases, restarts, scaling and ends of dynos, a row for each kind."""
    clock = clock_of(data)
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
    return timed(data, {"step": _ROW}) | {
        "data": {"name": "events"},
        "encoding": encoding,
        "layer": [
            {"mark": mark, "encoding": {"shape": shape, "tooltip": tooltip("text")}},
            *told,
            slider(data, y=None),
        ],
    }
