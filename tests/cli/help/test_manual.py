"""`help --json` tells all that the help pages tell, of every command."""

import re

import pytest

from herodyno.cli.app import COMMANDS
from herodyno.cli.help.manual import manual
from herodyno.cli.help.topics import ENVIRONMENT, EXIT_CODES
from tests.cli.schemas import valid
from tests.conftest import Invoke


def test_every_command_is_there_with_the_flags_of_its_help_page(invoke: Invoke) -> None:
    document = valid(invoke("help --json").stdout)
    names = [row["name"] for row in document["commands"]]
    for entry in (entry for entries in COMMANDS.values() for entry in entries):
        assert any(name == entry.name or name.startswith(f"{entry.name} ") for name in names)
    for row in document["commands"]:
        page = invoke(f"{row['name']} --help").stdout
        own, _, common = page.partition("\nIn every command:\n")
        assert row["text"] in page
        options = own.partition("\nOptions:\n")[2]
        shown = re.findall(r"^  ((?:--?[a-zA-Z][\w-]*(?:, | / )?)+)", options, re.MULTILINE)
        named = {name for names in shown for name in re.split(", | / ", names)} - {"--help", "-h"}
        assert {name for flag in row["flags"] for name in flag["names"]} == named
        assert all(flag["names"][0] in common for flag in document["flags"])
    assert [row["code"] for row in document["exit_codes"]] == [code for code, _ in EXIT_CODES]
    assert [row["name"] for row in document["environment"]] == [name for name, _ in ENVIRONMENT]


def test_a_command_or_a_group_alone_can_be_had(invoke: Invoke) -> None:
    (ps,) = valid(invoke("help ps --json").stdout)["commands"]
    schemas = [f"herodyno.{name}/1" for name in ("ps", "ps-app", "ps-apps", "ps-change")]
    assert (ps["schemas"], ps["writes"], ps["section"]) == (schemas, False, "Look")
    assert {row["name"] for row in valid(invoke("help auth --json").stdout)["commands"]} >= {
        "auth login",
        "auth status",
    }
    assert [row["name"] for row in manual(COMMANDS, "run")["commands"]] == ["run", "run list"]


def test_what_changes_an_app_says_so() -> None:
    writing = {row["name"] for row in manual(COMMANDS)["commands"] if row["writes"]}
    assert writing == {
        "scale",
        "restart",
        "stop",
        "rollback",
        "run",
        "top",
        "archive drain add",
        "archive drain remove",
    }


@pytest.mark.parametrize("line", ["help nope --json", "help p --json"])
def test_a_word_that_is_no_command_is_refused(line: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(line)
    assert (stdout, code) == ("", 2)
    assert "there is no command" in stderr
