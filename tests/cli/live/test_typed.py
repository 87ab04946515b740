"""What `top` types is the command itself: one write per intent, by dyno id, asked and refused as at a prompt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from herodyno.cli.live.typed import Typed
from herodyno.cli.session import Session
from herodyno.cli.settings import settings_path
from herodyno.dynos import Dyno
from herodyno.folders import state_folder
from herodyno.operations.journal import Journal
from herodyno.sandbox.world.world import World
from tests.conftest import TOKEN

APP = "example-app"


class Person:
    """Answers what is asked, and remembers the questions."""

    def __init__(self, answer: str = APP) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return self.answer


@pytest.fixture
def session(make_session: Callable[..., Session]) -> Session:
    return make_session()


@pytest.fixture
def web_2(session: Session) -> Dyno:
    return next(dyno for dyno in session.platform.dynos(APP) if dyno.name == "web.2")


def calls() -> list[tuple[str, str]]:
    return [(entry.call, entry.outcome) for entry in Journal(state_folder()).entries()]


def test_a_restart_is_one_call_by_dyno_id_and_stands_in_the_journal(session: Session, web_2: Dyno) -> None:
    typed, person = Typed(session, APP, ()), Person()
    done = typed.run(typed.restart(web_2), person)
    assert (done.code, person.asked) == (0, [])
    assert done.said[-1] == f"restarting web.2 ({web_2.id[:8]})"
    assert calls() == [(f"DELETE /apps/{APP}/dynos/{web_2.id}", "done")]


def test_a_dyno_that_was_replaced_meanwhile_is_left_alone(session: Session, world: World, web_2: Dyno) -> None:
    typed = Typed(session, APP, ())
    world.restart(APP, dyno="web.2")
    world.tick(60)
    assert typed.run(typed.restart(web_2), Person()).code == 1
    assert typed.run(typed.stop(web_2), Person()).code == 5
    assert calls() == []


@pytest.mark.parametrize(("answer", "code", "outcomes"), [(APP, 0, ["done"]), ("", 1, []), ("yes", 1, [])])
def test_a_protected_app_asks_for_its_name(
    session: Session, web_2: Dyno, answer: str, code: int, outcomes: list[str]
) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text(f'protected = ["{APP}"]\n', encoding="utf-8")
    typed, person = Typed(session, APP, ()), Person(answer)
    done = typed.run(typed.stop(web_2), person)
    assert len(person.asked) == 1
    assert "Type the app's name to go on" in person.asked[0]
    assert (done.code, [outcome for _, outcome in calls()]) == (code, outcomes)


@pytest.mark.parametrize(("flag", "code"), [("--read-only", 1), ("--dry-run", 0)])
def test_the_flags_of_top_are_those_of_its_commands(session: Session, web_2: Dyno, flag: str, code: int) -> None:
    typed, person = Typed(session, APP, (flag,)), Person()
    done = typed.run(typed.restart(web_2), person)
    assert (done.code, person.asked, calls()) == (code, [], [])
    assert any("nothing was sent" in text or text.startswith("DELETE ") for text in done.said)


def test_the_variable_refuses_writes_too(make_session: Callable[..., Session], web_2: Dyno) -> None:
    session = make_session({"HEROKU_API_KEY": TOKEN, "HERODYNO_READ_ONLY": "1"})
    typed = Typed(session, APP, ())
    assert typed.run(typed.restart(web_2), Person()).code == 1
    assert calls() == []
