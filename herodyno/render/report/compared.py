"""Pictures that compare dynos with one another, and times with one another; one function a picture."""

from __future__ import annotations

from herodyno.render.report.columns import Data
from herodyno.render.report.style import (
    GREEN,
    ORANGE,
    SKY,
    VERMILLION,
    WIDTH,
    Spec,
    clock_of,
    of_dyno,
    place,
    plot_height,
    rows_by_label,
    tooltip,
)

_SHARE = {"type": "quantitative", "axis": {"format": ".0%", "title": None, "values": [0, 0.25, 0.5, 0.75, 1]}}
# The last step of the histogram: no request to a dyno takes longer, but one that stays open may.
_SLOWEST_MS = 65_536
# The worst come first. Tables hold the others.
_MOST_BARS = 30


def share(data: Data) -> Spec:
    """Two bars for each dyno: its share of the requests, its share of the errors. The difference is the message."""
    return {
        "width": WIDTH,
        "height": {"step": 13},
        "data": {"name": "dynos"},
        "transform": [
            {"filter": f"datum.requests > 0 && datum.r < {_MOST_BARS}"},
            {"fold": ["request_share", "error_share"], "as": ["of", "share"]},
            {"calculate": "datum.of == 'request_share' ? 'requests' : 'errors'", "as": "what"},
            {"calculate": "datum.of == 'request_share' ? datum.requests : datum.errors", "as": "n"},
            {"calculate": "datum.n == 1 ? substring(datum.what, 0, length(datum.what) - 1) : datum.what", "as": "noun"},
            {"calculate": "format(datum.share, '.0%') + '  ' + format(datum.n, ',') + ' ' + datum.noun", "as": "words"},
        ],
        "encoding": {
            "y": rows_by_label(),
            "yOffset": {"field": "what", "sort": ["requests", "errors"]},
            "x": {"field": "share", **_SHARE, "scale": {"domain": [0, 1.25], "nice": False}},
        },
        "layer": [
            {
                "mark": {"type": "bar"},
                "encoding": {
                    "color": {
                        "field": "what",
                        "scale": {"domain": ["requests", "errors"], "range": [SKY, VERMILLION]},
                    }
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10},
                "encoding": {"text": {"field": "words"}},
            },
        ],
    }


def use(data: Data) -> Spec:
    """The last memory level of each dyno that runs against its quota, swap as a second tone."""
    y = rows_by_label()
    x = {"type": "quantitative", "axis": {"title": "MB", "tickCount": 6}, "scale": {"domainMin": 0}}
    return {
        "width": WIDTH,
        "height": {"step": 22},
        "data": {"name": "dynos"},
        "transform": [
            {"filter": f"datum.mb != null && datum.running == 1 && datum.r < {_MOST_BARS}"},
            {"calculate": "datum.mb - max(0, datum.swap)", "as": "without_swap"},
            {"calculate": "format(datum.mb, ',.0f') + ' MB' + (datum.used == null ? '' : ', ' + datum.used + ' %')",
             "as": "words"},
        ],
        "layer": [
            {"mark": {"type": "bar", "color": SKY}, "encoding": {"y": y, "x": {"field": "without_swap", **x}}},
            {"mark": {"type": "bar", "color": ORANGE},
             "encoding": {"y": y, "x": {"field": "without_swap", **x}, "x2": {"field": "mb"}}},
            {"mark": {"type": "tick", "thickness": 2, "size": 20}, "encoding": {"y": y, "x": {"field": "quota", **x}}},
            {"mark": {"type": "text", "align": "left", "dx": 6},
             "encoding": {"y": y, "x": {"field": "mb", **x}, "text": {"field": "words"}}},
        ],
    }  # fmt: skip


