"""Every picture reads as its golden file, is as narrow as it was asked to be, and is ASCII where it must be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from herodyno.render.pictures.signs import ASCII_SIGNS, UNICODE
from herodyno.render.text import cell_width
from tests.render.pictures.scene import drawn

GOLDEN = Path(__file__).parents[1] / "golden" / "pictures"
FORMS = {"unicode": UNICODE, "ascii": ASCII_SIGNS}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("width", [40, 80, 140])
def test_a_picture_reads_as_its_golden_file(width: int, form: str, golden: Callable[[Path, str], None]) -> None:
    text = drawn(width, FORMS[form])
    golden(GOLDEN / f"{width}-{form}.txt", text)
    assert text.isascii() == (form == "ascii")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("width", [20, 21, 33, 200, 300])
def test_a_plot_is_never_wider_than_asked_for(width: int, form: str) -> None:
    plots = [line for line in drawn(width, FORMS[form]).splitlines() if "%" not in line and "," not in line]
    assert max(map(cell_width, plots)) <= width
