"""Which dynos a typed word names: a dyno's name, a process type, a dyno id or the unique beginning of an id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from herodyno.dynos import SHORTEST_ID_PREFIX, Dyno, Formation, names_with_ids, natural_order
from herodyno.errors import NotFound, UsageError
from herodyno.operations.near_misses import near_misses

# Covers Fir's dyno names too: web-848cd4f64d-pvpr2.
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_ID_START = re.compile(r"[0-9a-f][0-9a-f-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What one word names. `type` is "" unless the word names a process type; `dynos` are the dynos that exist now."""

    word: str
    type: str
    dynos: tuple[Dyno, ...]


def require_words(words: Iterable[str]) -> None:
    """Raise UsageError for a word that cannot be a dyno's name, a process type or an id, such as "../../victim"."""
    for word in words:
        if not _WORD.fullmatch(word):
            raise UsageError(
                f"{word!r} is no dyno, process type or dyno id; nothing was sent.",
                next_step="Write it as web.1 or web.",
            )


def require_id_start(word: str, *, flag: str) -> None:
    """Raise UsageError, naming `flag`, when the word cannot be a dyno id or the beginning of one."""
    if len(word) < SHORTEST_ID_PREFIX or not _ID_START.fullmatch(word):
        raise UsageError(
            f"{flag} {word!r} is not a dyno id, nor its first {SHORTEST_ID_PREFIX} characters or more; "
            "nothing was sent.",
            next_step=f"Write it as {flag} 6f1c02ab; ids: herodyno ps.",
        )


def find_target(app: str, word: str, dynos: Sequence[Dyno], formation: Iterable[Formation]) -> Target:
    """The dynos that the word names. A dyno's name wins over a process type, a type over the beginning of an id.

    Raises NotFound when the word names nothing, UsageError when it begins the ids of several dynos.
    """
    by_name = tuple(dyno for dyno in dynos if dyno.name == word)
    if by_name:
        return Target(word=word, type="", dynos=by_name)
    types = {each.type for each in formation} | {dyno.type for dyno in dynos}
    if word in types:
        return Target(word=word, type=word, dynos=by_natural_order(dyno for dyno in dynos if dyno.type == word))
    found = with_id(word, dynos)
    if len(found) > 1:
        raise UsageError(
            f"{word!r} begins the id of {len(found)} dynos: {', '.join(names_with_ids(found))}; nothing was sent.",
            next_step="Give more of the id.",
        )
    if found:
        return Target(word=word, type="", dynos=tuple(found))
    known = [*types, *(dyno.name for dyno in dynos)]
    near = near_misses(word, known)
    raise NotFound(
        f"{app} has no dyno, process type or dyno id {word!r}; nothing was sent.",
        next_step=f"Did you mean {' or '.join(near)}?" if near else f"See what there is: herodyno ps --app {app}",
    )


def with_id(word: str, dynos: Iterable[Dyno]) -> list[Dyno]:
    """The dynos whose id begins with the word; none for a word of fewer than four characters."""
    if len(word) < SHORTEST_ID_PREFIX or not _ID_START.fullmatch(word):
        return []
    return [dyno for dyno in dynos if dyno.id.casefold().startswith(word.casefold())]


def by_natural_order(dynos: Iterable[Dyno]) -> tuple[Dyno, ...]:
    """The dynos by name, web.2 before web.10."""
    return tuple(sorted(dynos, key=lambda dyno: natural_order(dyno.name)))
