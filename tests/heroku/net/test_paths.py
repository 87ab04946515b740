"""Path segments: what matches the schema's patterns passes, everything else is refused with nothing sent."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herodyno.errors import UsageError
from herodyno.heroku.net.paths import app_segment, dyno_segment, type_segment

SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "schema.json").read_text(encoding="utf-8"))
DEFINITIONS = SCHEMA["3.sdk"]["definitions"]
TYPE_PATTERN = DEFINITIONS["formation"]["properties"]["type"]["pattern"]
UUID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    "app",
    [
        pytest.param("", id="A10"),
        pytest.param("../account", id="A7"),
        pytest.param("demo/dynos/web.1?x=", id="A8"),
        pytest.param("dé mo", id="A12"),
        pytest.param("demo\n", id="A13 line feed"),
        pytest.param("demo\r\nX: y", id="A13 header"),
        *("a", "ab", "Demo", "1demo", "demo-", "a" * 31, ".", "..", "%2e%2e", "demo#x", "demo\x00", "-a", "\ud800"),
        pytest.param("x" * 10**6, id="A25"),
    ],
)  # fmt: skip
def test_a_name_that_can_be_no_app_is_refused(app: str) -> None:
    with pytest.raises(UsageError) as caught:
        app_segment(app)
    assert len(caught.value.message) < 250
    assert caught.value.next_step


@pytest.mark.parametrize(
    "dyno",
    [
        pytest.param("../../victim/dynos/web.1", id="A9"),
        *("", ".", "..", "web.", "web.1/", "web.1?", "web 1", "web.1\n", "web.1.2", "wéb.1", "web.1%2f"),
    ],
)
def test_a_name_that_can_be_no_dyno_is_refused(dyno: str) -> None:
    with pytest.raises(UsageError):
        dyno_segment(dyno)


@pytest.mark.parametrize("process_type", ["", "web.1", "..", "we b", "wéb", "w" * 129, "web\n"])
def test_a_name_that_can_be_no_process_type_is_refused(process_type: str) -> None:
    with pytest.raises(UsageError):
        type_segment(process_type)


@pytest.mark.parametrize(
    "dyno", ["web.1", "run.1234", "web-848cd4f64d-pvpr2", "web.848cd4f64d-pvpr2", UUID, "my_type.2"]
)
def test_a_dyno_is_named_by_name_or_id(dyno: str) -> None:
    assert dyno_segment(dyno) == dyno


def test_an_app_may_be_a_uuid() -> None:
    assert app_segment(UUID) == UUID


@settings(max_examples=30, deadline=None)
@given(st.from_regex(DEFINITIONS["app"]["properties"]["name"]["pattern"].replace("$", r"\Z"), fullmatch=True))
def test_every_app_name_of_the_schema_passes(name: str) -> None:
    assert app_segment(name) == name


@settings(max_examples=30)
@given(st.from_regex(re.compile(TYPE_PATTERN.replace("$", r"\Z"), re.ASCII), fullmatch=True))
def test_every_ascii_process_type_of_the_schema_passes(name: str) -> None:
    assert type_segment(name) == name


@given(st.text())
def test_no_segment_leaves_its_place_in_the_path(text: str) -> None:
    for segment_of in (app_segment, dyno_segment, type_segment):
        try:
            segment = segment_of(text)
        except UsageError:
            continue
        assert unquote(segment) == text
        assert not set(segment) & set("/?#%\\ \n")
        assert segment not in (".", "..")
