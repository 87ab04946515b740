"""A document as TOML: the same values, nothing that a terminal could take for a command, no null."""

from __future__ import annotations

import tomllib

from herodyno.render.archive.profile import toml_text


def test_the_same_values_come_back_without_null() -> None:
    document = {
        "b": [{"n": 1, "x": {"y": 2.5, "z": None}}, {"n": 2, "x": None}], "a": "v", "e": [], "f": [1.0, 2], "t": True,
    }  # fmt: skip
    assert tomllib.loads(toml_text(document)) == {
        "a": "v", "e": [], "f": [1.0, 2], "t": True, "b": [{"n": 1, "x": {"y": 2.5}}, {"n": 2}],
    }  # fmt: skip


def test_hostile_text_is_escaped_and_comes_back() -> None:
    text = 'web"\\\n\x1b[2J\x7f\x9b2J\u202e😀]\n[types]'
    shown = toml_text({"type": text})
    assert all(" " <= sign <= "~" or sign == "\n" for sign in shown)
    assert len(shown.splitlines()) == 1
    assert tomllib.loads(shown)["type"] == text
    assert tomllib.loads(toml_text({"type": "a\ud800"}))["type"] == "a\ufffd"
