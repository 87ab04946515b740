"""A dyno's row and the verdict as text of the live view: foreign words cleaned, colour repeats what words say."""

from __future__ import annotations

import shlex
from datetime import datetime

from rich.text import Text

from herodyno.dynos import short_id
from herodyno.render.clean import clean
from herodyno.render.diagnosis.report import MARKS, mark_of
from herodyno.render.dynos import STATE_ROLES
from herodyno.render.pictures.rows import share_bar
from herodyno.render.pictures.signs import Signs
from herodyno.render.text import Role
from herodyno.top.view import DynoRow, View
from herodyno.units import age, milliseconds, percent

STYLES: dict[Role, str] = {
    "": "",
    "heading": "bold",
    "critical": "bold red",
    "warning": "yellow",
    "good": "green",
    "quiet": "dim",
}
# Heading and width of each column. All fit 80 columns.
COLUMNS = (
    ("DYNO", 9), ("", 2), ("ID", 8), ("STATE", 8), ("   AGE", 6), ("REL", 6), ("MEMORY", 11), (" REQ/S", 6),
    (" ERRORS", 7), ("    P95", 7),
)  # fmt: skip
_BAR = 5


def cells(row: DynoRow, now: datetime, signs: Signs) -> list[Text]:
    """The cells in the order of COLUMNS."""
    dyno = row.dyno
    rate = row.error_rate
    pct = row.memory_pct
    return [
        styled(dyno.name, "heading" if row.mark else ""),
        styled(row.mark, "critical" if row.mark == "!!" else "warning"),
        styled(short_id(dyno.id) or "-", "quiet"),
        styled(dyno.state or "-", STATE_ROLES.get(dyno.state, "")),
        styled(f"{age(dyno.created_at, now):>6}"),
        styled("-" if dyno.release is None else f"v{dyno.release}", "warning" if row.is_behind else ""),
        styled(_memory(pct, signs), "critical" if pct is not None and pct > 100 else ""),
        styled("-" if row.per_second is None else f"{row.per_second:.1f}".rjust(6)),
        styled("-" if rate is None else f"{percent(rate):>7}", "critical" if rate else ""),
        styled(f"{milliseconds(row.p95_ms):>7}"),
    ]


def verdict_lines(view: View) -> list[Text]:
    """The verdict, and what to type; what is old and since when comes first."""
    lines = [styled(text, "warning") for text in view.troubles]
    if view.found is None:
        return [*lines, styled("waiting for the first lines of the log", "quiet")]
    verdict = view.found.verdict
    mark, role = mark_of(verdict)
    told = styled(f"{mark:<3}{verdict.label}", role or "heading")
    lines.append(told.append(f"  {clean(verdict.summary)} (confidence: {verdict.confidence})", style=""))
    action = view.found.actions[0] if view.found.actions else None
    if action:
        lines.append(styled("DO THIS  ", "heading").append(clean(shlex.join(action.argv) or action.text), style=""))
    for each in view.found.findings[1:]:
        if each.severity != "info":
            sign, its_role = MARKS[each.severity]
            lines.append(styled(f"{sign:<3}{each.sentence}", its_role))
    return lines


def styled(text: str, role: Role = "") -> Text:
    """Cleaned text in the style of a role."""
    return Text(clean(text), style=STYLES[role], no_wrap=True)


def _memory(pct: float | None, signs: Signs) -> str:
    """A bar of the quota and the figure: what is over the quota fills the bar."""
    if pct is None:
        return "-"
    return f"{share_bar(pct / 100, _BAR, signs.requests):<{_BAR}}{pct:>4.0f} %"
