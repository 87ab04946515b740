"""Schemas by command: none is without its command, and each command that prints JSON has one."""

import json

import pytest

from herodyno.cli.help.schemas import EVERY, printed_by, schema_rows, schemas, schemas_of
from tests.cli.schemas import SCHEMAS, valid
from tests.conftest import Invoke


def test_each_schema_that_is_shipped_has_the_name_of_its_documents() -> None:
    assert len(schemas()) == len(list(SCHEMAS.glob("*.json")))
    for name, schema in schemas().items():
        assert schema["properties"]["schema"]["const"] == name


def test_each_schema_is_of_a_command_but_that_of_errors() -> None:
    assert [name for name, by in schema_rows() if by == EVERY] == ["herodyno.error/1"]
    assert printed_by(schemas()["herodyno.auth-change/1"]) == ("auth login", "auth logout")
    of_logs = {"log", "logs", "log-stats", "log-stats-row", "log-row", "log-table", "log-pattern", "log-patterns"}
    assert set(schemas_of("logs")) == {f"herodyno.{name}/1" for name in of_logs}
    assert set(schemas_of("herodyno.ps/1")) == {"herodyno.ps/1"}
    assert set(schemas_of("ps")) == {f"herodyno.{name}/1" for name in ("ps", "ps-app", "ps-apps", "ps-change")}
    assert schemas_of("herodyno") == {}


def test_the_list_and_each_schema_are_printed(invoke: Invoke) -> None:
    assert "herodyno.run-list/1             run list\n" in invoke("help schemas").stdout
    rows = valid(invoke("help schemas --json").stdout)["rows"]
    assert {"name": "herodyno.ps/1", "meaning": "ps"} in rows
    assert json.loads(invoke("help schemas run list").stdout) == schemas_of("run list")


@pytest.mark.parametrize("line", ["help schemas nope", "help schemas herodyno.ps/9", "help schemas --json nope"])
def test_a_word_that_no_schema_is_of_is_refused(line: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(line)
    assert (stdout, code) == ("", 2)
    assert "herodyno help schemas" in stderr
