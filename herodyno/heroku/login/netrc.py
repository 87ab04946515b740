"""The token in a netrc file. The file must be the user's own, private and well-formed, and name the host exactly.

The grammar is that of curl and Python: words, "quoted" words with backslashes, # to the line's end between entries,
macdef to an empty line. Unknown pairs are accepted: older Heroku CLIs wrote "method interactive". The key is the API's
host with its port. The first entry of a host wins. `default` is never used, as in the Heroku CLI.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from herodyno.errors import NotAuthenticated
from herodyno.units import count

_MAX_BYTES = 1_000_000
_WORD = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"(?=\s|$)|\S+')
_ESCAPE = re.compile(r"\\(.)")
_MACRO = re.compile(r"\s*macdef\b")
_KEYS = frozenset(
    {"machine", "default", "login", "password", "account"}
)  # the value of these may stand on the next line


def netrc_path(environ: Mapping[str, str]) -> Path:
    """The file that the Heroku CLI, curl and git read: $NETRC, else ~/.netrc (~/_netrc on Windows)."""
    named = environ.get("NETRC")
    if named:
        return Path(named)
    home = environ.get("USERPROFILE" if sys.platform == "win32" else "HOME")
    return (Path(home) if home else Path.home()) / ("_netrc" if sys.platform == "win32" else ".netrc")


def netrc_entry(path: Path, host: str, login: str = "") -> tuple[str, str]:
    """(login, password) of the host's entry, of this login where one is named; each "" without the file or the entry.

    Raises NotAuthenticated, with what to type, for a file that is not private, of another user, a symbolic link,
    encrypted or malformed. Nothing of such a file is used.
    """
    text = _read(path)
    if text is None:
        locked = path.with_name(path.name + ".gpg")
        if not locked.exists():
            return "", ""
        raise NotAuthenticated(
            f"{locked} is encrypted, and herodyno does not call gpg",
            next_step=f"gpg -d {locked} shows the token; give it to: herodyno auth login --token-stdin",
        )
    try:
        return entry_in(text, host, login)
    except ValueError as error:
        raise NotAuthenticated(
            f"{path} is malformed at {error}; nothing of it was used",
            next_step=f"correct {path}, or set HEROKU_API_KEY",
        ) from None


def entry_in(text: str, host: str, wanted: str = "") -> tuple[str, str]:
    """(login, password) of the host in a netrc's text, of the `wanted` login where one is named.

    Raises ValueError with the line's number, never its words.
    """
    found: tuple[str, str] | None = None
    for machine, login, password, line in _entries(text):
        if machine.lower() == host.lower() and found is None and wanted in ("", login):
            if not password:
                raise ValueError(f"line {line}: no password")
            found = (login, password)
    return found or ("", "")


def netrc_logins(path: Path, host: str) -> list[str]:
    """The logins of the host's entries. None of a file that `netrc_entry` refuses."""
    try:
        return [login for machine, login, *_ in _entries(_read(path) or "") if machine.lower() == host.lower()]
    except (ValueError, NotAuthenticated):
        return []


class _Word(NamedTuple):
    text: str
    line: int
    bare: bool  # not in quotes


def _entries(text: str) -> Iterator[tuple[str, str, str, int]]:
    """(host, login, password, line number) of each `machine`. The whole text is read: a torn file is noticed."""
    words = deque(_words(text))
    host, login, password, line = "", "", "", 0
    while words:
        key = words.popleft()
        if key.bare and key.text.startswith("#"):
            while words and words[0].line == key.line:
                words.popleft()
        elif key.bare and key.text in ("machine", "default"):
            if host:
                yield host, login, password, line
            host, login, password, line = "", "", "", key.line
            if key.text == "machine":
                host = _value_of(key, words)
        elif not line:
            raise ValueError(f"line {key.line}: a word outside any entry")
        else:
            value = _value_of(key, words)
            password = value if key.text == "password" else password
            login = value if key.text == "login" else login
    if host:
        yield host, login, password, line


def _words(text: str) -> Iterator[_Word]:
    in_macro = False
    for number, line in enumerate(text.split("\n"), start=1):
        if in_macro or _MACRO.match(line):
            in_macro = bool(line.strip())  # a macro ends with an empty line
            continue
        for found in _WORD.finditer(line):
            quoted = found["quoted"]
            yield _Word(found[0] if quoted is None else _ESCAPE.sub(r"\1", quoted), number, quoted is None)


def _value_of(key: _Word, words: deque[_Word]) -> str:
    value = words.popleft() if words else None
    if value is None or value.text in _KEYS or (key.text not in _KEYS and value.line != key.line):
        raise ValueError(f"line {key.line}: a word without its value")
    if value.bare and value.text.startswith('"'):
        raise ValueError(f"line {value.line}: a quote that does not end")
    return value.text


def _read(path: Path) -> str | None:
    """The file's text, or None without the file. The checks are made on the open file, not on its name."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if path.is_symlink():
            raise _refused(path, "a symbolic link", f"NETRC={path.resolve()} names the file itself") from None
        raise _refused(path, f"unreadable ({error.strerror})", f"ls -l {shlex.quote(str(path))}") from None
    try:
        _check(path, os.fstat(descriptor))
        content = os.read(descriptor, _MAX_BYTES)
    finally:
        os.close(descriptor)
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _refused(path, "not text (encrypted?)", "herodyno auth login --token-stdin") from None


def _check(path: Path, status: os.stat_result) -> None:
    list_command = f"ls -l {shlex.quote(str(path))}"
    if not stat.S_ISREG(status.st_mode):
        raise _refused(path, "not a regular file", list_command)
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise _refused(path, "somebody else's file", list_command)
    if os.name == "posix" and status.st_mode & 0o077:  # Windows has access lists instead, not looked at here
        mode = stat.S_IMODE(status.st_mode)
        raise _refused(path, f"open to others (mode {mode:04o})", f"chmod 600 {shlex.quote(str(path))}")
    if status.st_size >= _MAX_BYTES:
        raise _refused(path, f"larger than {count(_MAX_BYTES, 'byte')}", list_command)


def _refused(path: Path, why: str, next_step: str) -> NotAuthenticated:
    return NotAuthenticated(f"{path} is {why}; it was not used", next_step=next_step)
