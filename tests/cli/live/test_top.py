"""`top` says in one line what it needs: a terminal, the extra, an API that answers."""

from __future__ import annotations

import sys

import pytest

from tests.conftest import Invoke


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
@pytest.mark.parametrize(
    ("words", "code"),
    [("-a no-such-app", 5), ("--every 1s -a example-app", 2), ("--every 2m -a example-app", 2)],
)
def test_what_cannot_begin_is_refused_before_the_screen(invoke: Invoke, words: str, code: int) -> None:
    assert invoke(f"top {words}").code == code
