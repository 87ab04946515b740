"""`explain` answers from the package alone: no network, no account."""

import re

from herodyno.logs.codes.table import CODES
from tests.cli.schemas import valid
from tests.conftest import Invoke


def test_a_code_is_told_with_its_meaning_its_cause_and_what_to_try(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("explain h12")
    assert code == 0
    assert stderr == ""
    assert stdout.startswith("H12           Request timeout\n")
    for heading in ("MEANING", "CAUSE", "TRY", "MORE"):
        assert f"\n{heading}" in stdout


def test_without_a_code_all_are_listed_one_on_a_line(invoke: Invoke) -> None:
    assert len(invoke("explain").stdout.splitlines()) == len(CODES) + 1


def test_an_unknown_code_names_its_neighbours(invoke: Invoke) -> None:
    stdout, stderr, code = invoke("explain H1")
    assert (stdout, code) == ("", 5)
    assert "did you mean H10, H11, H12" in stderr


def test_json_holds_every_field_of_the_table(invoke: Invoke) -> None:
    document = valid(invoke("explain R14 L10 --json").stdout)
    assert [row["code"] for row in document["codes"]] == ["R14", "L10"]
    assert document["codes"][0]["to_try"] == list(CODES["R14"].to_try)


def test_every_code_fits_a_terminal(invoke: Invoke) -> None:
    shown = invoke(["explain", *CODES], terminal=True, environ={"NO_COLOR": "1"}).stdout
    assert all(len(line) <= 100 or "https://" in line for line in shown.splitlines())


def test_every_command_and_flag_it_advises_exists(invoke: Invoke) -> None:
    advised = [text for code in CODES.values() for text in code.to_try]
    found = {words for text in advised for words in re.findall(r"herodyno ([a-z]+(?: --[a-z-]+)*)", text)}
    assert {"restart", "diagnose", "run --detach"} <= found
    for command, *flags in map(str.split, sorted(found)):
        stdout, _, code = invoke([command, "--help"])
        assert code == 0, command
        assert all(re.search(rf"{flag}\b(?!-)", stdout) for flag in flags), (command, flags)
