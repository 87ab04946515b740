"""`archive password` prints the line to type, with a password that the receiver takes."""

import re
from pathlib import Path

import pytest

from herodyno.archive.drains.known import read_drains
from tests.cli.schemas import valid
from tests.conftest import Invoke

ADDRESS = re.compile(r"https://example-app:([\w-]{32})@logs\.example\.com/")


def test_the_line_to_type_holds_a_password_that_works(invoke: Invoke, tmp_path: Path) -> None:
    stdout, stderr, code = invoke(
        f"archive password --archive {tmp_path} -a example-app --url https://logs.example.com/"
    )
    found = ADDRESS.search(stdout)
    assert found
    assert stdout == f"heroku drains:add '{found[0]}' --app example-app\n"
    assert (stderr, code) == ("type this line; the password in it is not shown again\n", 0)
    assert read_drains(tmp_path).admits("example-app", found[1])


def test_json_has_the_address(invoke: Invoke, tmp_path: Path) -> None:
    document = valid(
        invoke(f"archive password --archive {tmp_path} -a example-app --json --url https://logs.example.com").stdout
    )
    assert ADDRESS.fullmatch(document["url"])


def test_the_newest_password_is_kept_when_the_old_ones_are_dropped(invoke: Invoke, tmp_path: Path) -> None:
    command = f"archive password --archive {tmp_path} -a example-app"
    passwords = [invoke(command).stdout.split(":")[3].partition("@")[0] for _ in range(2)]
    stdout, stderr, code = invoke(f"{command} --drop-old")
    assert (stdout, stderr, code) == ("the newest password of example-app works alone from now on\n", "", 0)
    drains = read_drains(tmp_path)
    assert [drains.admits("example-app", each) is not None for each in passwords] == [False, True]
    assert "already" in invoke(f"{command} --drop-old").stdout
    document = valid(invoke(f"{command} --drop-old --json").stdout)
    assert (document["url"], document["dropped"]) == (None, 0)
    assert invoke(f"{command}-2 --drop-old").code == 5
    assert invoke(f"{command} --drop-old --url https://x.example").code == 2


@pytest.mark.parametrize(
    "words",
    ["-a ../etc", "-a Example-App", "-a example-app --url ftp://x", "-a example-app --url http://logs.example.com",
     "-a example-app --url logs.example.com",
     "-a example-app --url https://user@logs.example.com", "-a example-app --url https://x/?app=y"],
)  # fmt: skip
def test_words_that_make_no_address_are_refused_and_nothing_is_made(invoke: Invoke, tmp_path: Path, words: str) -> None:
    stdout, stderr, code = invoke(f"archive password --archive {tmp_path} {words}")
    assert (stdout, code) == ("", 2)
    assert len(stderr.splitlines()) == 2
    assert list(tmp_path.iterdir()) == []
