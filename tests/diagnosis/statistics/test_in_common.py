"""What nearly all failed requests have in common is told, and what others have as well is not."""

from __future__ import annotations

from collections.abc import Sequence

from herodyno.diagnosis.counting.facts import SharedFacts
from herodyno.diagnosis.counting.raised import Raised, RaisedFacts
from herodyno.diagnosis.statistics.in_common import InCommon
from herodyno.diagnosis.statistics.in_common import in_common as in_common_since


def shared(key: str, bad: Sequence[str], good: Sequence[str]) -> SharedFacts:
    facts = SharedFacts()
    for failed, values in ((True, bad), (False, good)):
        for value in values:
            facts.add(failed=failed, values=((key, value),))
    return facts


def in_common(shared: SharedFacts, by_code: dict[str, int], dynos: Sequence[RaisedFacts]) -> InCommon:
    return in_common_since(shared, by_code, dynos, 0.0)


def dyno(failures: Sequence[float], exceptions: Sequence[tuple[float, str]], *, lasting: float = 0.0) -> RaisedFacts:
    own = RaisedFacts()
    for at in failures:
        own.beside.add_failure(at, at - lasting)
    for number, (at, kind) in enumerate(exceptions):
        own.add([Raised(at, number, kind, f"at {at}")])
    return own


def exception_of(*dynos: RaisedFacts) -> tuple[str, int, int] | None:
    found = in_common(SharedFacts(), {}, dynos).exception
    return (found.value, found.n, found.of) if found else None


def test_a_path_of_nine_in_ten_failures_is_common() -> None:
    found = in_common(shared("path", ["/a"] * 9 + ["/b"], ["/"] * 30), {"H12": 10}, [])
    assert found.path is not None
    assert (found.path.value, found.path.n, found.path.of, found.path.good) == ("/a", 9, 10, 0)
    assert found.code is not None
    assert found.code.is_all


def test_a_path_that_good_requests_have_as_often_is_not() -> None:
    assert in_common(shared("path", ["/"] * 10, ["/"] * 30), {}, []).path is None


def test_two_failures_have_nothing_in_common() -> None:
    assert in_common(shared("path", ["/a"] * 2, ["/"] * 30), {"H12": 2}, []) == in_common(SharedFacts(), {}, [])


def test_the_only_visitor_is_no_common_client() -> None:
    assert in_common(shared("client", ["1"] * 10, []), {}, []).client is None
    assert in_common(shared("client", ["1"] * 10, ["2"] * 30), {}, []).client is not None


def test_an_exception_goes_with_the_failures_of_its_dyno_only() -> None:
    times = [10.0, 40.0, 70.0, 100.0]
    raised = [(at - 0.3, "KeyError") for at in times]
    assert exception_of(dyno(times, raised)) == ("KeyError", 4, 4)
    assert exception_of(dyno(times, []), dyno([], raised)) is None


def test_an_exception_that_good_requests_bring_as_well_is_not_common() -> None:
    times = [10.0, 40.0, 70.0, 100.0]
    noise = [(float(at), "Retry::Error") for at in range(200)]
    assert exception_of(dyno(times, noise)) is None
    assert exception_of(dyno(times, [*noise, *((at, "KeyError") for at in times)])) == ("KeyError", 4, 4)


def test_the_last_message_of_the_common_exception_is_kept() -> None:
    times = [10.0, 40.0, 70.0, 100.0]
    found = in_common(SharedFacts(), {}, [dyno(times, [(at, "KeyError") for at in times])])
    assert found.raised is not None
    assert found.raised.message == "at 100.0"


def test_a_request_that_is_never_answered_goes_with_the_exception_at_its_beginning() -> None:
    times = [40.0, 90.0, 140.0, 190.0]
    raised = [(at - 29.9, "TypeError") for at in times]
    assert exception_of(dyno(times, raised, lasting=30.0)) == ("TypeError", 4, 4)


