"""`ps` as metrics: a sample for what is known, none for what is not, and no series for each one-off dyno."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from herodyno.dynos import App, Dyno, DynoSize, Formation
from herodyno.errors import NotFound
from herodyno.render.fleet.metrics import ps
from herodyno.render.fleet.metrics.ps import ps_samples
from herodyno.render.fleet.ps import AppState
from tests.exposition import parsed, values

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SIZES = [
    DynoSize("Standard-1X", cost_cents=2500, cost_unit="month"),
    DynoSize("Eco", cost_cents=500, cost_unit="month"),
]


def dyno(name: str, number: int = 1, *, state: str = "up", hours: float = 1.0, release: int | None = 4) -> Dyno:
    return Dyno(name, f"id-{number}", name.partition(".")[0], state, "Standard-1X", "", release,
                NOW - timedelta(hours=hours))  # fmt: skip


def text_of(*states: AppState) -> str:
    return ps_samples(states, SIZES, now=NOW).text()


def state(*dynos: Dyno, formation: tuple[Formation, ...] = (Formation("web", 2, "Standard-1X"),)) -> AppState:
    return AppState("shop", App("shop", stack="heroku-22", team="t"), dynos, formation, newest=4)


def test_an_app_its_types_and_its_dynos_have_their_samples() -> None:
    text = text_of(state(dyno("web.1"), dyno("web.2", 2, state="crashed", release=3)))
    assert values(text, "herodyno_ps_wanted_dynos", app="shop", type="web") == [2]
    assert values(text, "herodyno_ps_dynos", state="up") == values(text, "herodyno_ps_dynos", state="crashed") == [1]
    assert values(text, "herodyno_ps_behind_dynos") == [1]
    assert values(text, "herodyno_ps_cost_dollars_per_month") == [50]
    assert values(text, "herodyno_ps_dyno_up", dyno="web.1") == [1]
    assert values(text, "herodyno_ps_dyno_up", dyno="web.2") == [0]
    assert values(text, "herodyno_ps_dyno_created_timestamp_seconds", dyno="web.1") == [NOW.timestamp() - 3600]
    end = datetime(2027, 4, 30, tzinfo=UTC).timestamp()
    assert values(text, "herodyno_ps_stack_end_timestamp_seconds") == [end]


def test_ids_stand_in_the_info_series_alone() -> None:
    with_ids = {each.name for each in parsed(text_of(state(dyno("web.1"), dyno("run.7", 2)))) if "id-" in str(each)}
    assert with_ids == {"herodyno_ps_dyno_info"}


def test_of_two_dynos_of_one_name_the_newer_has_it() -> None:
    for both in ((dyno("web.1", 1, hours=5), dyno("web.1", 2, state="starting")),
                 (dyno("web.1", 2, state="starting"), dyno("web.1", 1, hours=5))):  # fmt: skip
        text = text_of(state(*both))
        assert values(text, "herodyno_ps_dyno_info", dyno_id="id-2") == [1]
        assert values(text, "herodyno_ps_dyno_info", dyno_id="id-1") == []
        assert values(text, "herodyno_ps_dyno_up") == [0]


def test_one_off_dynos_are_counted_and_have_no_series_of_their_own() -> None:
    text = text_of(state(*(dyno(f"scheduler.{number}", number) for number in range(1, 60))))
    assert values(text, "herodyno_ps_dynos", type="scheduler", state="up") == [59]
    assert "scheduler.1" not in text
    assert values(text, "herodyno_ps_wanted_dynos", type="scheduler") == []


def test_an_app_without_an_answer_says_so_and_nothing_else() -> None:
    text = text_of(AppState("shop-nope", error=NotFound("no such app")), state())
    assert values(text, "herodyno_ps_answered", app="shop-nope") == [0]
    assert values(text, "herodyno_ps_answered", app="shop") == [1]
    assert [each for each in parsed(text) if ("app", "shop-nope") in each.labels][1:] == []


def test_what_the_api_does_not_say_has_no_sample() -> None:
    bare = Dyno("web.1", "", "web")
    text = text_of(AppState("shop", App("shop"), (bare,), (Formation("web", 1, "Eco"), Formation("job", 1, "Odd"))))
    names = {each.name.removeprefix("herodyno_ps_") for each in parsed(text)}
    assert not {"release", "stack_end_timestamp_seconds", "cost_dollars_per_month", "dyno_release",
                "dyno_created_timestamp_seconds"} & names  # fmt: skip
    assert values(text, "herodyno_ps_dynos", state="unknown") == [1]


def test_more_dynos_than_a_prometheus_should_hold_are_counted_as_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ps, "MOST_DYNOS", 9)
    text = text_of(state(*(dyno(f"web.{number}", number) for number in range(12, 1, -1))))
    assert values(text, "herodyno_ps_left_out_dynos") == [2]
    assert len(values(text, "herodyno_ps_dyno_up")) == 9
    assert values(text, "herodyno_ps_dyno_up", dyno="web.10") == [1]
    assert values(text, "herodyno_ps_dyno_up", dyno="web.11") == []


def test_hostile_words_of_the_api_break_no_line() -> None:
    attack = 'a"} 1\n# EOF\n\\'
    states = AppState(attack, App(attack, stack=attack, team=attack), (Dyno(attack, attack, attack, attack, attack),),
                      (Formation(attack, 1, attack),))  # fmt: skip
    assert len(parsed(text_of(states))) > 5
