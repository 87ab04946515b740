"""The token in a netrc file, read with care: our own file, private, whole, and the host named exactly.

Grammar: curl's and Python's (words; "quoted" with backslashes; # to the end of the line between
entries; macdef to an empty line) with the unknown pairs that older Heroku CLIs wrote ("method
interactive"). The key is the API's host with its port; the first entry of a host wins; `default` is
never used, as in the Heroku CLI.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from herodyno.errors import NotAuthenticated

_MAX_BYTES = 1_000_000
_KNOWN = frozenset({"login", "password", "account"})
_STARTS = frozenset({"machine", "default", "macdef"})
_WORD = re.compile(r'[ \t\r\f\v]*(?:"((?:[^"\\]|\\.)*)"|(#)|([^\s"]\S*))')


def netrc_path(environ: Mapping[str, str]) -> Path:
    """The file the Heroku CLI, curl and git use: NETRC, else ~/.netrc (~/_netrc on Windows)."""
    named = environ.get("NETRC")
    if named:
        return Path(named)
    home = environ.get("USERPROFILE" if sys.platform == "win32" else "HOME")
    return (Path(home) if home else Path.home()) / ("_netrc" if sys.platform == "win32" else ".netrc")


def netrc_password(path: Path, host: str) -> str:
    """The password of the host's entry, "" when the file is absent or has no entry for it.

    Raises NotAuthenticated, saying what to type, when the file is not private, not ours, a symbolic
    link, encrypted or malformed: then nothing of it is used.
    """
    text = _read(path)
    if text is None:
        locked = path.with_name(path.name + ".gpg")
        if not locked.exists():
            return ""
        raise NotAuthenticated(
            f"{locked} is encrypted, and herodyno does not call gpg",
            next_step=f"gpg -d {locked} shows the token; give it to: herodyno auth login --token-stdin",
        )
    try:
        return password_in(text, host)
    except ValueError as error:
        raise NotAuthenticated(
            f"{path} is malformed at {error}; nothing of it was used",
            next_step=f"correct {path}, or set HEROKU_API_KEY",
        ) from None


def password_in(text: str, host: str) -> str:
    """The password of the host in a netrc's text, or "". Raises ValueError naming the line, never a word of it."""
    found: str | None = None
    for machine, password, line in _entries(text):
        if machine.lower() == host.lower() and found is None:
            if not password:
                raise ValueError(f"line {line}: no password")
            found = password
    return found or ""


class _Word(NamedTuple):
    text: str
    line: int
    quoted: bool


def _entries(text: str) -> Iterator[tuple[str, str, int]]:
    """(host, password, line) of each `machine`; the whole text is read, so a torn file is noticed."""
    words = _words(text)
    host, password, line = "", "", 0
    for word in words:
        if word.text in _STARTS and not word.quoted:
            if host:
                yield host, password, line
            host, password, line = "", "", word.line
            if word.text == "machine":
                host = _value(words, word, same_line=False)
            elif word.text == "macdef":
                _skip_macro(words, word.line)
            continue
        if not line:
            raise ValueError(f"line {word.line}: a word outside any entry")
        value = _value(words, word, same_line=word.text not in _KNOWN)
        if word.text == "password":
            password = value
    if host:
        yield host, password, line


def _value(words: Iterator[_Word], key: _Word, *, same_line: bool) -> str:
    value = next(words, None)
    if value is None or (same_line and value.line != key.line) or (value.text in _STARTS and not value.quoted):
        raise ValueError(f"line {key.line}: a word without its value")
    return value.text
