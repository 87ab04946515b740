"""Which apps: flags that name, flags that choose, and what cannot stand together."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.errors import NotFound, UsageError
from herodyno.heroku.which_apps import AppSelection, check_selection, names_in


@pytest.mark.parametrize(
    ("selection", "remote", "message"),
    [
        (AppSelection(names=["example-app"], team="shop"), None, "-a names apps, and --team shop chooses them"),
        (AppSelection(file="apps.txt", patterns=["shop-*"]), None, "--apps-file names apps, and --apps shop-*"),
        (AppSelection(pipeline="shop"), "staging", "-r names apps, and --pipeline shop chooses them"),
        (AppSelection(names=["example-app", "other-app"]), "staging", "-a and -r both name apps"),
        (AppSelection(stage="staging"), None, "--stage is a part of a pipeline"),
        (AppSelection(pipeline="shop", stage="prod"), None, "--stage 'prod' is no stage"),
        (AppSelection(patterns=["shop-*", ""]), None, "--apps is empty"),
        (AppSelection(names=["example-app", "../account"]), None, "'../account' (from -a)"),
    ],
)
def test_what_cannot_stand_together_is_refused_before_anything_is_sent(
    selection: AppSelection, remote: str | None, message: str
) -> None:
    with pytest.raises(UsageError) as error:
        check_selection(selection, remote=remote)
    assert message in error.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"example-app\n../account\n", "line 2: '../account' cannot be an app's name"),
        (b"# nothing\n", "names no app"),
        (b"\xff\xfe", "cannot be read: not UTF-8"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "apps.txt"
    file.write_bytes(content)
    with pytest.raises(UsageError) as error:
        names_in(file)
    assert message in error.value.message


def test_no_such_file_is_the_exit_code_of_every_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"there is no file .*apps\.txt, which --apps-file names; nothing was sent"):
        names_in(tmp_path / "apps.txt")


def test_a_byte_order_mark_and_remarks_are_no_part_of_a_name(tmp_path: Path) -> None:
    file = tmp_path / "apps.txt"
    file.write_bytes(b"\xef\xbb\xbfexample-app # shop\r\n\r\nother-app\r\n")
    assert names_in(file) == ["example-app", "other-app"]
