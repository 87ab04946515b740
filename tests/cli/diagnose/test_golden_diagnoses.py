"""The mock-ups of the specification as the tool prints them: terminals of 80 and 120 columns, ASCII, a pipe, JSON."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.diagnose.work import show
from herodyno.cli.session import Session
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.output import Output
from tests.cli.diagnose.incidents import INCIDENTS, inputs_of
from tests.cli.schemas import valid
from tests.conftest import Terminal

GOLDEN = Path(__file__).parents[1] / "golden"
FORMS = {"80": 80, "120": 120, "ascii": 80, "piped": 0}


@cache
def found(name: str, *, in_json: bool) -> Diagnosis:
    """The judgement, which is the same for every form but that JSON speaks in UTC."""
    output = Output(None, None, {})
    output.wants_json = in_json
    return judged(*inputs_of(name, output))


def printed(name: str, form: str, monkeypatch: pytest.MonkeyPatch) -> str:
    encoding = "ascii" if form == "ascii" else "utf-8"
    kind = Terminal if FORMS.get(form) else io.TextIOWrapper
    written = io.BytesIO()
    stream = kind(written, encoding=encoding, errors="backslashreplace", newline="\n")
    monkeypatch.setenv("COLUMNS", str(FORMS.get(form) or 80))
    output = Output(stream, None, {"NO_COLOR": "1"})
    output.wants_json = form == "json"
    show(Session(output), found(name, in_json=form == "json"))
    stream.flush()
    return written.getvalue().decode(encoding)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", INCIDENTS)
def test_the_report_reads_as_its_golden_file(
    name: str,
    form: str,
    golden: Callable[[Path, str], None],
    local_time: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = printed(name, form, monkeypatch)
    golden(GOLDEN / f"{name}-{form}.txt", text)
    if form != "piped":
        assert max(map(len, text.splitlines())) <= FORMS[form] or all(
            "herodyno " in line or "heroku " in line for line in text.splitlines() if len(line) > FORMS[form]
        )


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_json_is_its_golden_file_whatever_the_time_zone_and_valid(
    name: str, golden: Callable[[Path, str], None], local_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed(name, "json", monkeypatch)
    golden(GOLDEN / f"{name}.json", text)
    assert valid(text)["verdict"]["class"]


def test_the_ascii_report_is_ascii_and_the_piped_one_cuts_nothing() -> None:
    assert all(path.read_bytes().isascii() for path in GOLDEN.glob("*-ascii.txt"))
    assert not [path for path in GOLDEN.glob("*-piped.txt") if "…" in path.read_text(encoding="utf-8")]
    assert "…" in (GOLDEN / "one-dyno-80.txt").read_text(encoding="utf-8")
