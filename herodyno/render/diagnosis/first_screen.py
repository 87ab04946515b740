"""The first screen of a diagnosis: verdict, what to type, the proof in a picture, all within the terminal's height.

What is cut here stands whole in the full report.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from herodyno.diagnosis.report.report import Action, Diagnosis
from herodyno.render.clean import clean
from herodyno.render.diagnosis.also import also_section
from herodyno.render.diagnosis.blame import QUIET_ROWS
from herodyno.render.diagnosis.blame_strip import blame_strip, lines_beside
from herodyno.render.diagnosis.coverage import explained_code, missing, window
from herodyno.render.diagnosis.only_here import as_said
from herodyno.render.diagnosis.report import WIDEST_SENTENCE, header_times, label_of, mark_of, title_of, typed
from herodyno.render.paragraphs import GUTTER, beside, folded
from herodyno.render.pictures.signs import Signs
from herodyno.render.text import Line, Span, cell_width, cut, line, plain
from herodyno.units import count, zone_of

# A lower terminal scrolls. The usual one has 24 lines, of which --watch keeps one.
FEWEST_LINES = 23
# Lines of each part at most, where the terminal is no higher.
_HEADLINES, _SUMMARY, _ACTIONS, _OTHERS, _SEEN = 2, 3, 3, 2, 2
# What only the accused print: three lines, two where the table needs the room.
_MOST_ONLY_HERE, _FEWEST_ONLY_HERE = 3, 2
_DETAILS = (6, 5, 4, 3, 2)
_FEWEST_ROWS = 5
_COMMANDS = ("herodyno ", "heroku ")


def first_screen(diagnosis: Diagnosis, *, width: int, height: int, utc: bool, signs: Signs) -> list[Line]:
    """At most as many lines as the terminal has, one left for the prompt. `width` is that of the terminal.

    The blame table takes the room that verdict and actions leave. Sentences give way to it.
    """
    zone = zone_of(diagnosis.generated_at, utc=utc)
    readable = min(width, WIDEST_SENTENCE)
    most = max(height, FEWEST_LINES) - 1
    header, actions = _header(diagnosis, width, zone), _actions(diagnosis, readable)
    below = [_others(diagnosis, readable), [*_seen(diagnosis, readable), _more(diagnosis, readable)]]
    fewer = ((details, said) for said in (_MOST_ONLY_HERE, _FEWEST_ONLY_HERE) for details in _DETAILS)
    for details, said in fewer:
        above = [header, _verdict(diagnosis, readable, details), actions, _only_here(diagnosis, width, said)]
        room = most - sum(_height(part, width) for part in (*above, *below))
        if room >= min(len(diagnosis.incarnations), QUIET_ROWS) + lines_beside(diagnosis):
            break
    table = blame_strip(diagnosis, width=width, rows=max(_FEWEST_ROWS, room), zone=zone, signs=signs)
    parts = [part for part in (*above, table, *below) if part]
    is_airy = room - len(table) >= len(parts) - 1
    lines: list[Line] = []
    for part in parts:
        lines += [line(), *part] if lines and is_airy else part
    return lines


def _height(lines: Sequence[Line], width: int) -> int:
    """The lines that a terminal needs: a command that is wider than the terminal takes several."""
    return sum(max(1, -(-cell_width(plain(each)) // width)) for each in lines)


def _at_most(most: int, texts: Sequence[str], width: int) -> list[str]:
    """The first lines of the texts, folded; "…" behind the last where more would follow."""
    pieces = [piece for text in texts for piece in folded(text, width, GUTTER)]
    if len(pieces) <= most:
        return pieces
    return [*pieces[: most - 1], cut(f"{pieces[most - 1]} …", width - GUTTER)]


def _header(diagnosis: Diagnosis, width: int, zone: tzinfo) -> list[Line]:
    title, times = title_of(diagnosis), header_times(diagnosis, zone)
    seen = f"{times} · {window(diagnosis)}"
    head: list[Line] = [(Span(f"{title}   ", "heading"), Span(seen))]
    if len(title) + 3 + len(seen) > width:
        head = [(Span(title, "heading"),), line(cut(seen, width))]
    return [*head, *(line(cut(clean(text), width)) for text in diagnosis.app.headline[:_HEADLINES])]


def _verdict(diagnosis: Diagnosis, width: int, details: int) -> list[Line]:
    verdict = diagnosis.verdict
    _, role = mark_of(verdict)
    told = _at_most(_SUMMARY, [f"{verdict.summary}   confidence: {verdict.confidence}"], width)
    body = [line(text, role) for text in told]
    body += [line(text) for text in _at_most(details, verdict.details, width)]
    return beside(label_of(verdict), body, role or "heading")


def _actions(diagnosis: Diagnosis, width: int) -> list[Line]:
    """A line for each action, and what the first one does."""
    several = len(diagnosis.actions) > 1
    body: list[Line] = []
    for action in diagnosis.actions[:_ACTIONS]:
        number = f"{action.rank} " if several else ""
        if action.argv:
            body += typed(action, width, number)[:1]
        else:
            body += [line(text) for text in _at_most(1 if several else 2, [number + action.text], width)]
        if action is diagnosis.actions[0]:
            texts = (" " * len(number) + clean(text) for text in _effects(action))
            body += [line(cut(text, width - GUTTER)) for text in texts]
    return beside("DO THIS", body)


def _effects(action: Action) -> list[str]:
    """What the action does, then how it is undone and what would be lost by it."""
    labels = [label for label, _ in action.notes]
    notes = [text for _, text in action.notes[labels.index("first?") :]] if "first?" in labels else []
    command = next((text[text.index(word) :] for text in notes for word in _COMMANDS if word in text), "")
    evidence = f"evidence first? {command or notes[0]}" if notes else ""
    undo = f"undo: {action.undo.partition(';')[0]}" if action.undo else ""
    return [text for text in (action.effect, " · ".join(filter(None, (undo, evidence)))) if text]


def _only_here(diagnosis: Diagnosis, width: int, most: int) -> list[Line]:
    """How often here, how often on the other side, and the words."""
    told = diagnosis.only_here.lines[:most] if diagnosis.only_here else ()
    texts = (f"{count(each.n)} : {count(each.peers_n)}   {as_said(each)}" for each in told)
    return beside("ONLY HERE", [line(cut(text, width - GUTTER)) for text in texts])


def _others(diagnosis: Diagnosis, width: int) -> list[Line]:
    """The graver of the other findings, a line each."""
    grave = [found for found in map(plain, also_section(diagnosis, None)) if found[GUTTER:].startswith("!")]
    body = [line(cut(text[GUTTER:], width - GUTTER)) for text in grave[:_OTHERS]]
    return beside("ALSO", body)


def _seen(diagnosis: Diagnosis, width: int) -> list[Line]:
    coverage = diagnosis.coverage
    parts = [missing(coverage)]
    if coverage.cap_reached:
        parts.append("older lines are gone")
    parts += coverage.notes[:1]
    if coverage.would_change:
        parts.append(f"would change it: {'; '.join(coverage.would_change)}")
    return beside("SEEN", [line(text) for text in _at_most(_SEEN, [" · ".join(parts)], width)])


def _more(diagnosis: Diagnosis, width: int) -> Line:
    others = len(diagnosis.findings) - 1
    ways = [f"--full ({count(others)} more)" if others > 0 else "--full", "--html report.html", "--json"]
    if any(it.memory.n for it in diagnosis.incarnations):
        ways.insert(1, "--plot memory")
    elif diagnosis.requests.n:
        ways.insert(1, "--plot errors")
    if code := explained_code(diagnosis):
        ways.append(f"herodyno explain {code}")
    while len(told := " · ".join(ways)) > width - GUTTER and len(ways) > 1:
        ways.pop()
    return (Span("More".ljust(GUTTER), "heading"), Span(told))
