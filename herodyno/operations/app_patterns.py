"""Patterns of app names, as `*-prod`: whether one fits an app, and whether it can fit any.

A pattern is read as a shell reads one: `*`, `?`, `[abc]`, `[!abc]`. A plain name is the pattern of that one app.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Set
from fnmatch import fnmatchcase

_LETTERS = frozenset(string.ascii_lowercase)
_ENDS = _LETTERS | frozenset(string.digits)
_NAME = _ENDS | {"-"}
# The shortest and longest name of APP_NAME_PATTERN, which the tests hold against each other.
SHORTEST, LONGEST = 3, 30

# fnmatch's tokens: a bracket without its end is a plain character.
_TOKEN = re.compile(r"\*+|\[!?\]?[^\]]*\]|.", re.DOTALL)


def matching(app: str, patterns: Iterable[str]) -> str:
    """The first of the patterns that fits the app's name, or ""."""
    return next((pattern for pattern in patterns if fnmatchcase(app, pattern)), "")


def can_match(pattern: str) -> bool:
    """Whether some app could have a name that the pattern fits."""
    tokens = [_allowed(token) for token in _TOKEN.findall(pattern)]
    if sum(token is not None for token in tokens) > LONGEST:
        return False
    return any(_fits_length(tokens, length) for length in range(SHORTEST, LONGEST + 1))


def _allowed(token: str) -> Set[str] | None:
    """The characters of a name that the token fits; None for a star, which fits any number of any."""
    if token.startswith("*"):
        return None
    if token == "?":  # noqa: S105 - a token of a pattern
        return _NAME
    if len(token) == 1:
        return _NAME & {token}
    return frozenset(each for each in _NAME if fnmatchcase(each, token))


def _fits_length(tokens: list[Set[str] | None], length: int) -> bool:
    """Whether a name of this length fits: at each place, the tokens that may come next."""
    places = [_LETTERS, *[_NAME] * (length - 2), _ENDS]
    at = _past_stars({0}, tokens)
    for place in places:
        moved: set[int] = set()
        for token in at:
            if token == len(tokens):
                continue
            allowed = tokens[token]
            if allowed is None:
                moved.add(token)
            elif allowed & place:
                moved.add(token + 1)
        at = _past_stars(moved, tokens)
    return len(tokens) in at


def _past_stars(at: set[int], tokens: list[Set[str] | None]) -> set[int]:
    """The tokens that may come next, where a star may also stand for nothing."""
    found = set(at)
    for token in sorted(at):
        while token < len(tokens) and tokens[token] is None:
            token += 1
            found.add(token)
    return found