def service(data: Data) -> Spec:
    """Histogram of service times for each dyno, in logarithmic steps: time-outs pile up at 30 s."""
    x = {
        "field": "ms",
        "type": "quantitative",
        "scale": {"type": "log", "domain": [1, _SLOWEST_MS], "clamp": True},
        "axis": {"values": [1, 10, 100, 1000, 10_000, 30_000], "format": ",", "title": "ms", "grid": False},
    }
    # Good and failed requests of a step stand upon one another.
    layers = [
        {
            "mark": {"type": "rect", "color": color},
            "encoding": {
                "x": x,
                "x2": {"field": "to"},
                "y": {"field": top, "type": "quantitative", "axis": {"title": None, "tickCount": 3}},
                "y2": {"field": bottom} if bottom else {"datum": 0},
            },
        }
        for top, bottom, color in (("good", "", SKY), ("all", "good", VERMILLION))
    ]
    name = {
        "transform": [{"aggregate": [{"op": "count", "as": "n"}], "groupby": ["dyno"]}],
        "mark": {"type": "text", "align": "left", "baseline": "top", "fontSize": 11, "fontWeight": "bold"},
        "encoding": {"text": {"field": "dyno"}, "x": {"value": 4}, "y": {"value": 2}},
    }
    return {
        "data": {"name": "service"},
        "transform": [
            of_dyno(),
            {
                "aggregate": [{"op": "sum", "field": field, "as": field} for field in ("good", "failed")],
                "groupby": ["dyno", "order", "ms"],
            },
            {"calculate": "datum.ms * 1.414", "as": "to"},
            {"calculate": "datum.good + datum.failed", "as": "all"},
        ],
        "facet": {"row": {"field": "dyno", "type": "nominal", "sort": {"field": "order", "op": "min"}, "header": None}},
        "spec": {"width": WIDTH, "height": plot_height(len(data.names)), "layer": [*layers, name]},
    }


def by_age(data: Data) -> Spec:
    """Memory by the age of each dyno under a name whose dynos grew: all on one axis, with the quota."""
    clock = clock_of(data)
    grown = len({name for name, born in zip(data.tables["dynos"]["dyno"], data.tables["dynos"]["born"], strict=True)
                 if born is not None})  # fmt: skip
    memory: Spec = {"field": "mb", "type": "quantitative", "axis": {"title": None}, "scale": {"zero": True}}
    return {
        "data": {"name": "cells"},
        "transform": [
            *place(clock),
            of_dyno("born", "quota"),
            {"filter": "datum.born != null && datum.mb != null"},
            {"calculate": "(datum.t - datum.born) / 3600000", "as": "age"},
            {"filter": "datum.age >= 0"},
        ],
        "facet": {"row": {"field": "dyno", "type": "nominal", "sort": {"field": "order", "op": "min"},
                          "header": {"title": None, "labelAngle": 0, "labelAlign": "left"}}},
        "spec": {
            "width": WIDTH,
            "height": 200 if grown < 3 else 110,
            "encoding": {
                "x": {"field": "age", "type": "quantitative", "axis": {"title": "hours after its start"}},
            },
            "layer": [
                {
                    "mark": {"type": "line", "strokeWidth": 1.2, "opacity": 0.75},
                    "encoding": {"y": memory, "detail": {"field": "r"}, "tooltip": tooltip("label")},
                },
                {
                    "transform": [{"aggregate": [{"op": "max", "field": "quota", "as": "quota"}],
                                   "groupby": ["dyno"]}],
                    "mark": {"type": "rule", "strokeDash": [4, 3]},
                    "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH},
                                 "y": {"field": "quota", "type": "quantitative"}},
                },
            ],
        },
    }  # fmt: skip


def before_after(data: Data) -> Spec:
    """The rate of failures before and after each change that has both, with the interval of each rate."""
    y = {
        "field": "change",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 320, "maxExtent": 320},
    }
    offset = {"field": "when", "sort": ["before", "after"]}
    x = {"type": "quantitative", "axis": {"format": ".1%", "title": None, "tickCount": 6}, "scale": {"domainMin": 0}}
    color = {"field": "when", "scale": {"domain": ["before", "after"], "range": [SKY, GREEN]}}
    words = "datum.when + ': ' + format(datum.errors, ',') + ' of ' + format(datum.requests, ',')"
    return {
        "width": WIDTH - 200,
        "height": {"step": 16},
        "data": {"name": "compared"},
        "transform": [{"calculate": words, "as": "words"}],
        "encoding": {"y": y, "yOffset": offset},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "color": color}},
            {"mark": {"type": "point", "filled": True, "size": 50},
             "encoding": {"x": {"field": "rate", **x}, "color": color,
                          "shape": {"field": "when", "sort": ["before", "after"], "legend": None}}},
            {"mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 10},
             "encoding": {"x": {"field": "high", **x}, "text": {"field": "words"}}},
        ],
    }  # fmt: skip
