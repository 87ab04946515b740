"""Each picture's numbers as a table: for screen readers, for copying, and for who prints the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from herodyno.render.report.columns import Data
from herodyno.render.text import Column, Span, Table
from herodyno.units import clock, count, milliseconds, percent, share


def peaks(column: str, unit: str = "", *, sums: bool = False) -> Callable[[Data], Table]:
    """Of a column over time: for each dyno id its sum (of counts), its highest value and when, and its last."""
    headings = ["DYNO", *(["all"] if sums else []), "highest", "at", "last"]

    def table(data: Data) -> Table:
        cells, labels = data.tables["cells"], data.tables["dynos"]["label"]
        found: dict[int, list[tuple[float, int]]] = {}
        for r, i, value in zip(cells["r"], cells["i"], cells[column], strict=True):
            found.setdefault(r, []).append((value, i))
        rows = []
        for r, values in found.items():
            known = [(value, i) for value, i in values[:-1] if value is not None]  # the last closes the last cell
            if known:
                sums_up = [_number(sum(value for value, _ in known), unit)] if sums else []
                highest, at = max(known, key=lambda pair: (pair[0], -pair[1]))
                last = _number(known[-1][0], unit)
                rows.append((labels[r], *sums_up, _number(highest, unit), moment(data, at), last))
        return _table(headings, rows)

    return table


def events(data: Data) -> Table:
    """When, of what kind, and in words."""
    table = data.tables["events"]
    rows = [(_clock(ms), kind, text) for ms, kind, text in zip(table["t"], table["kind"], table["text"], strict=True)]
    return _table(["TIME", "kind", "what"], rows)


def shares(data: Data) -> Table:
    """Requests and errors of each dyno id, with their shares."""
    names = ("label", "requests", "request_share", "errors", "error_share")
    rows = [
        (label, count(n), share(of_all), count(failed), share(of_errors))
        for label, n, of_all, failed, of_errors in zip(*(data.tables["dynos"][name] for name in names), strict=True)
        if n
    ]
    return _table(["DYNO", "requests", "share", "errors", "share"], rows)


def steps(data: Data) -> Table:
    """The histogram in words: from which time on, how many."""
    table, labels = data.tables["service"], data.tables["dynos"]["label"]
    rows = [
        (labels[r], f"from {milliseconds(ms)}", count(good), count(failed))
        for r, ms, good, failed in zip(*(table[name] for name in ("r", "ms", "good", "failed")), strict=True)
    ]
    return _table(["DYNO", "service", "without error", "failed"], rows)


def ages(data: Data) -> Table:
    """Of each dyno id of a name whose dynos grew: its highest level, its age then, the quota."""
    cells, dynos, axis = data.tables["cells"], data.tables["dynos"], data.clock
    highest: dict[int, tuple[float, int]] = {}
    for r, i, mb in zip(cells["r"], cells["i"], cells["mb"], strict=True):
        if mb is not None and dynos["born"][r] is not None and mb > highest.get(r, (0.0, 0))[0]:
            highest[r] = (mb, i)
    rows = [
        (dynos["label"][r], _number(mb, "MB"), f"{(axis.start_ms + i * axis.cell_ms - dynos['born'][r]) / 3.6e6:.1f} h",
         _number(dynos["quota"][r], "MB"))
        for r, (mb, i) in highest.items() if axis
    ]  # fmt: skip
    return _table(["DYNO", "highest", "at age", "quota"], rows)


def use(data: Data) -> Table:
    """Level, swap and quota of each dyno id that runs."""
    names = ("label", "mb", "swap", "quota", "used", "running")
    rows = [
        (label, _number(mb, "MB"), _number(swap, "MB"), _number(quota, "MB"), share(used, 100))
        for label, mb, swap, quota, used, running in zip(*(data.tables["dynos"][n] for n in names), strict=True)
        if mb is not None and running
    ]
    return _table(["DYNO", "memory", "swap", "quota", "used"], rows)


def rates(data: Data) -> Table:
    """Failures before and after each change."""
    names = ("change", "when", "errors", "requests", "rate", "low", "high")
    rows = [
        (change, when, f"{count(failed)} of {count(n)}", percent(rate), f"{percent(low)} to {percent(high)}")
        for change, when, failed, n, rate, low, high in zip(*(data.tables["compared"][n] for n in names), strict=True)
    ]
    return _table(["CHANGE", "when", "failed", "rate", "95 %"], rows)


def moment(data: Data, cell: int) -> str:
    """When a cell begins, in the zone of the axis."""
    assert data.clock is not None, "a log without a time has no cells"
    return _clock(data.clock.start_ms + cell * data.clock.cell_ms)


def _clock(ms: int) -> str:
    at = datetime.fromtimestamp(ms / 1000, UTC)  # shifted to the zone already
    return clock(at, UTC, today=at)


def _number(value: float | None, unit: str) -> str:
    return "-" if value is None else f"{value:,.{0 if value >= 10 or value == round(value) else 2}f} {unit}".rstrip()


def _table(headings: list[str], rows: Sequence[tuple[str, ...]]) -> Table:
    columns = tuple(Column(heading=heading, right=heading.islower()) for heading in headings)
    return Table(columns=columns, rows=tuple(tuple(Span(cell) for cell in row) for row in rows))
