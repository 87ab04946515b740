"""The manual page: whole, and nothing in it means anything to roff but the macros."""

import subprocess

import pytest

from herodyno.cli.app import COMMANDS
from herodyno.cli.help.man_page import man_page
from herodyno.cli.help.manual import manual
from tests.conftest import Invoke
from tests.real_parts import need


def test_the_page_has_every_command_flag_exit_code_and_variable(invoke: Invoke) -> None:
    page = invoke("help man").stdout
    assert page == invoke("help --man").stdout
    plain = page.replace("\\-", "-")
    document = manual(COMMANDS)
    for row in document["commands"]:
        assert f'.SS "{row["name"]}"' in plain
        assert all(name in plain for flag in row["flags"] for name in flag["names"])
    assert all(row["meaning"] in plain for row in (*document["exit_codes"], *document["environment"]))
    assert "JSON: herodyno.ps/1" in plain


def test_a_line_of_text_is_no_macro() -> None:
    command = {"name": 'a "b"', "usage": ".x", "text": "'y\n\\z -q", "flags": [], "schemas": []}
    document = {"version": "1", "commands": [command], "flags": [], "exit_codes": [], "environment": []}
    lines = man_page(document)
    at = lines.index(".nf")
    assert lines[at + 1 : at + 5] == ["\\&.x", "", "\\&'y", "\\ez \\-q"]
    assert '.SS "a ""b"""' in lines


@pytest.mark.real
def test_groff_takes_it_without_a_warning(invoke: Invoke) -> None:
    need("groff", install="the Debian package groff-base")
    page = invoke("help man").stdout.encode()
    told = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-z"], input=page, capture_output=True, timeout=60)
    assert (told.returncode, told.stderr) == (0, b"")
