"""The file of names that ordinary commands have seen. The shells read it, so TAB needs neither Python nor network.

Each line is `KIND HOST APP NAME`. HOST is the value of HEROKU_HOST, or "-" when unset. APP is "-" when the name is an
app's. The newest app stands first. The file may be deleted at any time. Its name contains the version of its format.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from herodyno.folders import cache_folder

FILE = "completion-1.txt"
MOST_LINES = 2000  # bash reads a thousand lines in 7 ms
MOST_NAMES = 500  # in one group
_GOOD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# The one copy of heroku_facts.UUID_PATTERN: this package loads nothing of the rest.
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOOPBACK = re.compile(r"(https?://)?(localhost|127\.[\d.]+|\[::1\])(:\d+)?/?$", re.IGNORECASE)
_GOOD_HOST = re.compile(r"[A-Za-z0-9._:/\[\]-]+")


class Group(NamedTuple):
    """The key of names that are replaced together: "app" of a host; "dyno", "type", "size", "release" of one app."""

    kind: str
    host: str
    app: str


def seen_path() -> Path:
    """The file in this user's cache folder."""
    return cache_folder() / FILE


def read_seen(path: Path) -> dict[Group, list[str]]:
    """The names in the file; none when the file is missing or unreadable."""
    seen: dict[Group, list[str]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return seen
    for line in lines:
        fields = line.split(" ")
        if len(fields) == 4:
            seen.setdefault(Group(*fields[:3]), []).append(fields[3])
    return seen


def remember(path: Path, news: Mapping[Group, Iterable[str]]) -> None:
    """Replace the names of the groups in `news`, and keep the others.

    Groups of other servers on this machine are dropped: each sandbox has a new port, and the names of past sandboxes
    must not pile up. Names that could mean more than a name to a shell or a terminal are dropped too. Raises nothing:
    a cache that cannot be written is no reason to fail.
    """
    old = read_seen(path)
    merged = {group: _good(names) for group, names in news.items() if _is_good(group)}
    for host in {group.host for group in merged}:
        apps = [group.app for group in merged if group.app != "-" and group.host == host]
        listed = Group("app", host, "-")
        merged[listed] = list(dict.fromkeys([*apps, *(merged.get(listed) or old.get(listed, []))]))[:MOST_NAMES]
    hosts = {group.host for group in merged}
    kept = {group: names for group, names in old.items() if group.host in hosts or not _LOOPBACK.match(group.host)}
    if kept == old and all(old.get(group, []) == names for group, names in merged.items()):
        return
    merged |= {group: names for group, names in kept.items() if group not in merged}
    lines = [" ".join((*group, name)) for group, names in merged.items() for name in names]
    with suppress(OSError):
        _write(path, "".join(f"{line}\n" for line in lines[:MOST_LINES]))


def _good(names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if len(name) <= 100 and _GOOD.fullmatch(name)][:MOST_NAMES]


def _is_good(group: Group) -> bool:
    by_name = group.app == "-" or (_GOOD.fullmatch(group.app) and not _ID.fullmatch(group.app))
    return bool(by_name and _GOOD_HOST.fullmatch(group.host))


def _write(path: Path, text: str) -> None:
    """Write the file for this user only, and all at once: a shell never reads half a file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = path.with_name(f"{FILE}.{os.getpid()}")
    with suppress(FileNotFoundError):
        own.unlink()  # left by a killed process with the same number
    try:
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        own.replace(path)
    except OSError:
        own.unlink(missing_ok=True)
        raise
