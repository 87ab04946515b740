"""What a look at the log says of each dyno, and the gates and the verdict made of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from herodyno.dynos import Dyno, DynoSize
from herodyno.logs.decoding.read import read_events
from herodyno.operations.restart.comparison_report import comparison_report
from herodyno.operations.restart.gates import codes_problem
from herodyno.operations.restart.measurements import Measurements, measure, restart_order
from herodyno.operations.restart.roll import Item

START = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
OLD, NEW = "6f1c02ab-0000-4000-8000-000000000001", "0b77e1d0-0000-4000-8000-000000000002"
SIZES = {"Standard-1X": DynoSize(name="Standard-1X", memory_gb=0.5)}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def request(seconds: float, dyno: str, status: int, request_id: str, *, service: int = 10) -> str:
    code = ' code=H12 desc="Request timeout"' if status == 503 else ""
    return (
        f'{at(seconds).isoformat()} heroku[router]: at={"error" if code else "info"}{code} method=GET path="/"'
        f' host=example-app.herokuapp.com request_id={request_id} fwd="192.0.2.1" dyno={dyno} connect=0ms'
        f" service={service}ms status={status} bytes=10 protocol=https"
    )


def memory(seconds: float, dyno: str, dyno_id: str, total: float) -> str:
    return (
        f"{at(seconds).isoformat()} heroku[{dyno}]: source={dyno} dyno=heroku.1234.{dyno_id}"
        f" sample#memory_total={total}MB sample#memory_rss={total}MB sample#memory_cache=0.00MB"
        f" sample#memory_swap=0.00MB sample#memory_pgpgin=1pages sample#memory_pgpgout=1pages"
        " sample#memory_quota=512.00MB"
    )


def error(seconds: float, dyno: str, code: str) -> str:
    return f"{at(seconds).isoformat()} heroku[{dyno}]: Error {code} (Something) -> told"


def read(lines: Iterable[str]) -> Measurements:
    return measure(read_events(["\n".join(lines).encode() + b"\n"], year=2026))


def requests(start: float, dyno: str, count: int, failing: int) -> list[str]:
    return [request(start + n, dyno, 503 if n < failing else 200, f"{dyno}-{start}-{n}") for n in range(count)]


def test_requests_errors_memory_and_codes_are_counted_by_dyno() -> None:
    seen = read(
        [
            *requests(0, "web.1", 10, 3),
            *requests(0, "web.2", 5, 0),
            memory(4, "web.1", OLD, 781.2),
            error(5, "web.1", "R14"),
        ]
    )
    assert seen.errors(["web.1"]) == (3, 10)
    assert seen.errors(["web.1", "web.2"], since=at(1.5), until=at(3.5)) == (1, 4)
    assert seen.memory_share(Dyno(name="web.1", id=OLD), {}) == pytest.approx(781.2 / 512)
    assert seen.memory_share(Dyno(name="web.2", id=NEW), {}) is None
    assert [code.code for code in seen.codes] == ["R14"]


def test_without_a_quota_in_the_sample_the_size_tells_it() -> None:
    seen = Measurements(memory_mb={OLD: 256.0})
    assert seen.memory_share(Dyno(name="web.1", id=OLD, size="Standard-1X"), SIZES) == 0.5
    assert seen.memory_share(Dyno(name="web.1", id=OLD, size="Unknown"), SIZES) is None


def test_two_looks_that_overlap_count_each_request_once() -> None:
    first, second = read(requests(0, "web.1", 10, 2)), read(requests(0, "web.1", 12, 2))
    first.update(second)
    assert first.errors(["web.1"]) == (2, 12)


def test_the_worst_come_first_then_the_oldest() -> None:
    dynos = [
        Dyno(name="web.1", id="1", state="up", created_at=at(0)),
        Dyno(name="web.2", id="2", state="up", created_at=at(9)),
        Dyno(name="web.3", id="3", state="crashed", created_at=at(8)),
        Dyno(name="web.10", id="10", state="up", created_at=at(5)),
    ]
    seen = read(requests(0, "web.2", 10, 5))
    assert [each.name for each in restart_order(dynos, "worst", seen, {})] == ["web.3", "web.2", "web.1", "web.10"]
    assert [each.name for each in restart_order(dynos, "oldest", seen, {})] == ["web.1", "web.10", "web.3", "web.2"]
    assert [each.name for each in restart_order(dynos, "name", seen, {})] == ["web.1", "web.2", "web.3", "web.10"]


ITEM = Item(name="web.1", id=OLD, type="web", phase="steady", sent_at=at(100), up_at=at(110), new_id=NEW)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([error(140, "web.1", "R14")], "the new dynos log R14 on web.1"),
        ([error(101, "web.1", "R10")], "the new dynos log R10 on web.1"),
        ([error(120, "web.1", "R14")], ""),
        ([error(90, "web.1", "R14"), error(140, "web.1", "R12"), error(140, "web.9", "R10")], ""),
        ([request(112 + n / 10, "web.1", 503, f"stuck-{n}", service=20_000) for n in range(20)], ""),
        (
            requests(115, "web.1", 60, 20),
            "server errors rose on web.1: 1 of 80 requests before, 20 of 60 requests since",
        ),
        (requests(115, "web.1", 60, 1), ""),
        (requests(100, "web.1", 8, 8), ""),
    ],
)
def test_the_gate_looks_at_the_new_dyno_alone(lines: list[str], problem: str) -> None:
    before = requests(0, "web.1", 80, 1)
    assert codes_problem([ITEM], read(before), read([*before, *lines])) == problem


def test_with_preboot_the_old_dyno_may_log_its_own_codes_for_minutes() -> None:
    before, now = read(requests(0, "web.1", 80, 1)), read([error(200, "web.1", "R14")])
    assert codes_problem([ITEM], before, now) == "the new dynos log R14 on web.1"
    assert codes_problem([ITEM], before, now, preboot=True) == ""
    for code, at_second in (("R10", 200), ("R14", 600)):
        late = read([error(at_second, "web.1", code)])
        assert codes_problem([ITEM], before, late, preboot=True) == f"the new dynos log {code} on web.1"


def test_the_verdict_compares_the_restarted_with_its_peers_and_its_memory() -> None:
    before = read([*requests(0, "web.1", 80, 20), *requests(0, "web.2", 90, 1), memory(50, "web.1", OLD, 781.2)])
    after = read([*requests(110, "web.1", 70, 0), *requests(110, "web.2", 80, 1), memory(150, "web.1", NEW, 240.0)])
    old = [Dyno(name="web.1", id=OLD, type="web")]
    new = [Dyno(name="web.1", id=NEW, type="web", updated_at=at(108))]
    verdict = comparison_report(old, new, ["web.2"], before, after, restarted_at=at(100), alone_at=at(100), sizes=SIZES)
    assert verdict.restarted.before == (20, 80)
    assert verdict.restarted.after == (0, 70)
    assert verdict.others is not None
    assert verdict.others.judgement == "no_difference_seen"
    assert verdict.memory == ("web.1: memory 153 % of its quota before, 47 % after",)
    assert verdict.sentence == "It helped: fewer errors."
    assert verdict.document()["others"]["what"] == "other dynos"
    told = verdict.document()["restarted"]
    assert told["judgement"] == "fewer"
    assert [(told[side]["errors"], told[side]["requests"]) for side in ("before", "after")] == [(20, 80), (0, 70)]


def test_with_preboot_what_came_before_the_new_dyno_served_alone_is_left_out() -> None:
    before = read(requests(0, "web.1", 80, 20))
    after = read([*requests(110, "web.1", 70, 30), *requests(520, "web.1", 60, 0)])
    old = [Dyno(name="web.1", id=OLD, type="web")]
    new = [Dyno(name="web.1", id=NEW, type="web", updated_at=at(108))]
    verdict = comparison_report(old, new, [], before, after, restarted_at=at(100), alone_at=at(490), sizes=SIZES)
    assert (verdict.restarted.after, verdict.sentence) == ((0, 60), "It helped: fewer errors.")
    assert verdict.document()["others"] is None
