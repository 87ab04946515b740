"""The page of several apps: a line each with its verdict, which leads to the app's report. It loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from urllib.parse import quote

from herodyno import __version__
from herodyno.render.fleet.diagnose import AppVerdict, verdicts_table, verdicts_total
from herodyno.render.report.html import escaped
from herodyno.render.text import Span
from herodyno.units import clock, date, zone_name

_STYLE = Path(__file__).parent.parent / "report" / "page.css"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page_of_apps(rows: Sequence[AppVerdict], reports: Mapping[str, str], *, now: datetime, zone: tzinfo) -> str:
    """The whole file. `reports` are the paths of the apps' reports, relative to this file, by the apps' names."""
    table, total = verdicts_table(rows, now=now, zone=zone), verdicts_total(rows)
    heads = "".join(f'<th scope="col">{escaped(column.heading)}</th>' for column in table.columns)
    lines = "".join(_row(row.name, cells, reports) for row, cells in zip(rows, table.rows, strict=True))
    at = f"{clock(now, zone, today=now)} {zone_name(now, zone)}, {date(now, zone)}"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta name="generator" content="herodyno {__version__}">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>herodyno: the apps</title>\n'
        f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style></head>\n"
        f"<body><header><h1>herodyno diagnose: the apps, the worst first</h1>"
        f"<p>{escaped(at)}</p><p>{escaped(total)}</p></header>\n"
        f'<main><div class="scrolls" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
        "</div></main></body></html>\n"
    )


def _row(name: str, cells: Sequence[Span], reports: Mapping[str, str]) -> str:
    shown = escaped(name)
    if path := reports.get(name):
        shown = f'<a href="{escaped(quote(path))}">{shown}</a>'
    rest = "".join(f'<td class="{cell.role}">{escaped(cell.text)}</td>' for cell in cells[1:])
    return f'<tr><th scope="row">{shown}</th>{rest}</tr>\n'
