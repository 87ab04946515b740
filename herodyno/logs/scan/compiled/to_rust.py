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
    beginnings,
    has_group,
    is_fixed,
    leading_literal,
    mark_of,
    marks_of,
    members_of,
    nodes_of,
    single,
)
from herodyno.logs.scan.compiled.rust_bytes import rust_filter, rust_run, rust_test

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
        self._beginnings: dict[str | None, list[list[frozenset[int]]]] = {None: []}  # of what a function matches
        self._marks: dict[str | None, frozenset[int]] = {None: frozenset()}  # places in `groups` that a function sets
        self._runs: dict[frozenset[int], str] = {}  # the function that passes a run of some bytes

    def function(self, name: str, body: str) -> str:
        """A function with this body. Returns its name."""
        groups = f"&mut [usize; 2 * {self._name.upper()}_GROUPS]"
        self.functions.append(f"pub fn {name}(t: &[u8], mut p: usize, g: {groups}) -> Option<usize> {{\n{body}\n}}")
        return name

    def _new(self, nodes: Sequence[Node], then: str | None) -> str:
        """A function that matches nodes, and then what another function matches. Returns its name."""
        name = self._written(self.body(list(nodes), then), marks_of(nodes) | self._marks[then])
        self._beginnings[name] = beginnings(nodes)
        return name

    def _written(self, body: str, marks: frozenset[int]) -> str:
        self._made += 1
        name = self.function(f"{self._name}_{self._made}", body)
        self._marks[name] = marks
        return name

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
                lines.append(f"g[{mark_of(op, arg)}] = p;")
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
        return f"let from = p; {self._longest(members, most)}" + (
            f" if p - from < {least} {{ return None; }}" if least else ""
        )

    def _choice(self, op: Any, arg: Any, then: str | None) -> str:
        """The ways of a node, each followed by what `then` matches."""
        if op is codes.BRANCH:
            return self._ways([self._new(way, then) for way in arg])
        least, most, inner = arg
        members = single(inner)
        forget = self._forget(then)
        if members is not None and op is codes.MAX_REPEAT:
            return (
                f"let from = p; {self._longest(members, most)}\nif p < from + {least} {{ return None; }}\n"
                f"loop {{ if let Some(q) = {_call(then)} {{ return Some(q); }} {forget}\n"
                f"if p == from + {least} {{ return None; }} p -= 1; }}"
            )
        if members is not None:
            limit = "" if most is codes.MAXREPEAT else f" || p == from + {most}"
            filters = rust_filter(self._beginnings.get(then, []))
            may_go_on = " && may_begin(t, p)" if filters else ""
            return (
                f"{filters}let from = p;\nloop {{\n"
                f"if p >= from + {least}{may_go_on} {{\n"
                f"if let Some(q) = {_call(then)} {{ return Some(q); }} {forget} }}\n"
                f"if p >= t.len() || !{rust_test(members, 't[p]')}{limit} {{ return None; }} p += 1; }}"
            )
        if op is codes.MIN_REPEAT or most is codes.MAXREPEAT or most > _MOST_UNROLLED:
            raise UnknownPattern(f"{op} of more than one byte, {least} to {most} times")
        if most > 1 and has_group(inner):
            raise UnknownPattern("a group that is repeated")
        following = then
        for _ in range(least, most):
            more = self._new(inner, following)
            following = self._written(self._ways([more, then]), self._marks[more])
        if least:
            following = self._new(list(inner) * least, following)
        return _call(following)

    def _ways(self, ways: Sequence[str | None]) -> str:
        """The first way that matches. A way that fails leaves no group behind."""
        tries = [f"if let Some(q) = {_call(way)} {{ return Some(q); }} {self._forget(way)}" for way in ways[:-1]]
        return "\n".join([*tries, _call(ways[-1])])

    def _forget(self, way: str | None) -> str:
        """Takes back what a way may have set. Nothing is set twice in a match, so none of it was set before."""
        return " ".join(f"g[{mark}] = usize::MAX;" for mark in sorted(self._marks[way]))

    def _longest(self, members: frozenset[int], most: Any) -> str:
        """Moves `p` behind the longest run of these bytes."""
        top = "t.len()" if most is codes.MAXREPEAT else f"t.len().min(p + {most})"
        if len(members) == len(BYTES):
            return f"p = {top};"
        if members not in self._runs:
            name = self._runs[members] = f"{self._name}_run_{len(self._runs)}"
            self.functions.append(rust_run(name, members))
        return f"p = {self._runs[members]}(t, p, {top});"


def _call(then: str | None) -> str:
    return f"{then}(t, p, g)" if then else "Some(p)"
