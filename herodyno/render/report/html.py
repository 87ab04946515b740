"""HTML from values. Every text passes `escaped`: no foreign text makes an element, an attribute or a script."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from herodyno.render.clean import clean
from herodyno.render.report.parts import Entry, Part
from herodyno.render.text import Table

# In a script's element these begin something else, or end a line of JavaScript.
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def escaped(text: str) -> str:
    """A text in an element or between quotation marks. Characters that hide or reorder are shown."""
    return escape(clean(text), quote=True)


def script_json(value: Any) -> str:
    """JSON that stands in a script's element and cannot leave it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.translate(_IN_SCRIPT).encode("utf-8", "backslashreplace").decode()


def part_html(part: Part, name: str, role: str = "") -> str:
    """A section with its heading; nothing for an empty one. `name` and `role` are words of ours."""
    if not (part.entries or part.table):
        return ""
    table = table_html(part.table) if part.table else ""
    inner = table + ("".join(_quoted(part.entries)) if part.quoted else "".join(map(_entry, part.entries)))
    head = f'<section id="{name}" class="{role}" aria-labelledby="h-{name}"><h2 id="h-{name}">'
    return f"{head}{escaped(part.heading)}</h2>{inner}</section>\n"


def table_html(table: Table) -> str:
    """A table whose first column heads its rows, and which scrolls by itself where the window is narrow."""
    heads = "".join(
        f'<th scope="col"{_class("right" if column.right else "")}>{escaped(column.heading) or _UNNAMED}</th>'
        for column in table.columns
    )
    rows = []
    for row in table.rows:
        cells = [
            f"<td{_class(cell.role, 'right' if column.right else '')}>{escaped(cell.text)}</td>"
            for cell, column in zip(row[1:], table.columns[1:], strict=True)
        ]
        rows.append(f'<tr><th scope="row">{escaped(row[0].text)}</th>{"".join(cells)}</tr>')
    body = f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="scrolls" tabindex="0"><table>{body}</table></div>'


_UNNAMED = '<span class="hidden">mark</span>'


def _class(*roles: str) -> str:
    words = " ".join(filter(None, roles))
    return f' class="{words}"' if words else ""


def _entry(entry: Entry) -> str:
    if entry.is_command:
        return f"<pre><code>{escaped(entry.text)}</code></pre>"
    label = f"<b>{escaped(entry.label)}</b> " if entry.label else ""
    return f"<p>{label}{escaped(entry.text)}</p>"


def _quoted(entries: Iterable[Entry]) -> Iterable[str]:
    lines = "\n".join(escaped(entry.text) for entry in entries)
    return (f'<pre class="log" tabindex="0">{lines}</pre>',) if lines else ()
