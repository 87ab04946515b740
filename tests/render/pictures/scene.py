"""Three dynos over five hours, drawn with every kind of picture: what the golden files show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from herodyno.render.pictures.axis import Mark, event_lane, lane_legend, time_axis
from herodyno.render.pictures.panel import Lane, Panel, Series, panel_lines
from herodyno.render.pictures.rows import heat_strip, share_bar, sparkline
from herodyno.render.pictures.signs import Signs
from herodyno.render.pictures.time_cells import TimeCells, time_cells
from herodyno.render.text import plain

START = datetime(2026, 11, 23, 22, 12, tzinfo=UTC).timestamp()
HOUR = 3600.0
MARGIN = 6
# web.2 was restarted twice, and its log has a gap of 20 minutes.
FIRST = [(START + i * 60, 300 + i * 1.6) for i in range(90)]
SECOND = [(START + i * 60, 90 + i * 1.6) for i in range(95, 230) if not 150 <= i < 170]
THIRD = [(START + i * 60, 320 + i * 1.6) for i in range(230, 300)]
MEMORY = Panel(
    series=(Series(FIRST, 150), Series(SECOND, 150), Series(THIRD, 150)),
    limit=512,
    lanes=(Lane("R14", [(START + 3.9 * HOUR, START + 5 * HOUR)]), Lane("R15", [])),
)
EVENTS = [Mark(START + HOUR, "release"), Mark(START + 1.9 * HOUR, "crash"), Mark(START + 3.83 * HOUR, "restart")]
ERRORS = [(START + i * 600, float(i * i % 7)) for i in range(30)]


def drawn(width: int, signs: Signs) -> str:
    """All pictures below one another, each as wide as that."""
    cells = time_cells(START, START + 5 * HOUR, most=width - MARGIN, source=30)
    return "".join(line.rstrip() + "\n" for line in _lines(cells, signs))


def _lines(cells: TimeCells, signs: Signs) -> Iterator[str]:
    margin = " " * MARGIN
    plot = panel_lines(MEMORY, cells, top=781, rows=4, signs=signs, label=lambda mb: f"{mb:.0f}", margin=MARGIN)
    yield from map(plain, plot)
    yield margin + time_axis(cells, UTC)
    yield margin + event_lane(EVENTS, cells)
    yield margin + lane_legend(EVENTS, cells)
    for name, life in (("web.1", (START, START + HOUR)), ("web.2", (START + 2 * HOUR, START + 5 * HOUR))):
        errors = [pair for pair in ERRORS if life[0] <= pair[0] <= life[1]]
        counts = cells.sums(errors, life)
        yield f"{name} {sparkline(counts, top=12, signs=signs, borders={cells.place(life[1])})}"
        yield f"{name} {heat_strip(counts, top=12, signs=signs)}"
    for share in (0.02, 0.26, 0.96, 1.0):
        yield f"{margin}{share_bar(share, cells.n, signs.requests)} {share:.0%}"
        yield f"{margin}{share_bar(share, cells.n, signs.errors)} {share:.0%}"
