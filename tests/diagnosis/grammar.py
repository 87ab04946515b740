"""Rules of grammar and of figures that every report keeps, and where a report breaks them."""

from __future__ import annotations

import re
from collections import Counter

# What reports count. `s` makes them many.
_NOUNS = (
    "error|request|line|dyno|peer|episode|page|moment|report|client|path|exit|crash|restart|call|event|release|run|"
    "job|worker|address|exception|sample|code|answer|time-?out|minute|hour|day|app|file|process|type|kind"
)
_BETWEEN = r"(?:(?!the |of )(?:[a-z]+|R\d\d|H\d\d|API|server|separate|forced) ){0,2}?"
_ONE_OF_MANY = re.compile(rf"(?<![\w.,:/+\-–])1 {_BETWEEN}(?:{_NOUNS})e?s\b(?! (?:of|no)\b)")
_OTHER_ONE = re.compile(r"\b(?:the|its|their) other 1\b|\b1 others\b", re.IGNORECASE)
_ONE_ARE = re.compile(rf"(?<![\d.,:/x+\-–] )(?<![\d.,:/x+\-–])\b1 (?:{_NOUNS}) (?:are|were|have|name|keep|say|grow)\b")
_SINGULAR = "is|was|has|names|keeps|says|grows"
_MANY_IS = re.compile(
    rf"(?<!of )(?<![\d,.])\b(?:[2-9]|\d\d+)(?: of [\d,]+)? (?:[a-z]+ )?(?:{_NOUNS})e?s (?:{_SINGULAR})\b"
)
_ALL_TWO = re.compile(r"\ball 2 (?!H\d\d)")
_REQUESTS_FAILS = re.compile(r"\brequests in 10 (?:on [\w., ]+ )?fails\b|\b10 requests in 10\b")
_TWICE = re.compile(r"\b(\w+\.\d+) and \1\b")
_LONG_HOURS = re.compile(r"(?<![\d:.,])(?:2[4-9]|[3-9]\d|\d{3,})(?: h\b(?!eap)|h\d\dm)")
_PER_CENT = re.compile(r"(\d[\d,]*(?:\.\d+)?) %")
_MANY_PER_CENT = 100.0
# Memory may be over its quota.
_OF_MEMORY = re.compile(r"\bMB\b|quota|memory|% R1[45]$", re.IGNORECASE)
_PACE = re.compile(r"lines/s|at this pace|requests/s")
_WINDOW = re.compile(r"^SEEN +[\d,]+ lines? = (?:(\d+) h ?)?(?:(\d+) min ?)?(?:(\d+) s)?", re.MULTILINE)
_SHORT_SECONDS = 10
# Ids, names, numbers and times: what differs between two lines that say the same.
_OWN = re.compile(r"\b[\w-]+\.\d+\b|\([0-9a-f]{8}\)|\(id unknown\)|\d[\d,.:]*")
_MANY_ALIKE = 3
# A line that goes on below, folded. Marks and times begin a line of their own.
_UNFOLDED = re.compile(r"\n {10,}(?=\S)(?!(?:!!|!|·|-) |\d\d:\d\d:\d\d )")


def faults(report: str) -> list[str]:
    """What is wrong in a report, each with the words."""
    found = []
    for line in _UNFOLDED.sub(" ", report).splitlines():
        if line.startswith("EVIDENCE") or _is_command(line):
            continue
        for rule in (_ONE_OF_MANY, _OTHER_ONE, _ONE_ARE, _MANY_IS, _LONG_HOURS, _ALL_TWO, _REQUESTS_FAILS, _TWICE):
            found += [f"{match[0]!r} in {line.strip()!r}" for match in rule.finditer(line)]
        if not _OF_MEMORY.search(line) and not _is_row_of_memory(line):
            found += [
                f"{match[0]!r} in {line.strip()!r}"
                for match in _PER_CENT.finditer(line)
                if float(match[1].replace(",", "")) > _MANY_PER_CENT
            ]
    return found + _pace(report) + _alike(report)


def without_evidence(report: str) -> str:
    """The report without the log's own lines: nobody mends those."""
    return re.sub(r"^EVIDENCE .*?(?=^\S)", "", report, flags=re.MULTILINE | re.DOTALL)


def _is_command(line: str) -> bool:
    return bool(re.match(r"^(?:DO THIS)? *(?:\d )?(?:herodyno|heroku) ", line))


def _is_row_of_memory(line: str) -> bool:
    return line.count(" MB ") >= 2


def _pace(report: str) -> list[str]:
    window = _WINDOW.search(report)
    if window is None or not any(window.groups()):
        return []
    hours, minutes, seconds = (int(part or 0) for part in window.groups())
    if hours * 3600 + minutes * 60 + seconds >= _SHORT_SECONDS:
        return []
    return [f"{match[0]!r} from {seconds} s" for match in _PACE.finditer(report)]


def _alike(report: str) -> list[str]:
    """Lines under ALSO that say the same of several dynos."""
    also = re.search(r"^ALSO +(.*?)(?=^\S|\Z)", report, re.MULTILINE | re.DOTALL)
    if also is None:
        return []
    lines = re.split(r"\n\s+(?=(?:!!|!|·|-) )", also[1])
    said = Counter(_OWN.sub("#", " ".join(line.split())) for line in lines)
    return [f"{times} times {text!r}" for text, times in said.items() if times >= _MANY_ALIKE]