def test_a_request_sent_before_the_log_is_not_held_against_an_exception() -> None:
    own = dyno(
        [20.0, 90.0, 140.0, 190.0], [(60.1, "TypeError"), (110.1, "TypeError"), (160.1, "TypeError")], lasting=30.0
    )
    found = in_common_since(SharedFacts(), {}, [own], 10.0)
    assert found.exception is not None
    assert (found.exception.n, found.exception.of) == (3, 4)


def test_paths_that_differ_in_a_number_only_are_one_page() -> None:
    uuid = "0c2eb001-5462-4ff9-bf36-88749147f024"
    found = in_common(shared("path", ["/jobs/57/run", "/jobs/58/run", f"/jobs/{uuid}/run"], ["/"] * 30), {}, [])
    assert found.path is not None
    assert (found.path.value, found.path.n) == ("/jobs/*/run", 3)


def test_a_page_that_good_requests_have_on_more_paths_than_are_kept_is_not_common() -> None:
    bad = [f"/orders/{number}" for number in range(10)]
    good = [f"/orders/{number}" for number in range(10_000)]
    assert in_common(shared("path", bad, good), {}, []).path is None
    found = in_common(shared("path", bad, [path.replace("orders", "users") for path in good]), {}, []).path
    assert found is not None
    assert (found.value, found.n, found.good, found.good_of) == ("/orders/*", 10, 0, 10_000)


def test_of_a_page_that_good_requests_have_beyond_those_counted_it_is_said_how_often_at_most() -> None:
    def slugs(n: int) -> list[str]:
        return [f"/posts-{number}" for number in range(100_000, 100_000 + n)] * 2

    bad = [f"/orders/{number}" for number in range(10)]
    found = in_common(shared("path", bad, slugs(5000) + bad[:3]), {}, []).path
    assert found is not None
    assert (found.value, found.good, found.good_of) == ("/orders/*", 3, 10_003)
    late = ["/sitemap-of-all-posts.xml"] * 10
    beyond = in_common(shared("path", late, slugs(5000)), {}, []).path
    assert beyond is not None
    assert (beyond.good <= 4, beyond.is_most) == (True, True)
    counted = in_common(shared("path", late, slugs(3900)), {}, []).path
    assert counted is not None
    assert (counted.good, counted.is_most) == (0, False)
    page = [f"/sitemaps-of-all-posts/{number}" for number in range(10)]
    assert in_common(shared("path", page, slugs(5000)), {}, []).path is not None
    assert in_common(shared("path", late, [*slugs(5000), *late * 5000]), {}, []).path is None


MANY = [f"/orders/{number}" for number in range(2000)]


def test_of_a_folded_path_it_is_said_how_often_good_requests_have_it_at_most() -> None:
    seen_once = in_common(shared("path", ["/orders/17"] * 10, ["/orders/17", *MANY]), {}, []).path
    assert seen_once is not None
    assert (seen_once.value, seen_once.n, 2 <= seen_once.good <= 5, seen_once.is_most) == ("/orders/17", 10, True, True)
    assert in_common(shared("path", ["/orders/17"] * 10, ["/orders/17"] * 8000 + MANY), {}, []).path is None
    apart = in_common(shared("path", ["/items/17"] * 10, MANY), {}, []).path
    assert apart is not None
    assert (apart.value, apart.good) == ("/items/17", 0)


def test_of_a_client_among_very_many_good_ones_it_is_said_how_often_these_are_it_at_most() -> None:
    few, many = ([f"10.0.{number // 250}.{number % 250}" for number in range(n)] for n in (700, 2000))
    exactly = in_common(shared("client", ["10.0.0.7"] * 10, few), {}, []).client
    at_most = in_common(shared("client", ["10.0.0.7"] * 10, many), {}, []).client
    assert exactly is not None
    assert at_most is not None
    assert (exactly.good, exactly.is_most) == (1, False)
    assert (1 <= at_most.good <= 4, at_most.is_most) == (True, True)
    assert in_common(shared("client", ["10.0.0.7"] * 10, [*many, *["10.0.0.7"] * 8000]), {}, []).client is None
