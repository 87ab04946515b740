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
    return any(
        op in (OPEN, CLOSE)
        or (op is codes.BRANCH and any(map(has_group, arg)))
        or (op is codes.ATOMIC_GROUP and has_group(arg))
        or (isinstance(arg, tuple) and isinstance(arg[-1], list) and op is not codes.IN and has_group(arg[-1]))
        for op, arg in nodes
    )


def leading_literal(nodes: Sequence[Node]) -> bytes:
    found = bytearray()
    for op, arg in nodes:
        if op is not codes.LITERAL:
            break
        found.append(arg)
    return bytes(found)


def first_bytes(nodes: Sequence[Node]) -> frozenset[int] | None:
    """The bytes that a match of nodes may begin with. None where it may be empty, or where that is not looked for."""
    for op, arg in nodes:
        if op in (OPEN, CLOSE, codes.ASSERT, codes.ASSERT_NOT):
            continue
        if op is codes.BRANCH:
            ways = [first_bytes(way) for way in arg]
            return None if None in ways else frozenset().union(*filter(None, ways))
        return members_of(op, arg)
    return None


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
