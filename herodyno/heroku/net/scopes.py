"""Which scope of an OAuth authorization a call needs, and what to type where a token's scope does not reach.

Heroku publishes what each scope is for (Dev Center, "OAuth"), but no list by call. So a scope named here is the least
that its words promise.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from herodyno.errors import UsageError
from herodyno.heroku_facts import SCOPES

_NEEDS = "needs a token of scope"

# A writer looks first. Heroku names the two as a pair.
_WITH = {"write": ("read", "write"), "write-protected": ("read-protected", "write-protected")}


def scopes_of(text: str) -> tuple[str, ...]:
    """The scopes to ask Heroku for, from "write" or "identity,read". Raises UsageError for any other word."""
    named = [word.strip() for word in text.split(",")]
    if unknown := [word for word in named if word not in SCOPES]:
        raise UsageError(f"--scope {unknown[0]!r} is no scope of Heroku's", next_step=f"one of: {', '.join(SCOPES)}")
    return tuple(dict.fromkeys(scope for word in named for scope in _WITH.get(word, (word,))))


def scope_for(method: str, url: str) -> str:
    """The scope that the call needs."""
    path = urlsplit(url).path.rstrip("/")
    if path.startswith("/oauth/"):
        return "global"
    if path.startswith("/account"):
        return "identity" if method == "GET" else "global"
    scope = "read" if method == "GET" else "write"
    return f"{scope}-protected" if path.endswith("/config-vars") else scope


def scope_next_step(method: str, url: str, *, token_source: str = "") -> str:
    """What to type for a token that may make the call. `token_source` is a variable's name, or no such word."""
    scope = scope_for(method, url)
    first = f"unset {token_source}, then " if token_source.isupper() else ""
    needed = scope if scope == "global" else f"{scope} or more"
    return f"{method} {urlsplit(url).path} {_NEEDS} {needed}: {first}herodyno auth login --scope {scope}"


def shared_next_step(steps: Iterable[str]) -> str:
    """What to type after several failures: their one next step, else the scope that a call of some needs, or ""."""
    once = list(dict.fromkeys(steps))
    if len(once) == 1:
        return once[0]
    return next((step[step.index(_NEEDS) :] for step in once if _NEEDS in step), "")
