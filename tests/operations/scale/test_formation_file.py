"""A formation saved, read back, and refused whole when any part of it is not understood."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.dynos import Formation
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.scale.formation_file import (
    formation_toml,
    parse_formation_toml,
    read_formation_file,
    save_formation,
)
from herodyno.operations.scale.grammar import ScaleWord
from herodyno.render.clean import clean

FORMATION = [
    Formation(type="worker", quantity=0, size="dyno-1c-0.5gb"),
    Formation(type="my-app", quantity=3, size="Standard-1X"),
]


def test_a_saved_formation_reads_back_and_looks_the_same_each_time(tmp_path: Path) -> None:
    file = tmp_path / "formation.toml"
    save_formation(file, "example-app", FORMATION)
    first = file.read_text()
    save_formation(file, "example-app", FORMATION[::-1])
    assert file.read_text() == first
    app, words = read_formation_file(file)
    assert app == "example-app"
    assert words == (
        ScaleWord(type="my-app", quantity=3, size="Standard-1X"),
        ScaleWord(type="worker", quantity=0, size="dyno-1c-0.5gb"),
    )
    assert [path.name for path in tmp_path.iterdir()] == ["formation.toml"]


@given(
    st.dictionaries(
        st.from_regex(r"[-a-zA-Z0-9_]{1,20}", fullmatch=True),
        st.tuples(st.integers(0, 10_000), st.sampled_from(["Standard-1X", "dyno-1c-0.5gb", "Eco"])),
        min_size=1,
        max_size=5,
    )
)
def test_any_formation_survives_the_file(types: dict[str, tuple[int, str]]) -> None:
    formation = [Formation(type=name, quantity=quantity, size=size) for name, (quantity, size) in types.items()]
    _, words = parse_formation_toml(formation_toml("example-app", formation), name="f.toml")
    assert {(word.type, word.quantity, word.size) for word in words} == {
        (each.type, each.quantity, each.size) for each in formation
    }


@pytest.mark.parametrize("word", ['"', "\\", '"]\n[x."', "\x1b[2J", "a\x00b", "\u202e", "\U000e0041", "\r\n"])
def test_foreign_words_stay_one_word_and_show_no_control_character(word: str) -> None:
    text = formation_toml(word, [Formation(type=word, quantity=1, size=word)])
    assert clean(text.replace("\n", " ")) == text.replace("\n", " ")
    assert tomllib.loads(text) == {"app": word, "formation": {word: {"quantity": 1, "size": word}}}


def test_a_size_or_a_count_alone_is_enough() -> None:
    _, words = parse_formation_toml('[formation.web]\nsize = "eco"\n[formation.worker]\nquantity = 2\n', name="f.toml")
    assert words == (ScaleWord(type="web", size="eco"), ScaleWord(type="worker", quantity=2))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "formation = 3",
        "[formation]",
        "[formation.web]",
        "[formation.web]\nquantity = -1",
        "[formation.web]\nquantity = 1.5",
        "[formation.web]\nquantity = true",
        '[formation.web]\nquantity = "3"',
        "[formation.web]\nquantity = 99999999",
        "[formation.web]\nsize = 2",
        '[formation.web]\nsize = ""',
        '[formation.web]\nsize = "a b"',
        "[formation.web]\nquantity = 1\ncount = 2",
        '[formation."we.b"]\nquantity = 1',
        "[formation.web]\nquantity = 1\n[other]\nx = 1",
        "app = 3\n[formation.web]\nquantity = 1",
        "[formation.web]\nquantity = 1\n[formation.web]\nquantity = 2",
        "not toml",
    ],
)
def test_what_is_not_understood_refuses_the_whole_file_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=r"f\.toml"):
        parse_formation_toml(text, name="f.toml")


def test_a_file_that_is_not_there_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        read_formation_file(tmp_path / "nothing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError):
        read_formation_file(tmp_path / "binary.toml")
    with pytest.raises(Refused):
        save_formation(tmp_path / "no" / "folder.toml", "example-app", FORMATION)
