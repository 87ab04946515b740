"""The pictures of the README are drawn from ten minutes of the demo; `pytest --accept` draws them anew.

A picture names the hash of the specification that it was drawn from, data and all. So a stale one is seen without the
package that draws.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

from herodyno.render.report import images
from herodyno.render.report.columns import data_of
from herodyno.render.report.pictures import image_spec
from herodyno.render.report.style import Spec
from herodyno.sandbox.incidents.scenarios import scenario
from tests.conftest import Invoke
from tests.diagnosis.reading import judged
from tests.real_parts import need, need_vl_convert

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".github" / "pictures"
# File -> the picture of the report. The table of key-values is one of the terminal.
DRAWN = {"errors-by-dyno": "share", "swap-over-time": "swap", "use-compared": "use"}
TABLE = "key-values"
_COLUMNS = 84  # room for the command in the title
COMMAND = "herodyno logs 'status>=500' --table dyno,code,service,path -n 12 --app example-app"


@pytest.fixture(autouse=True, scope="module")
def _checkout() -> None:
    need("a checkout", present=FOLDER.parent.is_dir(), install="an installed copy has no .github folder")


@cache
def spec_of(picture: str) -> Spec:
    world = scenario("one-bad-dyno", seconds=600.0)
    found = image_spec(data_of(judged(world.full_log("example-app"), at=world.now), UTC), picture)
    assert found is not None
    return found


def drawn_from(material: Spec | str) -> str:
    """The last line of a picture."""
    return f"<!-- drawn from {sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()} -->\n"


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_picture_is_drawn_from_what_the_report_draws_today(name: str, accept: bool) -> None:
    spec, path = spec_of(DRAWN[name]), FOLDER / f"{name}.svg"
    if accept:
        need_vl_convert()
        FOLDER.mkdir(exist_ok=True)
        path.write_bytes(images.svg(spec) + drawn_from(spec).encode())
    assert path.read_text(encoding="utf-8").endswith(drawn_from(spec))


def test_the_table_is_what_the_terminal_shows(invoke: Invoke, accept: bool) -> None:
    shown = invoke(COMMAND.removeprefix("herodyno ") + " --utc").stdout
    path = FOLDER / f"{TABLE}.svg"
    if accept:
        console = Console(width=_COLUMNS, record=True, file=io.StringIO(), color_system=None)
        console.print(Text(shown.rstrip("\n")), soft_wrap=True)
        # Without the fonts that rich would load from elsewhere.
        form = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
        text = console.export_svg(title=COMMAND, code_format=form, unique_id="herodyno")
        FOLDER.mkdir(exist_ok=True)
        path.write_text(f"{text.rstrip()}\n{drawn_from(shown)}", encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    assert text.endswith(drawn_from(shown))
    assert "H12" in text


def test_the_readme_shows_each_in_words_too_and_the_first_before_everything_else() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(\.github/pictures/([\w-]+)\.svg\)", text)
    assert sorted(name for _, name in shown) == sorted([*DRAWN, TABLE])
    assert all(len(alt) > 60 for alt, _ in shown)
    assert text.index(f"{shown[0][1]}.svg") < text.index("- [Start]")


def test_a_picture_is_well_formed_and_loads_and_runs_nothing() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        ElementTree.fromstring(text)
        assert not re.search(r"<script|<image|href=|url\((?!#)|@import| on\w+=", text), path.name
