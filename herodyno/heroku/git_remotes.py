"""The Heroku apps that the git remotes of a checkout point at. Remote URLs are parsed, never matched as patterns."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^@/:]+):(?P<path>[^/].*)")  # git@heroku.com:example-app.git
_KEYS = r"^(remote\..*\.url|url\..*\.insteadof|heroku\.remote)$"
_SECONDS = 5  # for one call of git


@dataclass(frozen=True, slots=True)
class GitRemotes:
    """`apps` maps a remote's name to its app, in the order of git's config. `preferred` is its heroku.remote."""

    apps: Mapping[str, str]
    preferred: str = ""


def read_git_config(folder: Path | None = None) -> bytes:
    """The output of `git config -z` about remotes; b"" without git, outside a repository, and after a time-out."""
    argv = ["git", "config", "-z", "--get-regexp", _KEYS]
    try:
        done = subprocess.run(argv, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS)  # noqa: S603 - fixed words, no shell
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def git_remotes(config: bytes, hosts: frozenset[str]) -> GitRemotes:
    """The remotes on one of Heroku's git hosts.

    `config` is the output of `read_git_config`, `hosts` that of `git_hosts`. Of a remote with several URLs the first
    counts: git fetches from it.
    """
    urls: dict[str, str] = {}
    instead: list[tuple[str, str]] = []
    preferred = ""
    for entry in config.split(b"\0"):
        key, _, value = os.fsdecode(entry).partition("\n")
        if key == "heroku.remote":
            preferred = value
        elif key.startswith("remote."):
            urls.setdefault(key[len("remote.") : -len(".url")], value)
        elif key.startswith("url."):
            instead.append((value, key[len("url.") : -len(".insteadof")]))
    instead.sort(key=lambda pair: len(pair[0]), reverse=True)  # git takes the longest match
    found = {name: app_in_url(_rewritten(url, instead), hosts) for name, url in urls.items()}
    return GitRemotes({name: app for name, app in found.items() if app}, preferred)


def app_in_url(url: str, hosts: frozenset[str]) -> str:
    """The app's name in an ssh or https git URL of one of the hosts, or "" for any other URL."""
    scp = _SCP.fullmatch(url)
    if "://" not in url and scp:
        host, path = scp["host"], scp["path"]
    else:
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        host, path = parts.netloc.rpartition("@")[2], parts.path.removeprefix("/")
        loopback = host.partition(":")[0] in ("127.0.0.1", "localhost")
        if parts.scheme not in ("https", "ssh") and not (parts.scheme == "http" and loopback):
            return ""
    return path.removesuffix(".git") if host.lower() in hosts else ""


def git_hosts(api_host: str, environ: Mapping[str, str]) -> frozenset[str]:
    """Heroku's git hosts: the value of HEROKU_GIT_HOST, else those that belong to the API's host."""
    own = environ.get("HEROKU_GIT_HOST", "").strip().lower()
    if own:
        return frozenset({own})
    if api_host.startswith("api."):
        domain = api_host.removeprefix("api.").lower()
        return frozenset({domain, f"git.{domain}"})
    return frozenset({api_host.lower()})


def _rewritten(url: str, instead: list[tuple[str, str]]) -> str:
    for prefix, base in instead:
        if prefix and url.startswith(prefix):
            return base + url[len(prefix) :]
    return url
