"""A pattern of Python's `re` over bytes becomes Rust functions that match the same.

Only what the patterns of the scan use is known. Anything else raises UnknownPattern: then no compiled part is built.

A node that may match in several ways tries each of them, and calls what follows it, a function of its own. So a match
needs no heap, and no more stack than the pattern has nodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from re import _constants as codes  # type: ignore[attr-defined]  # no public door shows a pattern's parts
from typing import Any

from herodyno.logs.scan.compiled.nodes import (
    BYTES,
    CLOSE,
    OPEN,
    Node,
    UnknownPattern,
    first_bytes,
    has_group,
    is_fixed,
    leading_literal,
    members_of,
    nodes_of,
    single,
)

_MOST_UNROLLED = 8  # repetitions of more than one byte, written out


def rust_of(name: str, pattern: bytes) -> str:
    """The function `name(text, at, groups)`: the end of a match that begins at an offset, or None.

    `groups` has two offsets for each group of the pattern, NONE where the group has no part in the match. The caller
    fills them with NONE.
    """
    nodes, groups = nodes_of(pattern)
    writer = _Writer(name)
    writer.function(name, writer.body(nodes, None))
    return f"pub const {name.upper()}_GROUPS: usize = {groups};\n" + "\n".join(writer.functions)


class _Writer:
    """Writes the functions of one pattern. `functions` are done."""

    def __init__(self, name: str) -> None:
        self.functions: list[str] = []
        self._name = name
        self._made = 0
        self._first_bytes: dict[str | None, frozenset[int] | None] = {None: None}

    def function(self, name: str, body: str) -> str:
        """A function with this body. Returns its name."""
        groups = f"&mut [usize; 2 * {self._name.upper()}_GROUPS]"
        self.functions.append(f"pub fn {name}(t: &[u8], mut p: usize, g: {groups}) -> Option<usize> {{\n{body}\n}}")
        return name

    def _new(self, nodes: Sequence[Node], then: str | None) -> str:
        """A function that matches nodes, and then what another function matches. Returns its name."""
        name = self._written(self.body(list(nodes), then))
        self._first_bytes[name] = first_bytes(nodes)
        return name

    def _written(self, body: str) -> str:
        self._made += 1
        return self.function(f"{self._name}_{self._made}", body)

    def body(self, nodes: list[Node], then: str | None) -> str:
        """The body of a function that matches nodes, and then what another function matches."""
        lines: list[str] = []
        while nodes:
            literal = leading_literal(nodes)
            if literal:
                del nodes[: len(literal)]
                lines.append(f"if !t[p..].starts_with(&{list(literal)}) {{ return None; }} p += {len(literal)};")
                continue
            op, arg = nodes.pop(0)
            if (members := members_of(op, arg)) is not None:
                lines.append(f"if p >= t.len() || !{rust_test(members, 't[p]')} {{ return None; }} p += 1;")
            elif op in (OPEN, CLOSE):
                lines.append(f"g[{2 * arg - (2 if op == OPEN else 1)}] = p;")
            elif op in (codes.ASSERT, codes.ASSERT_NOT):
                direction, inner = arg
                if direction != 1 or (op is codes.ASSERT_NOT and has_group(inner)):
                    raise UnknownPattern("a look behind, or a group in what must not follow")
                test = "is_none" if op is codes.ASSERT else "is_some"
                lines.append(f"if {self._new(inner, None)}(t, p, g).{test}() {{ return None; }}")
            elif op is codes.ATOMIC_GROUP:
                lines.append(f"p = {self._new(arg, None)}(t, p, g)?;")
            elif op is codes.POSSESSIVE_REPEAT or is_fixed(op, arg):
                lines.append(self._possessive(*arg))
            elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.BRANCH):
                following = self._new(nodes, then) if nodes else then
                return "\n".join([*lines, self._choice(op, arg, following)])
            else:
                raise UnknownPattern(str(op))
        return "\n".join([*lines, _call(then)])

    def _possessive(self, least: int, most: Any, inner: Sequence[Node]) -> str:
        members = single(inner)
        if members is None:
            return f"p = {self._new([(codes.MAX_REPEAT, (least, most, inner))], None)}(t, p, g)?;"
        return f"let from = p; {_longest(members, most)}" + (
            f" if p - from < {least} {{ return None; }}" if least else ""
        )

    def _choice(self, op: Any, arg: Any, then: str | None) -> str:
        """The ways of a node, each followed by what `then` matches."""
        if op is codes.BRANCH:
            return self._ways([_call(self._new(way, then)) for way in arg])
        least, most, inner = arg
        members = single(inner)
        if members is not None and op is codes.MAX_REPEAT:
            return (
                f"let saved = *g; let from = p; {_longest(members, most)}\nif p < from + {least} {{ return None; }}\n"
                f"loop {{ if let Some(q) = {_call(then)} {{ return Some(q); }}\n*g = saved;\n"
                f"if p == from + {least} {{ return None; }} p -= 1; }}"
            )
        if members is not None:
            limit = "" if most is codes.MAXREPEAT else f" || p == from + {most}"
            first = self._first_bytes.get(then)
            may_go_on = f" && p < t.len() && {rust_test(first, 't[p]')}" if first else ""
            return (
                f"let saved = *g; let from = p;\nloop {{\n"
                f"if p >= from + {least}{may_go_on} {{\n"
                f"if let Some(q) = {_call(then)} {{ return Some(q); }} *g = saved; }}\n"
                f"if p >= t.len() || !{rust_test(members, 't[p]')}{limit} {{ return None; }} p += 1; }}"
            )
        if op is codes.MIN_REPEAT or most is codes.MAXREPEAT or most > _MOST_UNROLLED:
            raise UnknownPattern(f"{op} of more than one byte, {least} to {most} times")
        if most > 1 and has_group(inner):
            raise UnknownPattern("a group that is repeated")
        following = then
        for _ in range(least, most):
            more = self._new(inner, following)
            following = self._written(self._ways([_call(more), _call(then)]))
        if least:
            following = self._new(list(inner) * least, following)
        return _call(following)

    def _ways(self, ways: Sequence[str]) -> str:
        """The first way that matches. A way that fails leaves no group behind."""
        tries = [f"if let Some(q) = {way} {{ return Some(q); }}\n*g = saved;" for way in ways[:-1]]
        return "\n".join(["let saved = *g;", *tries, ways[-1]])


def _call(then: str | None) -> str:
    return f"{then}(t, p, g)" if then else "Some(p)"


def _longest(members: frozenset[int], most: Any) -> str:
    """Moves `p` behind the longest run of these bytes."""
    top = "t.len()" if most is codes.MAXREPEAT else f"t.len().min(p + {most})"
    if len(members) == len(BYTES):
        return f"p = {top};"
    return f"let top = {top}; while p < top && {rust_test(members, 't[p]')} {{ p += 1; }}"


def rust_test(members: frozenset[int], byte: str) -> str:
    """Rust that says whether a byte is one of some bytes."""
    ranges: list[list[int]] = []
    for each in sorted(members):
        if ranges and ranges[-1][1] == each - 1:
            ranges[-1][1] = each
        else:
            ranges.append([each, each])
    return f"matches!({byte}, {' | '.join(f'{low}..={high}' for low, high in ranges) or '_ if false'})"
