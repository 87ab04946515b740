"""The parts of a pattern of Python's `re` over bytes, as a list of nodes: groups are marks between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from re import _constants as codes  # type: ignore[attr-defined]  # no public door shows a pattern's parts
from re import _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

BYTES = range(256)
_CLASSES = {
    codes.CATEGORY_DIGIT: rb"\d",
    codes.CATEGORY_NOT_DIGIT: rb"\D",
    codes.CATEGORY_SPACE: rb"\s",
    codes.CATEGORY_NOT_SPACE: rb"\S",
    codes.CATEGORY_WORD: rb"\w",
    codes.CATEGORY_NOT_WORD: rb"\W",
}
OPEN, CLOSE, _DOT = "open", "close", "dot"  # nodes of our own: where a group begins and ends; any byte
FIRST = 3  # bytes of a way that are looked at before it is tried

Node: TypeAlias = tuple[Any, Any]


class UnknownPattern(Exception):
    """A pattern has a part that this module does not know."""


def nodes_of(pattern: bytes) -> tuple[list[Node], int]:
    """The nodes of a pattern, and the number of its groups."""
    tree = _parser.parse(pattern)
    if tree.state.flags & ~re.ASCII:
        raise UnknownPattern(f"flags {tree.state.flags}")
    return _flat(tree, is_dotall=False), tree.state.groups - 1


def _flat(nodes: Iterable[Node], *, is_dotall: bool) -> list[Node]:
    """Nodes without sub-patterns: a group is its contents between two nodes of our own."""
    flat: list[Node] = []
    for op, arg in nodes:
        if op is codes.SUBPATTERN:
            group, added, removed, inner = arg
            if removed or added & ~re.DOTALL:
                raise UnknownPattern(f"flags {added}-{removed}")
            contents = _flat(inner, is_dotall=is_dotall or bool(added & re.DOTALL))
            flat += [(OPEN, group), *contents, (CLOSE, group)] if group else contents
        elif op is codes.BRANCH:
            flat.append((op, [_flat(way, is_dotall=is_dotall) for way in arg[1]]))
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            flat.append((op, (arg[0], _flat(arg[1], is_dotall=is_dotall))))
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            flat.append((op, (arg[0], arg[1], _flat(arg[2], is_dotall=is_dotall))))
        elif op is codes.ATOMIC_GROUP:
            flat.append((op, _flat(arg, is_dotall=is_dotall)))
        elif op is codes.ANY and is_dotall:
            flat.append((_DOT, None))
        else:
            flat.append((op, arg))
    return flat


def has_group(nodes: Iterable[Node]) -> bool:
    return bool(marks_of(nodes))


def marks_of(nodes: Iterable[Node]) -> frozenset[int]:
    """The marks that a match of nodes may set."""
    found: set[int] = set()
    for op, arg in nodes:
        if op in (OPEN, CLOSE):
            found.add(mark_of(op, arg))
        elif op is codes.BRANCH:
            found.update(*map(marks_of, arg))
        elif op is codes.ATOMIC_GROUP:
            found |= marks_of(arg)
        elif isinstance(arg, tuple) and isinstance(arg[-1], list) and op is not codes.IN:
            found |= marks_of(arg[-1])
    return frozenset(found)


def mark_of(op: Any, group: int) -> int:
    """The place where a group begins, or ends, among the beginnings and ends of all groups."""
    return 2 * group - (2 if op == OPEN else 1)


def leading_literal(nodes: Sequence[Node]) -> bytes:
    found = bytearray()
    for op, arg in nodes:
        if op is not codes.LITERAL:
            break
        found.append(arg)
    return bytes(found)


def beginnings(nodes: Sequence[Node]) -> list[list[frozenset[int]]]:
    """Of each way to match nodes, what its first bytes may be, as many as are looked at. Empty where a way may match no
    byte, or where that is not looked for."""
    found: list[frozenset[int]] = []
    for op, arg in nodes:
        if op in (OPEN, CLOSE, codes.ASSERT, codes.ASSERT_NOT):
            continue
        if op is codes.BRANCH and not found:
            ways = [beginnings(way) for way in arg]
            return [each for way in ways for each in way] if all(ways) else []
        if (members := members_of(op, arg)) is None or len(found) == FIRST:
            break
        found.append(members)
    return [found] if found else []


def is_fixed(op: Any, arg: Any) -> bool:
    """Whether a node is one byte, a fixed number of times."""
    return op in (codes.MAX_REPEAT, codes.MIN_REPEAT) and arg[0] == arg[1] and single(arg[2]) is not None


def single(inner: Sequence[Node]) -> frozenset[int] | None:
    return members_of(*inner[0]) if len(inner) == 1 else None


def members_of(op: Any, arg: Any) -> frozenset[int] | None:
    """The bytes that a node of one byte matches; None for any other node."""
    every = frozenset(BYTES)
    if op == _DOT:
        return every
    if op is codes.ANY:
        return every - {10}
    if op is codes.LITERAL:
        return frozenset({arg})
    if op is codes.NOT_LITERAL:
        return every - {arg}
    if op is not codes.IN:
        return None
    found: set[int] = set()
    is_negated = False
    for kind, value in arg:
        if kind is codes.NEGATE:
            is_negated = True
        elif kind is codes.LITERAL:
            found.add(value)
        elif kind is codes.RANGE:
            found.update(range(value[0], value[1] + 1))
        elif kind is codes.CATEGORY and value in _CLASSES:
            found.update(byte for byte in BYTES if re.match(_CLASSES[value], bytes([byte])))
        else:
            raise UnknownPattern(f"{kind} in a class")
    return every - found if is_negated else frozenset(found)
