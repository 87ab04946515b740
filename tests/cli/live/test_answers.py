"""A look is one call; what seldom changes is asked every half minute, and at once when a new dyno shows a change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from herodyno.cli.live.answers import SELDOM_CALLS, AnswersReader
from herodyno.cli.live.interval import parse_interval
from herodyno.cli.session import Session
from herodyno.errors import UsageError
from herodyno.sandbox.world.world import World


def test_looks_cost_what_the_interval_says(make_session: Callable[..., Session], world: World) -> None:
    session = make_session()
    reader = AnswersReader(session, "example-app")
    costs = []
    for _ in range(18):
        before = session.platform.calls
        reader.read()
        costs.append(session.platform.calls - before)
        world.tick(2)
    assert costs[0] == 1 + SELDOM_CALLS
    assert sorted(costs[1:]) == [1] * 16 + [1 + SELDOM_CALLS]


def test_a_deploy_is_seen_whole_with_its_first_dyno(make_session: Callable[..., Session], world: World) -> None:
    reader = AnswersReader(make_session(), "example-app")
    reader.read()
    release = world.deploy("example-app")
    world.tick(8)
    answers = reader.read()
    assert {dyno.release for dyno in answers.dynos} == {release.version}
    assert max(each.version for each in answers.releases) == release.version


@pytest.mark.parametrize(("text", "calls"), [("2s", 2160), ("30s", 480), ("1m", 240), ("1h", 4)])
def test_an_interval_says_what_it_costs(text: str, calls: int) -> None:
    assert parse_interval(text, flag="--watch", seldom_calls=SELDOM_CALLS).calls_per_hour == calls


def test_an_interval_that_costs_too_much_names_the_shortest() -> None:
    with pytest.raises(UsageError) as refused:
        parse_interval("1s", flag="--watch", seldom_calls=SELDOM_CALLS)
    assert refused.value.next_step == "the shortest is --watch 2s"
