"""The receiver's state: counted since the start and since the last look, trouble and refusals in words."""

import json
from collections.abc import Callable
from pathlib import Path

from herodyno.archive.receive.counters import Counters, DrainCounters
from herodyno.archive.records import Frame
from herodyno.render.archive.receiver import state_document, state_lines, state_note
from tests.archive.receive.drain import BODY
from tests.cli.schemas import valid

GOLDEN = Path(__file__).parents[1] / "golden"
ADDRESS = "http://127.0.0.1:8601/"


def counters() -> Counters:
    found = Counters()
    for number, (drain, app) in enumerate([("d.1", "example-app"), ("d.1", "example-app"), ("d.\x1b[2J", "")]):
        frame = Frame(1_772_452_800_400_000 + number, app, drain, str(number), BODY, messages=430)
        found.kept(frame._replace(dropped=number * 7), is_new=True)
    found.refused.update({401: 3, 413: 1})
    return found


def plain(found: Counters) -> str:
    lines = state_lines(found, DrainCounters("", frames=1, messages=30), ADDRESS, 725.0)
    return "".join("".join(span.text for span in each).rstrip() + "\n" for each in lines)


def test_the_state_as_a_person_sees_it(golden: Callable[[Path, str], None]) -> None:
    found = counters()
    found.trouble = "No space left on device"
    golden(GOLDEN / "archive-receive.txt", plain(found))


def test_before_the_first_frame_there_is_no_table() -> None:
    assert "DRAIN" not in plain(Counters())


def test_the_document_keeps_its_schema(golden: Callable[[Path, str], None]) -> None:
    for found in (Counters(), counters()):
        text = json.dumps(state_document(found, DrainCounters(""), ADDRESS, 725.0), indent=2)
        valid(text)
    golden(GOLDEN / "archive-receive.json", text + "\n")


def test_the_end_of_a_trouble_is_said() -> None:
    assert state_note(Counters()) == "receiving again"
    assert state_note(Counters(trouble_with_drains="x cannot be read")) == "x cannot be read"
