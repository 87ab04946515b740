"""The report as one HTML file: it loads nothing, runs only the two scripts that it names by hash, and prints well.

Every text of the log is escaped, in elements and in the JSON. The policy in the head forbids every request. Pictures
are drawn by an interpreter of expressions, without `eval`.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from herodyno import __version__
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.report import parts
from herodyno.render.report.columns import Data, drawn_rows
from herodyno.render.report.html import escaped, part_html, script_json, table_html
from herodyno.render.report.kept import Report, kept_record
from herodyno.render.report.pictures import SCHEMA, Picture, drawn
from herodyno.render.report.style import config
from herodyno.render.text import Column, Table
from herodyno.units import clock, count, date, zone_name

_FOLDER = Path(__file__).parent
_MOMENT = ("DYNO", "requests", "errors", "median", "memory", "swap")


class _Script(NamedTuple):
    text: str

    @property
    def hash(self) -> str:
        return f"'sha256-{b64encode(sha256(self.text.encode()).digest()).decode()}'"


def page(report: Report, data: Data, vega: str) -> str:
    """The whole file. `vega` is the script that draws (images.py)."""
    diagnosis, zone = report.diagnosis, report.zone
    scripts = [_Script(vega), _Script((_FOLDER / "page.js").read_text(encoding="utf-8"))]
    pictures = drawn(data)
    policy = (
        f"default-src 'none'; script-src {' '.join(script.hash for script in scripts)}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    name = escaped(diagnosis.app.name) or "an app"
    body = [
        _header(report, name),
        part_html(parts.verdict(diagnosis), "verdict", diagnosis.verdict.severity),
        part_html(parts.actions(diagnosis), "actions"),
        part_html(parts.dynos(diagnosis, zone), "dynos"),
        part_html(parts.only_here(diagnosis, zone), "only-here"),
        _moment(data),
        *(_figure(picture, data) for picture in pictures),
        _left_out(data),
        part_html(parts.memory(diagnosis, zone), "memory"),
        *(part_html(part, f"findings-{place}") for place, part in enumerate(parts.findings(diagnosis))),
        part_html(parts.changed(diagnosis, zone), "changed"),
        part_html(report.commands_part(), "commands"),
        part_html(parts.evidence(diagnosis, zone), "evidence"),
        part_html(parts.seen(diagnosis, zone), "seen"),
    ]
    blocks = {
        "diagnosis": diagnosis_document(diagnosis),
        "report": kept_record(report),
        "pictures": _drawing(report, data, pictures),
    }
    kept = "".join(
        f'<script type="application/json" id="{key}">{script_json(it)}</script>\n' for key, it in blocks.items()
    )
    run = "".join(f"<script>{script.text}</script>\n" for script in scripts)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta name="generator" content="herodyno {__version__}">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>herodyno: {name}</title>\n'
        f"<style>\n{(_FOLDER / 'page.css').read_text(encoding='utf-8')}</style></head>\n"
        f"<body>{body[0]}<main>\n{''.join(body[1:])}</main>\n{kept}{run}</body></html>\n"
    )


def _header(report: Report, name: str) -> str:
    at = report.diagnosis.generated_at
    lines = [f"{clock(at, report.zone, today=at)} {zone_name(at, report.zone)}, {date(at, report.zone)}"]
    lines += report.diagnosis.app.headline
    no_script = "<noscript><p>The pictures need JavaScript. All numbers are in the tables.</p></noscript>"
    told = "".join(f"<p>{escaped(each)}</p>" for each in lines)
    return f"<header><h1>herodyno diagnose: {name}</h1>{told}{no_script}</header>\n"


def _moment(data: Data) -> str:
    """The slider and the table of one moment. Both follow one another by the page's script."""
    if data.clock is None:
        return ""
    columns = tuple(Column(heading=heading, right=heading.islower()) for heading in _MOMENT)
    return (
        '<section id="moment" aria-labelledby="h-moment"><h2 id="h-moment">At one moment</h2>'
        '<p><label for="at">The slider moves through the window, in the table and in the pictures.</label></p>'
        f'<input type="range" id="at" min="0" max="{data.clock.cells - 1}" step="1" value="0">'
        '<p><output id="told" for="at"></output></p>'
        f"{table_html(Table(columns=columns, rows=()))}</section>\n"
    )


def _figure(picture: Picture, data: Data) -> str:
    numbers = table_html(picture.numbers(data))
    title = escaped(picture.shows)
    return (
        f'<figure id="picture-{picture.name}"><figcaption>{title}</figcaption>'
        # A screen reader hears the name of the picture, and not the marks of which it is made.
        f'<div role="img" aria-label="{title}. The table below has the numbers.">'
        '<div class="picture" aria-hidden="true"></div></div>'
        f"<details><summary>{title}: the numbers</summary>{numbers}</details></figure>\n"
    )


def _left_out(data: Data) -> str:
    if not data.left_out:
        return ""
    rest = count(len(data.left_out), "more dyno")
    return f'<p class="quiet">Not drawn: {rest}, with no more errors than those drawn.</p>\n'


def _drawing(report: Report, data: Data, pictures: list[Picture]) -> dict[str, Any]:
    """What the page's script draws, beside the document's series. It has no text of the log but in tables."""
    errors, cells = data.tables["cells"]["errors"], data.tables["cells"]["i"]
    worst = max(range(len(errors)), key=errors.__getitem__, default=None)
    rows = {id(row): place for place, row in enumerate(report.diagnosis.incarnations)}
    return {
        "drawn": [rows[id(row)] for row in drawn_rows(report.diagnosis)],
        "tables": {name: data.tables[name] for name in ("dynos", "events", "compared", "gaps")},
        "clock": data.clock
        and {"start_ms": data.clock.start_ms, "cell_ms": data.clock.cell_ms, "zone": data.clock.zone},
        "first": 0 if worst is None else cells[worst],
        "config": config(ink="currentColor", font="system-ui, sans-serif"),
        "pictures": [{"name": it.name, "spec": {"$schema": SCHEMA, **it.spec(data)}} for it in pictures],
    }
