"""Suggestions for a mistyped word: the known words nearest to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable


def near_misses(word: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """At most `most` known words that contain the word or look like it, nearest first: "2x" finds Standard-2X."""
    from difflib import get_close_matches  # imported here: needed only after a typing mistake

    names = {name.casefold(): name for name in known}
    wanted = word.casefold()
    holding = sorted((name for name in names if len(wanted) > 1 and wanted in name), key=len)
    alike = get_close_matches(wanted, names, n=most, cutoff=0.6)
    return [names[name] for name in dict.fromkeys([*holding, *alike])][:most]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "Did you mean web?"; without a near miss "There are: web, worker."; "" when nothing is known."""
    names = sorted(known)
    near = near_misses(word, names)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"There are: {', '.join(names)}." if names else ""
