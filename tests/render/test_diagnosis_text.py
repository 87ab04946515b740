"""The report reads as the golden files do, at every width, and never moves a terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest

from herodyno.diagnosis.report import Diagnosis
from herodyno.render.diagnosis_text import diagnosis_lines
from herodyno.render.text import cleaned, plain
from tests.render.diagnoses import ALL

GOLDEN = Path(__file__).parent / "golden"


def text_of(diagnosis: Diagnosis, *, width: int | None, utc: bool = True) -> str:
    return "".join(plain(cleaned(line)) + "\n" for line in diagnosis_lines(diagnosis, width=width, utc=utc))


@pytest.mark.parametrize("name", ALL)
def test_a_report_on_a_terminal_reads_as_its_golden_file(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.txt", text_of(ALL[name], width=100))
