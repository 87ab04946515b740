"""Rust that tells bytes apart: one of them, a run of them, or where one of several ways may begin."""

from __future__ import annotations

from herodyno.logs.scan.compiled.nodes import BYTES, FIRST

_MOST_ENDS = 3  # bytes that are looked for in eight at once


def rust_filter(ways: list[list[frozenset[int]]]) -> str:
    """The function `may_begin`, by which hardly any place passes where none of some ways begins. "" without ways.

    Each way has a bit, perhaps with others: that of each byte which it may begin with, that of each second byte …
    """
    if not ways:
        return ""
    tables = ""
    for place in range(FIRST):
        row = [0] * len(BYTES)
        for way, members in enumerate(ways):
            for byte in members[place] if place < len(members) else BYTES:
                row[byte] |= 1 << way % 8
        tables += f"{row}, "
    first = ", ".join(f"b{place}" for place in range(FIRST))
    found = " & ".join(f"BITS[{place}][*b{place} as usize]" for place in range(FIRST))
    return (
        f"fn may_begin(t: &[u8], p: usize) -> bool {{\nconst BITS: [[u8; 256]; {FIRST}] = [{tables}];\n"
        f"match t.get(p..p + {FIRST}) {{ Some([{first}]) => {found} != 0, _ => true }} }}\n"
    )


def rust_run(name: str, members: frozenset[int]) -> str:
    """The function `name(text, at, top)`: where the first byte before `top` is that is none of these, or `top`."""
    head = f"fn {name}(t: &[u8], mut p: usize, top: usize) -> usize {{\n"
    ends = sorted(set(BYTES) - members)
    if len(ends) > _MOST_ENDS:
        table = ", ".join(str(int(byte in members)) for byte in BYTES)
        return f"{head}const IN: [u8; 256] = [{table}];\nwhile p < top && IN[t[p] as usize] != 0 {{ p += 1; }} p }}"
    # Of a byte that is the one looked for, x is 0, and the subtraction sets its highest bit: the lowest of eight bytes
    # whose bit is set is the first.
    found = " | ".join(f"is_zero(word ^ (LOW * {byte}))" for byte in ends)
    return (
        f"{head}const LOW: u64 = u64::MAX / 255;\n"
        "fn is_zero(x: u64) -> u64 { x.wrapping_sub(LOW) & !x & (LOW << 7) }\n"
        f"while p + 8 <= top {{\nlet word = u64::from_le_bytes(t[p..p + 8].try_into().unwrap_or_default());\n"
        f"let found = {found};\nif found != 0 {{ return p + (found.trailing_zeros() / 8) as usize; }} p += 8; }}\n"
        f"while p < top && {rust_test(members, 't[p]')} {{ p += 1; }} p }}"
    )


def rust_test(members: frozenset[int], byte: str) -> str:
    """Rust that says whether a byte is one of some bytes."""
    ranges: list[list[int]] = []
    for each in sorted(members):
        if ranges and ranges[-1][1] == each - 1:
            ranges[-1][1] = each
        else:
            ranges.append([each, each])
    return f"matches!({byte}, {' | '.join(f'{low}..={high}' for low, high in ranges) or '_ if false'})"
