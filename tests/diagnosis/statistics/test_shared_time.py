"""A dyno is compared only while a peer of it served as well, and the work grows with cells times dynos."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType

import pytest

from herodyno.diagnosis.statistics.outliers import assess
from herodyno.diagnosis.statistics.peer_sums import ALL, families
from herodyno.diagnosis.statistics.peers import Subject
from herodyno.diagnosis.statistics.shared_time import SharedTime
from tests.diagnosis.served import Served, judged, odd, subjects


def every(seconds: float, start: float, end: float, code: str = "") -> list[tuple[float, str]]:
    return [(start + i * seconds, f"/p{i} {code}".strip()) for i in range(int((end - start) / seconds))]


def test_time_in_which_no_peer_served_is_not_shared() -> None:
    alone, later = subjects(Served(1, []), Served(1, [], start=300.0), seconds=600)

    beside = SharedTime([alone, later]).beside_peers(alone)

    # The later one counts from its third minute on, in whole cells.
    assert (sum(s.own for s in beside.strata), sum(s.theirs for s in beside.strata)) == (180, 180)


def test_a_cell_cut_by_an_end_counts_for_nobody() -> None:
    stays, goes = subjects(Served(1, []), Served(1, [], end=310.0), seconds=600)

    assert sum(s.own for s in SharedTime([stays, goes]).beside_peers(stays).strata) == 300


def test_so_many_requests_beside_peers_are_known_without_strata_and_are_never_too_many() -> None:
    dynos = [Served(1, []), Served(1 / 40, []), Served(1 / 7, [], start=200.0), Served(1, [], end=310.0, release=2)]
    shared = SharedTime(everyone := subjects(*dynos, Served(1, every(9, 0, 400, "H12")), seconds=900))
    for left_out in (None, everyone[4]):
        if left_out:
            shared.leave_out(left_out)
        for each in everyone:
            in_strata = sum(stratum.own for stratum in shared.beside_peers(each).strata)
            assert 0.8 * in_strata <= shared.least_requests(each) <= in_strata
    assert shared.lines(everyone[4], "H12") == shared.lines(everyone[4], ALL) == 44


def test_a_dyno_alone_has_no_request_beside_peers() -> None:
    (alone,) = subjects(Served(1, []), seconds=600)

    assert SharedTime([alone]).least_requests(alone) == 0


def test_strata_end_where_the_peers_change_and_have_at_least_twenty_requests() -> None:
    """A request of each in 30 s: ten cells to a stratum of two dynos. At 900 s the second one ends."""
    dynos = [Served(1 / 30, []), Served(1 / 30, [], end=900.0), Served(1 / 30, [])]
    first, *_ = everyone = subjects(*dynos, seconds=1800)

    strata = SharedTime(everyone).beside_peers(first).strata

    assert [stratum.own + stratum.theirs for stratum in strata][:4] == [21, 21, 21, 21]
    assert sum(stratum.own for stratum in strata) == 60


def test_dynos_of_another_release_are_not_counted_and_of_an_unknown_one_are() -> None:
    one, _two, _any = everyone = subjects(
        Served(1, [], release=1), Served(1, [], release=2), Served(1, []), seconds=300
    )

    assert sum(s.theirs for s in SharedTime(everyone).beside_peers(one).strata) == 300


def test_a_single_code_is_compared_as_all_codes_together() -> None:
    """Errors of Heroku's own are in neither."""
    shared = SharedTime(everyone := subjects(Served(1, every(40, 0, 900, "H12") + every(90, 7, 900, "H99")),
                                             Served(1, every(60, 3, 900, "H12")), seconds=900))  # fmt: skip

    assert families(everyone) == [ALL, "H12"]
    for each in everyone:
        beside = shared.beside_peers(each)
        assert beside.compare("H12") == beside.compare()
        assert beside.compare().own


def test_leaving_dynos_out_and_taking_them_back_changes_nothing() -> None:
    dynos = [Served(1, odd(0.03, seed), release=seed % 2) for seed in range(6)]
    everyone = subjects(*dynos)
    shared = SharedTime(everyone)
    before = [shared.beside_peers(each).compare() for each in everyone]

    for each in everyone[:3]:
        shared.leave_out(each)
    without = shared.beside_peers(everyone[5]).compare()
    for each in everyone[:3]:
        shared.take_back(each)

    assert without.peer_requests < before[5].peer_requests
    for one, two in zip(before, [shared.beside_peers(each).compare() for each in everyone], strict=True):
        assert (one.strata, one.moments) == (two.strata, two.moments)
        assert one.peers_lines == pytest.approx(two.peers_lines)


def test_a_comparison_that_was_made_stays_as_it_was_when_a_dyno_is_left_out() -> None:
    everyone = subjects(*[Served(1, odd(0.06 if seed == 0 else 0.03, seed)) for seed in range(4)])
    shared = SharedTime(everyone)
    made, chance = (found := shared.beside_peers(everyone[0]).compare()), found.chance()

    shared.leave_out(everyone[1])

    assert made.chance() == chance
    assert shared.beside_peers(everyone[0]).compare().chance() != chance


