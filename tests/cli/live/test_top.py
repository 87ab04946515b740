"""`top` says in one line what it needs: a terminal, the extra, an API that answers."""

from __future__ import annotations

import sys

import pytest

from tests.conftest import Invoke
from tests.top.live_view import need_textual


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.cli.live.top.is_at_a_terminal", lambda output: True)


@pytest.mark.parametrize("flags", ["", "--json"])
def test_in_a_pipe_it_names_its_sisters(invoke: Invoke, flags: str) -> None:
    stdout, stderr, code = invoke(f"top -a example-app {flags}")
    assert (stdout, code) == ("", 2)
    assert "herodyno ps --watch, herodyno diagnose --watch" in stderr


@pytest.mark.usefixtures("at_a_terminal")
def test_without_the_extra_it_says_what_to_type(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in sys.modules if name.partition(".")[0] == "textual" or name.startswith("herodyno.top.")
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "textual", None)
    _, stderr, code = invoke("top -a example-app")
    assert code == 1
    assert stderr.splitlines()[-2:] == [
        "herodyno: top needs Textual, which is not installed",
        "  pip install 'herodyno[top]'",
    ]


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("every", ["1s", "2m"])
def test_an_absurd_interval_is_refused_before_anything_is_sent(invoke: Invoke, every: str) -> None:
    assert invoke(f"top --every {every} -a example-app").code == 2


@pytest.mark.usefixtures("at_a_terminal")
def test_an_app_that_is_not_there_is_told_before_the_screen(invoke: Invoke) -> None:
    need_textual()
    assert invoke("top -a no-such-app").code == 5
