"""How every picture looks: Okabe and Ito's colours, one width, one time axis, and what a browser may not do.

Colour never stands alone: series also differ by place, shape or label. The colours are those of M. Okabe and K. Ito,
"Color Universal Design" (2008), told apart by people who see no red or no green.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from herodyno.render.report.columns import Clock

Spec: TypeAlias = dict[str, Any]

ORANGE, SKY, GREEN, BLUE, VERMILLION, GREY = "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#999999"
WIDTH = 720
# Left of the plots, so that the time axes of all pictures stand below one another.
_MARGIN = 110
# Small plots, one a dyno, share about this height.
_PLOTS_HEIGHT = 420


def config(*, ink: str, font: str) -> Spec:
    """The look of text and lines. `ink` is a colour, or "currentColor" to follow the page."""
    text = {"labelColor": ink, "titleColor": ink}
    return {
        "background": None,
        "font": font,
        # The marks have no labels of their own: thousands of them would hide the table from a screen reader.
        "aria": False,
        "view": {"stroke": None},
        "axis": text | {"domainColor": ink, "tickColor": ink, "gridColor": GREY, "gridOpacity": 0.25, "titleFontSize": 11},
        "axisY": {"minExtent": _MARGIN, "maxExtent": _MARGIN, "labelLimit": _MARGIN - 10},
        "legend": text | {"orient": "top", "title": None},
        "title": {"color": ink, "subtitleColor": ink, "anchor": "start", "fontSize": 13},
        "text": {"color": ink},
        "rule": {"color": ink},
        "facet": {"spacing": 6},
    }


def plot_height(plots: int) -> int:
    """The height of each of so many small plots."""
    return max(22, min(70, _PLOTS_HEIGHT // max(1, plots)))


def time_axis(clock: Clock, field: str = "t", **more: Any) -> Spec:
    """The x axis of every picture over time: the whole window, labelled in the zone of the report."""
    long = clock.cells * clock.cell_ms > 36 * 3_600_000
    return {
        "field": field,
        "type": "temporal",
        "scale": {"type": "utc", "domain": [clock.start_ms, clock.end_ms]},
        "axis": {
            "title": clock.zone,
            "format": "%d %b %H:%M" if long else "%H:%M",
            "tickCount": 8,
            "grid": False,
            "labelFlush": True,
        },
        **more,
    }


def place(clock: Clock) -> list[Spec]:
    """Transforms that give a cell its times `t` and `t2`. Only numbers of ours stand in the expressions."""
    return [
        {"calculate": f"{clock.start_ms} + datum.i * {clock.cell_ms}", "as": "t"},
        {"calculate": f"datum.t + {clock.cell_ms}", "as": "t2"},
    ]


def of_dyno(*fields: str) -> Spec:
    """The transform that gives a cell what stands in the table of dynos."""
    return {"lookup": "r", "from": {"data": {"name": "dynos"}, "key": "r", "fields": ["order", "dyno", "label", *fields]}}


def rows_by_dyno(**more: Any) -> Spec:
    """The y axis of a picture with a row for each dyno, worst first."""
    return {"field": "dyno", "type": "nominal", "sort": {"field": "order", "op": "min"}, "title": None, **more}


def rows_by_label() -> Spec:
    """The y axis of a picture with a row for each dyno id, worst first."""
    return {"field": "label", "type": "nominal", "sort": {"field": "r", "op": "min"}, "title": None}
