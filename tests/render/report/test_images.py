"""vl-convert draws every picture and gives the page its script; a copy of the script is kept, and checked."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from xml.etree import ElementTree

import pytest

from herodyno.errors import ExtraMissing
from herodyno.render.report import images
from herodyno.render.report.columns import data_of
from herodyno.render.report.pictures import image_spec
from herodyno.render.report.style import Spec
from tests.real_parts import need_vl_convert, needed
from tests.render.report.incident import hostile, incident

_part = needed(need_vl_convert)


def spec_of(name: str) -> Spec:
    spec = image_spec(data_of(incident(), UTC), name)
    assert spec is not None
    return spec


def test_an_svg_is_xml_without_script_and_without_address_even_of_a_hostile_log() -> None:
    spec = image_spec(data_of(hostile(), UTC), "overview")
    assert spec is not None
    text = images.svg(spec).decode()
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
    assert tags <= {"svg", "g", "path", "text", "rect", "line", "defs", "clipPath", "title"}
    assert "href" not in text.replace("http://www.w3.org/1999/xlink", "")


def test_a_png_says_who_made_it_and_is_whole() -> None:
    raw = images.png(spec_of("share"))
    assert raw.startswith(b"\x89PNG")
    assert raw.endswith(b"IEND\xaeB`\x82")
    assert b"tEXtSoftware\0herodyno" in raw


def test_what_we_drew_may_be_replaced_and_nothing_else(tmp_path: Path) -> None:
    for name, raw, ours in (
        ("a.png", images.png(spec_of("share")), True),
        ("a.svg", images.svg(spec_of("share")), True),
        ("a.html", b'<!DOCTYPE html>\n<meta name="generator" content="herodyno 9">', True),
        ("photo.png", b"\x89PNG\r\n\x1a\nsomething", False),
        ("empty", b"", False),
    ):
        path = tmp_path / name
        path.write_bytes(raw)
        assert images.is_ours(path) == ours, name
    assert not images.is_ours(tmp_path)


def test_the_script_is_kept_and_a_copy_that_was_changed_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import vl_convert

    made: list[str] = []
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda snippet: made.append(snippet) or "draw();\n")
    assert [images.script(tmp_path) for _ in range(2)] == ["draw();\n"] * 2
    assert len(made) == 1
    (kept,) = tmp_path.iterdir()
    kept.write_text(kept.read_text() + "steal();\n")
    assert images.script(tmp_path) == "draw();\n"
    assert len(made) == 2
    assert images.script(tmp_path / "a.file" / "x") == "draw();\n"


def test_without_the_extra_there_is_one_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissing) as missing:
        images.svg({})
    assert missing.value.next_step == "pip install 'herodyno[report]'"
