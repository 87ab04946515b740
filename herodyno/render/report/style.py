"""How every picture looks: Okabe and Ito's colours, one width, one time axis, and what a browser may not do.

Colour never stands alone: series also differ by place, shape or label. The colours are those of M. Okabe and K. Ito,
"Color Universal Design" (2008), told apart by people who see no red or no green.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from herodyno.render.report.columns import Clock, Data

Spec: TypeAlias = dict[str, Any]

ORANGE, SKY, GREEN, VERMILLION, GREY = "#E69F00", "#56B4E9", "#009E73", "#D55E00", "#999999"
WIDTH = 740
# Left of the plots, so that the time axes of all pictures stand below one another.
_MARGIN = 110
# Small plots, one a dyno, share about this height.
_PLOTS_HEIGHT = 420
_MOST_TICKS = 10
_TICK_SECONDS = (
    15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600,
    2_419_200, 4_838_400,
)  # fmt: skip


def config(*, ink: str, font: str) -> Spec:
    """The look of text and lines. `ink` is a colour, or "currentColor" to follow the page."""
    text = {"labelColor": ink, "titleColor": ink}
    return {
        "background": None,
        "font": font,
        # The marks have no labels of their own: thousands of them would hide the table from a screen reader.
        "aria": False,
        "view": {"stroke": None},
        "axis": text
        | {"domainColor": ink, "tickColor": ink, "gridColor": GREY, "gridOpacity": 0.25, "titleFontSize": 11},
        "axisY": {"minExtent": _MARGIN, "maxExtent": _MARGIN, "labelLimit": _MARGIN - 10},
        "legend": text | {"orient": "top", "title": None},
        "title": {"color": ink, "subtitleColor": ink, "anchor": "start", "fontSize": 13},
        "text": {"color": ink},
        "rule": {"color": ink},
        "tick": {"color": ink},
        # Seen on white and on black paper.
        "line": {"color": GREEN},
        "point": {"color": GREEN},
        "facet": {"spacing": 6},
    }


def plot_height(plots: int) -> int:
    """The height of each of so many small plots."""
    return max(22, min(70, _PLOTS_HEIGHT // max(1, plots)))


def time_axis(clock: Clock) -> Spec:
    """The x axis of every picture over time: the whole window, labelled in the zone of the report.

    The scale is one of numbers. Vega's scales of time read their ends by a function that the page's interpreter lacks.
    """
    span = clock.end_ms - clock.start_ms
    step = 1000 * next((step for step in _TICK_SECONDS if span / step <= _MOST_TICKS * 1000), _TICK_SECONDS[-1])
    ticks = list(range(-(-clock.start_ms // step) * step, clock.end_ms + 1, step))[:_MOST_TICKS]
    form = (
        "%d %b"
        if step >= 86_400_000
        else "%d %b %H:%M"
        if clock.start_ms // 86_400_000 != clock.end_ms // 86_400_000
        else "%H:%M:%S"
        if step < 60_000
        else "%H:%M"
    )
    return {
        "field": "t",
        "type": "quantitative",
        "scale": {"domain": [clock.start_ms, clock.end_ms], "zero": False, "nice": False},
        "axis": {
            "title": clock.zone,
            "values": ticks,
            "labelExpr": f"utcFormat(datum.value, '{form}')",
            "grid": False,
            "labelOverlap": True,
        },
    }


def place(clock: Clock) -> list[Spec]:
    """Transforms that give a cell its times `t` and `t2`. Only numbers of ours stand in the expressions."""
    return [
        {"calculate": f"{clock.start_ms} + datum.i * {clock.cell_ms}", "as": "t"},
        {"calculate": f"datum.t + {clock.cell_ms}", "as": "t2"},
    ]


def of_dyno(*fields: str) -> Spec:
    """The transform that gives a cell what stands in the table of dynos."""
    return {
        "lookup": "r",
        "from": {"data": {"name": "dynos"}, "key": "r", "fields": ["order", "dyno", "label", *fields]},
    }


def rows_by_dyno(**more: Any) -> Spec:
    """The y axis of a picture with a row for each dyno, worst first."""
    return {"field": "dyno", "type": "nominal", "sort": {"field": "order", "op": "min"}, "title": None, **more}


def rows_by_label() -> Spec:
    """The y axis of a picture with a row for each dyno id, worst first."""
    return {"field": "label", "type": "nominal", "sort": {"field": "r", "op": "min"}, "title": None}


def clock_of(data: Data) -> Clock:
    """The clock of a picture over time. Such a picture is drawn of a log with times only (pictures.py)."""
    assert data.clock is not None, "pictures over time need a log with times"
    return data.clock


def timed(data: Data, height: int | Spec) -> Spec:
    """The beginning of a picture over time."""
    return {"params": [at_of(data)], "width": WIDTH, "height": height}


def at_of(data: Data) -> Spec:
    """The time of the slider; before the window until the page sets it."""
    return {"name": "at", "value": clock_of(data).start_ms - 1}


def slider(data: Data, **more: Any) -> Spec:
    """The line at the time that the page's slider shows. An image has none."""
    clock = clock_of(data)
    across = f"(at - {clock.start_ms}) / {clock.end_ms - clock.start_ms} * {WIDTH}"
    return {
        "transform": [{"aggregate": [{"op": "count", "as": "n"}]}],
        "mark": {"type": "rule", "strokeWidth": 2, "opacity": {"expr": f"at < {clock.start_ms} ? 0 : 1"}},
        "encoding": {"x": {"value": {"expr": across}}, **more},
    }


def unseen(**more: Any) -> Spec:
    """A grey band where the log has no line: what happened there is not known."""
    return {
        "data": {"name": "gaps"},
        "transform": [{"calculate": "'no lines of this log'", "as": "what"}],
        "mark": {"type": "rect", "color": GREY, "opacity": 0.45, "tooltip": True},
        "encoding": {"x2": {"field": "t2"}, "tooltip": tooltip("what"), **more},
    }


def tooltip(*fields: str) -> list[Spec]:
    """What a pointer on a mark tells."""
    return [{"field": field, "type": "nominal"} for field in fields]
