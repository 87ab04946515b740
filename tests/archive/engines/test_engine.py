"""A value comes back from an engine as it was given, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.archive.engines.duckdb import engine
from herodyno.archive.engines.engine import Relation, literal, with_values
from herodyno.archive.folder import ArchiveFolder
from tests.archive.archived import put
from tests.diagnosis.reading import request

HOSTILE = ["", "it's", "''", "\\", "\\'", "$app", "'; DROP TABLE events; --", "a\nb\t\x7f", "dyno\u2028é😀", "%s{}"]


def test_values_come_back_from_duckdb_as_they_were(tmp_path: Path) -> None:
    put(tmp_path / "archive", request(1, "web.1"))
    with engine(ArchiveFolder(tmp_path / "archive").files()) as found:
        for text in HOSTILE:
            assert found.rows("SELECT $one, 'x', $one IN $all", one=text, all=HOSTILE) == [(text, "x", True)]
        assert found.rows("SELECT $n, $none, $yes", n=-(1 << 62), none=None, yes=True) == [(-(1 << 62), None, True)]
        assert found.rows("SELECT 1 WHERE 2 IN $nothing", nothing=()) == []
        assert found.rows("SELECT (1, 'a') IN $pairs", pairs=[(2, "b"), (1, "a")]) == [(True,)]
        two = Relation([(-1, "a"), (1 << 50, None)])
        assert found.rows("SELECT n, t FROM (VALUES $two) AS v (n, t)", two=two) == [(-1, "a"), (1 << 50, None)]
        assert found.rows("SELECT $n", n=1.5e-9) == [(1.5e-9,)]


@given(st.text())
def test_a_literal_with_escapes_ends_where_it_should(text: str) -> None:
    body = literal(text, has_escapes=True)[1:-1]
    assert body.replace("\\\\", "").replace("\\'", "").count("'") == 0
    assert body.replace("\\\\", "\0").replace("\\'", "'").replace("\0", "\\") == text.replace("\0", "\\")


def test_a_value_is_not_looked_through_for_other_values() -> None:
    assert with_values("a = $a AND b = $b", {"a": "$b", "b": 1}) == "a = '$b' AND b = 1"


def test_what_no_engine_takes_is_refused() -> None:
    with pytest.raises(TypeError, match="object is no value"):
        literal(object())
    with pytest.raises(KeyError):
        with_values("$missing", {})
