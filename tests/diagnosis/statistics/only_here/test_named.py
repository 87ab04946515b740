"""A line is named when one side prints it and the other does not, and for no other reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

import pytest

from herodyno.diagnosis.counting.printed import PrintedFacts
from herodyno.diagnosis.statistics.only_here.named import Named, only_here
from herodyno.diagnosis.statistics.only_here.sides import Sides, Stratum, Stretch
from herodyno.logs.patterns.masks import masked

WHY = "waiting for a database connection (pool of 5 exhausted)"
SECONDS = 600.0
Says = Callable[[int, Random], Iterable[tuple[float, str]]]


def at_random(text: str, n: int, *, start: float = 0.0, end: float = SECONDS) -> Says:
    """A line at `n` random times."""
    return lambda number, random: [(random.uniform(start, end), text) for _ in range(n)]


def traffic(number: int, random: Random) -> list[tuple[float, str]]:
    """What each dyno prints about its requests."""
    return [(at, f"GET /p/{random.randint(1, 99)} 200 in {random.randint(3, 900)} ms") for at in range(0, 600, 4)]


def printed(dynos: int, *says: Says, only: dict[int, list[Says]], seed: int = 1) -> dict[tuple[str, int], PrintedFacts]:
    """What web.1 and so on print: all of them `says`, and a dyno what `only` says of it."""
    lives = {}
    for number in range(1, dynos + 1):
        facts, random = PrintedFacts(), Random(f"{seed}/{number}")
        lines = [line for each in (*says, *only.get(number, [])) for line in each(number, random)]
        for place, (seconds, text) in enumerate(sorted(lines)):
            facts.add("line", masked(text), seconds, place, text)
        lives[f"web.{number}", 0] = facts
    return lives


def named(lives: dict[tuple[str, int], PrintedFacts], *, requests: tuple[int, int] = (150, 450),
          quiet: float = 0.0) -> list[Named]:  # fmt: skip
    """The lines of web.2 beside the others."""
    whole = Stretch(0, SECONDS, 0)
    others = {key: whole for key in lives if key[0] != "web.2"}
    before = {("web.2", 0): Stretch(0, quiet, 0)} if quiet else {}
    return only_here(lives, Sides([Stratum({("web.2", 0): whole}, others, requests)], "peers", ("", ""), before))


def texts(lines: list[Named]) -> list[str]:
    return [each.line.template for each in lines]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("dynos", [2, 4, 10])
def test_the_line_of_one_dyno_is_named_with_its_counts(dynos: int, seed: int) -> None:
    lives = printed(dynos, traffic, at_random("cache miss 7", 40), only={2: [at_random(WHY, 20)]}, seed=seed)
    (line,) = named(lives, requests=(150, 150 * (dynos - 1)))
    assert line.line.template == "waiting for a database connection (pool of <n> exhausted)"
    assert (line.n > 15, line.others_n, line.example, line.every) == (True, 0, WHY, None)
    assert line.p_adjusted <= 0.01


def test_peers_that_print_it_now_and_then_do_not_hide_it() -> None:
    lives = printed(4, traffic, at_random(WHY, 1), only={2: [at_random(WHY, 40)]})
    (line,) = named(lives)
    assert (line.n > 30, line.others_n) == (True, 3)


@pytest.mark.parametrize("canaries", [(3,), (3, 4), (3, 4, 5)])
def test_what_some_peers_print_as_often_is_not_named_however_many_are_silent(canaries: tuple[int, ...]) -> None:
    canary = [at_random("canary: experiment on", 60)]
    lives = printed(10, traffic, only={2: [*canary, at_random(WHY, 30)], **dict.fromkeys(canaries, canary)})
    assert texts(named(lives, requests=(150, 150 * 9))) == [" ".join(masked(WHY))]


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_than_five_are_not_named(n: int) -> None:
    assert named(printed(40, traffic, only={2: [at_random(WHY, n)]}), requests=(150, 150 * 39)) == []


def test_a_burst_is_one_event() -> None:
    hang = at_random(WHY, 200, start=300.0, end=304.0)
    assert named(printed(4, traffic, only={2: [hang]})) == []


@pytest.mark.parametrize("seed", range(12))
def test_dynos_that_print_alike_are_not_told_apart(seed: int) -> None:
    mail, slow = at_random("mail bounced", 15), at_random("slow query", 30)
    assert named(printed(4, traffic, mail, slow, only={}, seed=seed)) == []


def test_a_dyno_that_is_sent_more_requests_prints_more_of_everything() -> None:
    busy = [traffic, at_random("slow query", 60)]
    lives = printed(4, traffic, at_random("slow query", 15), only={2: busy})
    assert named(lives, requests=(600, 450)) == []


def test_a_dyno_that_hangs_prints_its_heartbeat_as_often_as_the_others() -> None:
    def heartbeat(number: int, random: Random) -> list[tuple[float, str]]:
        return [(at, "heartbeat") for at in range(0, 600, 20)]

    def work(number: int, random: Random) -> list[tuple[float, str]]:
        return [] if number == 2 else traffic(number, random)

    assert named(printed(4, heartbeat, work, only={}), requests=(5, 450)) == []


def test_what_a_dyno_printed_before_it_failed_is_not_named() -> None:
    scheduled, why = at_random("cleaned 3 carts", 30), at_random(WHY, 20, start=300.0)
    lives = printed(4, traffic, only={2: [scheduled, why]})
    assert texts(named(lives, quiet=270.0)) == [" ".join(masked(WHY))]


def test_what_a_clock_prints_is_marked_and_told_last() -> None:
    def job(number: int, random: Random) -> list[tuple[float, str]]:
        return [(7.0 + at, f"cron: {random.randint(1, 9)} carts cleaned") for at in range(0, 600, 30)]

    lines = named(printed(4, traffic, only={2: [job, at_random(WHY, 12)]}))
    assert [(each.every, each.is_telling) for each in lines] == [(None, True), (30.0, False)]


def test_lines_for_debugging_are_told_last() -> None:
    debug = [at_random(f"DEBUG {word} {{}}", 90) for word in ("pool", "sql", "auth")]
    lines = named(printed(8, traffic, only={2: [*debug, at_random(WHY, 30)]}), requests=(150, 1050))
    assert [each.is_telling for each in lines] == [True, False, False, False]


def test_without_a_line_there_is_nothing_to_name() -> None:
    assert named(printed(4, only={})) == []


def test_a_line_whose_words_vary_is_named_as_one_kind() -> None:
    def lost(number: int, random: Random) -> list[tuple[float, str]]:
        who, where = ("amara", "bo", "chidi", "emre", "freya"), ("Bergen", "Cadiz", "Evora", "Faro")
        return [
            (
                random.uniform(0, SECONDS),
                f"session of {random.choice(who)} in {random.choice(where)} not found, made anew",
            )
            for _ in range(30)
        ]

    assert texts(named(printed(4, traffic, only={2: [lost]}))) == ["session of <*> in <*> not found, made anew"]
    assert named(printed(4, traffic, lost, only={})) == []


def test_names_that_come_often_do_not_take_all_places() -> None:
    names = ("liam", "noor", "omar", "amara", "chidi", "emre", "freya", "bo")
    quota = [at_random(f"quota of {name} used up", 12) for name in names]
    lines = named(printed(4, traffic, only={2: [*quota, at_random(WHY, 30)]}))
    assert sorted(texts(lines)) == ["quota of <*> used up", " ".join(masked(WHY))]


def test_a_word_that_tells_something_is_not_lost_in_its_kind() -> None:
    good, bad = (at_random(f"the payment gateway says {word} again", 30) for word in ("ok", "timeout"))
    assert texts(named(printed(4, traffic, good, only={2: [bad]}))) == ["the payment gateway says timeout again"]


def test_a_line_is_not_lost_among_very_many_kinds_of_lines() -> None:
    words = [f"{a}{b}" for a in ("ka", "lo", "mi", "nu", "pe", "qui") for b in ("bar", "dun", "fol", "gat", "hep")]

    def anything(number: int, random: Random) -> list[tuple[float, str]]:
        return [(random.uniform(0, SECONDS), " ".join(random.choices(words, k=8))) for _ in range(300)]

    (line,) = named(printed(4, anything, only={2: [at_random(WHY, 40)]}))
    assert line.line.template == "waiting for a database connection (pool of <n> exhausted)"
    assert line.others_n == 0
