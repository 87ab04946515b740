"""The patterns of the scan are all known, what is unknown is refused, and a generated matcher matches as `re` does."""

from __future__ import annotations

import random
import re
import subprocess
from itertools import product

import pytest

from herodyno.logs.scan.compiled.grammar import rust
from herodyno.logs.scan.compiled.nodes import UnknownPattern
from herodyno.logs.scan.compiled.to_rust import rust_of
from tests.real_parts import need

# Where a match depends on the order in which ways are tried, and groups on the ways that failed.
PATTERNS = [
    rb"(a|ab)(c|bcd)(d*)", rb"(a{1,3})(a{1,2})b", rb"(a{1,3}+)(a)?b", rb"(?:(a)|b)(?:(c)|d)?e", rb"((a)?b|(a)c)d",
    rb"(?:a(b)?){1}c", rb"(?:ab?){0,2}(c)", rb"(?:a|ab){2}c", rb"(?=(a))[ab]b?", rb"(?!ab)a(.)", rb"(?s:.)b", rb".b",
    rb"[^ab\n]c", rb"[^\n]*?(b)(c)?", rb"a??(b)", rb"(?>a*)b", rb"(?>ab|a)b", rb"(?:ab)?+(a)?", rb"(\w{1,2}+)\s(\d)?",
    rb"(?:(a)(b)?)?(a)", rb"(?:|a)b", rb"(a*)(a*)", rb"[\x80-\xff]*+(c)", rb"(?:a{2}){2}(b)?", rb"b{2,3}(b?)c",
    rb"(?![^\n]*?(?:bc|c\ b))a", rb"[ab]*?(?:b|c(a))(b)?", rb"[^\n]{1,3}?(?:(b)|c)d?",
    rb"[^a]*+(a)?", rb"[^ab\n]*+(.)", rb"([^abc]{0,11})(c)?", rb"[^abcd]*+(a)?", rb"([^b]*)([^e]*)b",
    rb"[^\n]*?(?:abc|bcd|(ca)|dab|cab|ddd|1a(b)|b a|eee|ace|\xe9ab)(d)?",
]  # fmt: skip
LETTERS = (b"a", b"b", b"c", b"d", b"e", b" ", b"\n", b"1", b"\xe9")
_CHANCE = random.Random(20)
TEXTS = [b"".join(each) for n in range(5) for each in product(LETTERS[:3], repeat=n)]
TEXTS += [b"".join(_CHANCE.choices(LETTERS, k=_CHANCE.randint(1, 9))) for _ in range(300)]
# Runs of more bytes than are looked at at once, with each byte's neighbours.
_NEIGHBOURS = [b"`", b"d", b"\xe9", b"\0", b"\x7f", b"\x80"] * 3
TEXTS += [b"".join(_CHANCE.choices([*_NEIGHBOURS, rare], k=40)) for rare in LETTERS for _ in range(30)]


def test_every_pattern_of_the_scan_becomes_rust() -> None:
    assert "pub fn row(" in rust()


@pytest.mark.parametrize(
    "pattern",
    [rb"(?<=a)b", rb"(a)\1", rb"(?i)a", rb"(?i:a)", rb"(?:ab)*c", rb"(?:ab)+?c", rb"(?:(a)b){2}", rb"(?!(a))b", rb"^a",
     rb"a$", rb"\ba", rb"(?:ab){1,9}"],
)  # fmt: skip
def test_a_pattern_that_is_not_known_is_refused(pattern: bytes) -> None:
    with pytest.raises(UnknownPattern):
        rust_of("x", pattern)


@pytest.fixture(scope="session")  # before a test has a home of its own, where rustup finds no toolchain
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the generated matchers find: of each pattern in each text."""
    need("rustc")
    folder = tmp_path_factory.mktemp("tried")
    tried = "\n".join(
        f"for t in TEXTS {{ let mut g = [usize::MAX; 2 * P{i}_GROUPS]; let e = p{i}(t, 0, &mut g);"
        f' println!("{{:?}}", e.map(|e| [vec![e], g.to_vec()].concat())); }}'
        for i in range(len(PATTERNS))
    )
    (folder / "tried.rs").write_text(
        "#![allow(warnings)]\n"
        + "\n".join(rust_of(f"p{i}", pattern) for i, pattern in enumerate(PATTERNS))
        + f"\nconst TEXTS: &[&[u8]] = &[{','.join(f'&{list(text)}' for text in TEXTS)}];\nfn main() {{\n{tried}\n}}\n",
        encoding="ascii",
    )
    subprocess.run(["rustc", "--edition=2021", "-o", folder / "tried", folder / "tried.rs"], check=True)
    return subprocess.run([folder / "tried"], check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.mark.real
def test_a_generated_matcher_gives_the_end_and_the_groups_that_re_gives(printed: list[str]) -> None:
    expected = [_outcome(pattern, text) for pattern in PATTERNS for text in TEXTS]
    assert sum(each != "None" for each in expected) > len(expected) // 10
    assert printed == expected


def _outcome(pattern: bytes, text: bytes) -> str:
    """As Rust prints a match: its end, and the beginning and the end of each group."""
    found = re.match(pattern, text)
    if found is None:
        return "None"
    numbers = [found.end(), *(at for group in found.regs[1:] for at in group)]
    return f"Some([{', '.join(str(at if at >= 0 else 2**64 - 1) for at in numbers)}])"
