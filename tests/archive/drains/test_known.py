"""Who is admitted, and what of a file that says nothing of it."""

import hmac
from pathlib import Path

import pytest

from herodyno.archive.drains.changes import new_password
from herodyno.archive.drains.known import FILE, Drains, read_drains
from herodyno.errors import Refused


def test_nobody_and_an_empty_password_are_never_admitted(tmp_path: Path) -> None:
    new_password(tmp_path, "main", app="example-app")
    drains = read_drains(tmp_path)
    assert [drains.admits(name, "") for name in ("", "main", "other")] == [None] * 3
    assert len(read_drains(tmp_path / "nothing")) == 0
    assert Drains({}).admits("", "") is None


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "{", '{"schema":"herodyno.drains/9","drains":{}}',
     '{"schema":"herodyno.drains/1","drains":{"a":{"sha256":["00"]}}}',
     '{"schema":"herodyno.drains/1","drains":{"a":{"sha256":[],"app":"../x"}}}',
     '{"schema":"herodyno.drains/1","drains":{"a":[]}}'],
)  # fmt: skip
def test_a_broken_file_is_refused_and_never_written_over(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(Refused, match="cannot be read"):
        read_drains(tmp_path)
    with pytest.raises(Refused):
        new_password(tmp_path, "main", app="")
    assert (tmp_path / FILE).read_text() == text


def test_the_work_is_the_same_whatever_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    password = new_password(tmp_path, "main", app="example-app")
    drains, compared = read_drains(tmp_path), []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(len(b)) or real(a, b))
    for name, given in (("main", password), ("main", "wrong"), ("nobody", password), ("", "")):
        compared.clear()
        drains.admits(name, given)
        assert compared == [32, 32]
