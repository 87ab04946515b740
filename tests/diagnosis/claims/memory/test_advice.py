"""A restart for memory is offered where it would help, and where it would not the report says what does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import Dyno, DynoSize
from tests.diagnosis.reading import NOON, judged, sample, stamp
from tests.real_parts import case_bytes

IDS = [f"{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-000000000001" for n in range(1, 6)]
SIZES = [
    DynoSize(name="Standard-1X", memory_gb=0.5, cost_cents=2500, cost_unit="month"),
    DynoSize(name="Standard-2X", memory_gb=1.0, cost_cents=5000, cost_unit="month"),
]


def samples(dyno: str, dyno_id: str, level: Callable[[float], float], *, seconds: int = 360, start: int = 0) -> str:
    return "".join(sample(t, dyno, dyno_id, level(t)) for t in range(start, seconds, 20))


def calm(*numbers: int, seconds: int = 360) -> str:
    return "".join(samples(f"web.{n}", IDS[n - 1], lambda t: 250 + t % 7, seconds=seconds) for n in numbers)


def restarts(found: Diagnosis) -> list[str]:
    return [action.argv[2] for action in found.actions if action.argv[:2] == ("herodyno", "restart")]


def says(found: Diagnosis, words: str) -> bool:
    return any(words in detail for detail in found.verdict.details)


def test_a_dyno_far_over_beside_others_is_worth_a_restart() -> None:
    found = judged(samples("web.2", IDS[1], lambda t: 700) + calm(1, 3))
    assert restarts(found) == ["web.2"]


def test_what_is_over_by_less_than_five_per_cent_is_not_restarted() -> None:
    found = judged(samples("web.2", IDS[1], lambda t: 530) + calm(1, 3))
    assert restarts(found) == []
    assert says(found, "Less than 5 % over")
    assert "fewer processes" in found.actions[0].text


def test_a_level_reached_within_two_minutes_of_the_boot_comes_back_with_the_next() -> None:
    def booted(climb: float) -> Diagnosis:
        boot = (
            f"{stamp(100)} heroku[web.2]: Starting process with command `x`\n"
            f"{stamp(105)} heroku[web.2]: State changed from starting to up\n"
        )
        own = samples("web.2", IDS[1], lambda t: min(700, 300 + climb * (t - 120)), start=120, seconds=900)
        return judged(boot + own + calm(1, 3, seconds=900))

    assert restarts(booted(10)) == []
    assert says(booted(10), "after its boot: a restart brings it back")
    assert restarts(booted(0.6)) == ["web.2"]


def test_the_only_dyno_is_not_taken_down_for_memory() -> None:
    found = judged(samples("web.1", IDS[0], lambda t: 700))
    assert restarts(found) == []
    assert says(found, "the only web dyno in this file: a restart takes it down while it boots")


def leaking(n: int, hours: float = 5, rate: float = 30) -> str:
    """web.N grows and is at 440 MB at the end."""
    return "".join(
        sample(t, f"web.{n}", IDS[n - 1], 440 - rate * (hours - t / 3600) + (t * 7919 % 13) / 3)
        for t in range(0, int(hours * 3600), 20)
    )


def api_dynos(*numbers: int) -> list[Dyno]:
    made = NOON - timedelta(hours=2)
    return [
        Dyno(name=f"web.{n}", id=IDS[n - 1], type="web", state="up", size="Standard-1X", created_at=made)
        for n in numbers
    ]


def test_where_all_grow_alike_none_is_restarted_and_the_time_and_the_price_are_told() -> None:
    at = NOON + timedelta(hours=5)
    found = judged("".join(leaking(n) for n in (1, 2, 3)), api_dynos(1, 2, 3), sizes=SIZES, at=at)
    assert found.verdict.label == "MEMORY GROWING"
    assert restarts(found) == []
    assert says(found, "All grow alike")
    assert found.actions[0].text.startswith("before 1")  # the earliest time, in the hour between 18:00 and 20:00
    assert "Standard-2X (1,024 MB; +$75/month for 3 dynos)" in found.actions[0].text


def test_where_one_of_several_grows_that_one_may_be_restarted() -> None:
    found = judged(leaking(2) + calm(1, 3, seconds=5 * 3600), at=NOON + timedelta(hours=5))
    assert found.verdict.label == "MEMORY GROWING"
    assert restarts(found) == ["web.2"]


def test_a_leak_on_every_dyno_of_a_case_restarts_none() -> None:
    found = judged(case_bytes("verdict-m2_leak_every.log.gz").decode())
    assert found.verdict.label == "MEMORY GROWING"
    assert restarts(found) == []
    assert says(found, "All grow alike")
    assert found.actions[0].text.startswith("before ")