def test_warm_up_counts_from_birth_only_and_is_told_apart_from_time_before_the_log() -> None:
    old, young = everyone = subjects(Served(1, []), Served(1, [], start=300.0), seconds=900)
    shared = SharedTime(everyone)

    assert [shared.began_warm(each) for each in everyone] == [True, False]
    assert shared.beside_peers(old, from_birth=True) == shared.beside_peers(old)
    assert sum(stratum.own for stratum in shared.beside_peers(young).strata) == 480
    assert sum(stratum.own for stratum in shared.beside_peers(young, from_birth=True).strata) == 600


def test_each_dyno_is_set_beside_its_peers_once_where_nobody_stands_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    beside_peers = SharedTime.beside_peers

    def counted(self: SharedTime, subject: Subject, *, from_birth: bool = False) -> object:
        asked.append(subject.incarnation.key)
        return beside_peers(self, subject, from_birth=from_birth)

    monkeypatch.setattr(SharedTime, "beside_peers", counted)

    told = judged(*[Served(1, [(10.0 + seed, "/a H12"), (50.0, "/b H18")]) for seed in range(9)])

    assert {each.standing for each in told} == {"not_outlier"}
    assert len(asked) == len(set(asked)) == 9


def test_herokus_own_errors_are_no_family_and_make_nobody_a_suspect() -> None:
    sick = Served(1, every(5, 5, 295, "H99"))
    everyone = subjects(sick, *[Served(1, [])] * 3)

    assert families(everyone) == [""]
    assert judged(sick, *[Served(1, [])] * 3)[0].standing == "not_outlier"
    assert judged(Served(1, every(5, 5, 295, "H12") + every(6, 4, 294, "H99")), *[Served(1, [])] * 3)[0].errors == 58


def test_a_dyno_that_served_alone_through_an_outage_is_not_accused_for_it() -> None:
    """The others crash at its start and come back when it is over. What it failed meanwhile says nothing."""
    alone = Served(2, every(1, 200, 500))
    away = [Served(2, [], end=190.0), Served(2, [], start=490.0)] * 3

    told = judged(alone, *away, seconds=900)

    assert told[0].standing != "outlier"
    assert told[0].evenness.unshared >= 290


def test_many_dynos_that_were_not_overloaded_do_not_accuse_the_two_that_were() -> None:
    """Two dynos fail alike, four more start, and nobody fails any more."""
    overloaded = Served(2, every(2, 0, 300))
    new = Served(2, [], start=300.0)

    told = judged(overloaded, overloaded, *[new] * 4, seconds=1200)

    assert {each.standing for each in told} == {"not_outlier"}
    assert not any(each.evenness.uneven for each in told)
    assert [each.evenness.due >= 1 for each in told] == [True, True, False, False, False, False]


def test_a_young_dyno_with_most_errors_is_not_judged_and_not_even() -> None:
    young = Served(0.2, every(8, 700, 895), start=690.0)

    told = judged(*[Served(1, odd(0.002, seed)) for seed in range(3)], young, seconds=900)

    assert told[3].standing == "not_assessed"
    assert told[3].evenness.apart
    assert told[3].evenness.expected < 1


def test_a_dyno_without_errors_beside_two_that_fail_is_spared() -> None:
    bad = Served(1, every(4, 3, 297))

    told = judged(bad, bad, Served(1, []))

    assert [each.evenness.spared for each in told] == [False, False, True]
    assert [each.evenness.apart for each in told[:2]] == [False, False]


def test_several_guilty_dynos_are_found_although_the_others_have_odd_errors() -> None:
    """The worst are taken out of the peers together, and what is left fails now and then."""
    bad = [Served(1, every(5, 4, 296)) for _ in range(3)]

    told = judged(*bad, *[Served(1, odd(0.01, seed)) for seed in range(7)])

    assert [each.standing for each in told] == ["outlier"] * 3 + ["not_outlier"] * 7


def test_the_largest_number_of_guilty_dynos_is_told_not_the_worst_alone() -> None:
    bad = [Served(1, every(seconds, 4, 296)) for seconds in (2, 6, 9)]

    told = judged(*bad, *[Served(1, odd(0.004, seed)) for seed in range(5)])

    assert [each.standing for each in told] == ["outlier"] * 3 + ["not_outlier"] * 5


def work(dynos: int, cells: int, *, releases: int = 1, fails: float = 0.02) -> int:
    """Lines of code run in judging so many dynos over so many cells."""
    seconds = cells * 30.0
    everyone = subjects(
        *[Served(0.2, odd(fails, seed, seconds=seconds), release=seed % releases) for seed in range(dynos)],
        seconds=seconds,
    )
    lines: Counter[str] = Counter()

    def see(frame: FrameType, event: str, _: object) -> object:
        if "/statistics/" not in frame.f_code.co_filename:
            return None
        lines[event] += 1
        return see

    sys.settrace(see)  # type: ignore[arg-type]  # a local trace function is given back
    try:
        assess(everyone)
    finally:
        sys.settrace(None)
    return lines["line"]


@pytest.mark.parametrize("releases", [1, 2])
def test_the_work_grows_no_faster_than_cells_times_dynos(releases: int) -> None:
    small = work(6, 30, releases=releases)

    assert work(12, 30, releases=releases) <= 2.6 * small
    assert work(6, 60, releases=releases) <= 2.6 * small
    assert work(24, 30, releases=releases) <= 5.2 * small
