"""The receiver's state: counted since the start and since the last look, trouble and refusals in words."""

import json
from collections.abc import Callable
from pathlib import Path

from herodyno.archive.receive.counters import Counters, DrainCounters
from herodyno.archive.records import Frame
from herodyno.render.archive.receiver import Look, came_lines, state_document, state_lines, state_note
from tests.archive.receive.drain import BODY
from tests.cli.schemas import valid

GOLDEN = Path(__file__).parents[1] / "golden"
CAME_US = 1_772_452_800_400_000
LOOK = Look("http://127.0.0.1:8601/", CAME_US + 9_000_000, 725.0, DrainCounters("", frames=1, messages=30), 10.0)


def counters() -> Counters:
    found = Counters()
    for number, (drain, app) in enumerate([("d.1", "example-app"), ("d.1", "example-app"), ("d.\x1b[2J", "")]):
        frame = Frame(CAME_US + number, app, drain, str(number), BODY, messages=430)
        found.kept(frame._replace(dropped=number * 7), is_new=True)
    found.refused.update({401: 3, 413: 1})
    return found


def plain(found: Counters) -> str:
    lines = state_lines(found, LOOK)
    return "".join("".join(span.text for span in each).rstrip() + "\n" for each in lines)


def test_the_state_as_a_person_sees_it(golden: Callable[[Path, str], None]) -> None:
    found = counters()
    found.trouble = "No space left on device"
    golden(GOLDEN / "archive-receive.txt", plain(found))


def test_before_the_first_frame_there_is_no_table() -> None:
    assert "DRAIN" not in plain(Counters())


def test_the_document_keeps_its_schema(golden: Callable[[Path, str], None]) -> None:
    for found in (Counters(), counters()):
        text = json.dumps(state_document(found, LOOK._replace(before=DrainCounters(""))), indent=2)
        valid(text)
    golden(GOLDEN / "archive-receive.json", text + "\n")


def test_the_end_of_a_trouble_is_said() -> None:
    assert state_note(Counters()) == "receiving again"
    assert state_note(Counters(trouble_with_drains="x cannot be read")) == "x cannot be read"


def test_a_drain_that_is_silent_for_long_is_named() -> None:
    late = LOOK._replace(at_us=CAME_US + 400 * 1_000_000)
    assert len(came_lines(counters(), LOOK)) == 1
    _, silent = came_lines(counters(), late)
    assert silent[0].text == "2 of 2 drains silent: longest d.1 (example-app) for 6 min 40 s"


def test_rates_are_those_of_the_interval() -> None:
    (came,) = came_lines(counters(), LOOK)
    assert "; 0.2 frames/s, 126 messages/s; lag 0.4 s; 21 messages dropped by Heroku before they came" in came[0].text
