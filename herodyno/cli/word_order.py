"""Words that may stand elsewhere than where the command tree looks for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_OF_THE_APP = ("-a", "--app", "-r", "--remote")


def in_usual_order(argv: Sequence[str], names: Collection[str]) -> list[str]:
    """`-a NAME ps web` as `ps -a NAME web`, and `auth help login` as `help auth login`.

    `names` are the commands of the tree, "run list" among them. What stands behind `run` is the words of
    another program, whose own help may be meant.
    """
    words = list(argv)
    if words[1:2] == ["help"] and words[0] in names and words[0] != "run":
        return ["help", words[0], *words[2:]]
    moved: list[str] = []
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] in _OF_THE_APP or words[at].startswith(("--app=", "--remote=")):
            taken = 1 if "=" in words[at] else 2
            moved += words[at : at + taken]
            del words[at : at + taken]
        else:
            at += 2 if words[at] == "--color" else 1
    if at >= len(words):
        return list(argv)
    at += 2 if " ".join(words[at : at + 2]) in names and len(words) > at + 1 else 1
    return [*words[:at], *moved, *words[at:]]
