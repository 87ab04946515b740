"""Where a frame of a stack stands: the file and the function, without the number of the line.

A number of a line differs between releases, the place does not. The app's own code says more than the libraries that
the app calls.
"""

from __future__ import annotations

from typing import NamedTuple

from herodyno.logs.late_patterns import late

_CHARACTERS_READ = 400
_LONGEST_PLACE = 120
_FILE = r"(?:file://)?(?P<file>[^\s\"'`():]{1,200})"
_FRAMES = tuple(
    late(pattern)
    for pattern in (
        r'File "(?P<file>[^"]{1,200})", line \d{1,7}(?:, in (?P<function>\S{1,80}))?',  # Python
        rf"(?:from )?{_FILE}:\d{{1,7}}:in [`'](?P<function>[^`']{{1,80}})'",  # Ruby
        rf"at (?:async |new )?(?P<function>\S{{1,80}})(?: \[as \w{{1,40}}\])? \({_FILE}:\d{{1,7}}:\d{{1,7}}\)",  # Node
        rf"at (?:async )?{_FILE}:\d{{1,7}}:\d{{1,7}}",  # Node, where the function has no name
        rf"at (?P<function>[\w.$<>/@]{{1,120}})\({_FILE}:\d{{1,7}}\)",  # Java
        rf"at (?P<function>[\w.<>`]{{1,120}})\([^()]{{0,120}}\) in {_FILE}:line \d{{1,7}}",  # .NET
        rf"#\d{{1,4}} {_FILE}\(\d{{1,7}}\): (?P<function>[^\s(]{{1,80}})",  # PHP
        rf"\([\w-]{{1,64}} [\d.]{{1,20}}\) {_FILE}:\d{{1,7}}: (?P<function>\S{{1,80}})",  # Elixir
        r"(?P<file>/\S{1,200}\.go):\d{1,7}",  # Go
    )
)
_LIBRARY = late(
    r"site-packages|dist-packages|/gems/|vendor/|node_modules|^node:|^internal/|/usr/lib|\.heroku/|/lib/python|^<|/ruby/"
    r"|^(?:java|javax|jdk|sun|org\.springframework|org\.apache|org\.hibernate)\."
)


class Place(NamedTuple):
    """A place in code as people name it: "shop/cart.py in total". `is_own`: the file is none of a library."""

    text: str
    is_own: bool


def place_in(text: str) -> Place | None:
    """The place that a line of a traceback names, or None."""
    start = text[:_CHARACTERS_READ].strip()
    for pattern in _FRAMES:
        if found := pattern.match(start):
            names = found.groupdict()
            file, function = names["file"].removeprefix("/app/"), names.get("function") or ""
            is_own = not _LIBRARY.search(names["file"]) and not _LIBRARY.match(function)
            return Place(f"{file} in {function}"[:_LONGEST_PLACE] if function else file[:_LONGEST_PLACE], is_own)
    return None
