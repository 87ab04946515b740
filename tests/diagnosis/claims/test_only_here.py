"""A line is said of a dyno only where the verdict accuses it, and never what any dyno prints at its start or stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App, Release
from herodyno.render.diagnosis.document import diagnosis_document
from tests.diagnosis.claims.one_off_lines import TRACE, platform, run, said
from tests.diagnosis.reading import NOON, failed, judged, log_of_text, sample, two_releases
from tests.diagnosis.traffic import NEW, OLD, restart, served

SECONDS = 1200.0
WHY = "waiting for a database connection (pool of 5 exhausted)"
TEMPLATE = "waiting for a database connection (pool of <n> exhausted)"


def one_fails(number: int, at: float) -> float:
    return 0.2 if number == 2 else 0.0


def all_fail(number: int, at: float) -> float:
    return 0.15 if at > SECONDS / 2 else 0.0


def web(rates: Callable[[int, float], float], *, dynos: int = 4) -> str:
    """Requests of twenty minutes, of which a share fails on each dyno."""
    return served(rates, dynos=dynos, pace=0.4)


ONE_FAILS = web(one_fails)
ALL_FAIL = web(all_fail)
CALM = web(lambda number, at: 0.0)


def at_random(dyno: str, text: str, n: int = 25, *, start: float = 0.0, end: float = SECONDS) -> str:
    """A line at so many random times; {} in it is a number."""
    random = Random(f"{dyno}/{text}")
    return "".join(said(random.uniform(start, end), dyno, text.format(random.randint(1, 9999))) for _ in range(n))


def work(*numbers: int, start: float = 0.0, end: float = SECONDS) -> str:
    """What every dyno prints about its requests."""
    return "".join(at_random(f"web.{n}", "GET /p/{} done", 120, start=start, end=end) for n in numbers or (1, 2, 3, 4))


def told(found: Diagnosis) -> list[str]:
    return [line.template for line in found.only_here.lines] if found.only_here else []


def looks(found: Diagnosis) -> list[str]:
    return [action.text for action in found.actions if action.text.startswith("look at")]


def test_the_line_of_the_accused_dyno_stands_beside_the_verdict_and_in_the_advice() -> None:
    found = judged(ONE_FAILS + work() + at_random("web.2", WHY) + at_random("web.3", "cache miss {}", 3))
    assert found.verdict.kind == "one_dyno"
    assert found.only_here is not None
    assert found.only_here.heading == "web.2 prints, its 3 peers in the same time do not:"
    (line,) = found.only_here.lines
    assert (line.template, line.example, line.dynos, line.peers_n) == (TEMPLATE, WHY, ("web.2",), 0)
    assert line.n >= 20
    assert (line.peers_requests or 0) > 2 * (line.requests or 0) > 0
    assert found.only_here.notes == ("Said beside the errors, not proved to be their cause.",)
    assert looks(found) == [f'look at "{TEMPLATE}": {line.n} times here, 0 there']
    assert found.actions[0].mutates
    assert found.verdict.not_claimed[0] == (
        "why web.2 fails (ONLY HERE names what is printed nowhere else; that is no proof)"
    )


@pytest.mark.parametrize("other", ["", at_random("web.2", "GET /p/{} done")])
def test_without_such_a_line_the_report_is_as_it_was(other: str) -> None:
    found = judged(ONE_FAILS + work() + other)
    assert (found.verdict.kind, found.only_here, looks(found)) == ("one_dyno", None, [])
    assert found.verdict.not_claimed[0] == "why web.2 fails"


@pytest.mark.parametrize("text", [CALM, ALL_FAIL, web(lambda number, at: 0.1)], ids=["healthy", "all fail", "always"])
def test_nothing_is_said_of_a_dyno_that_is_not_accused(text: str) -> None:
    assert told(judged(text + work() + at_random("web.2", WHY, 60))) == []


def test_one_clients_requests_are_no_trouble_of_a_dyno() -> None:
    text = CALM + "".join(failed(30 * i, "web.2", path="/x", client="198.51.100.9") for i in range(40))
    found = judged(text + work() + at_random("web.2", WHY, 40))
    assert (found.verdict.kind, told(found)) == ("one_client_or_path", [])


def test_peers_that_print_nothing_say_nothing() -> None:
    assert told(judged(ONE_FAILS + work(2) + at_random("web.2", WHY, 60))) == []


def test_peers_on_another_release_are_no_peers() -> None:
    found = judged(ONE_FAILS + work() + at_random("web.2", WHY, 60), two_releases())
    assert told(found) == []


def test_the_banner_of_a_young_dyno_is_not_named() -> None:
    """web.2 is restarted, and prints its banner for two minutes; then it fails."""
    text = web(lambda number, at: 0.25 if number == 2 and at > 330 else 0.0) + restart(200, "web.2")
    banner = at_random("web.2", "loading rule {} of the catalogue", 40, start=204, end=318)
    found = judged(text + work() + banner + at_random("web.2", WHY, 40, start=340))
    assert (found.verdict.kind, told(found)) == ("one_dyno", [TEMPLATE])


def test_the_last_words_of_a_dyno_that_is_stopped_are_not_named() -> None:
    stop = platform(1100, "web.2", "Restarting") + platform(1101, "web.2", "Stopping all processes with SIGTERM")
    ends = platform(1130, "web.2", "Process exited with status 143")
    closing = at_random("web.2", "closing connection {}", 60, start=1101, end=1129)
    text = web(lambda number, at: 0.2 if number == 2 and at < 1100 else 0.0)
    found = judged(sample(10, "web.2", OLD, 300) + text + work() + stop + ends + closing)
    assert (found.verdict.kind, told(found)) == ("one_dyno", [])


def test_a_scheduled_job_is_marked_as_what_a_clock_prints_and_is_no_advice() -> None:
    clock = "".join(said(7 + 60 * i, "web.2", f"cron: {i % 7} carts cleaned") for i in range(20))
    found = judged(ONE_FAILS + work() + clock)
    assert found.only_here is not None
    assert [line.every for line in found.only_here.lines] == [60.0]
    assert (looks(found), found.verdict.not_claimed[0]) == ([], "why web.2 fails")


def test_what_ended_long_before_the_errors_did_is_no_advice() -> None:
    warming = at_random("web.2", "warming cache shard {} of 40", 40, start=130, end=280)
    found = judged(ONE_FAILS + work() + warming)
    assert (told(found), looks(found)) == (["warming cache shard <n> of <n>"], [])
    assert told(judged(ONE_FAILS + work() + warming + at_random("web.2", WHY)))[0] == TEMPLATE


def test_what_ended_with_the_errors_is_an_advice() -> None:
    text = web(lambda number, at: 0.6 if number == 2 and at < 290 else 0.0)
    found = judged(text + work() + at_random("web.2", WHY, 40, end=290))
    assert told(found) == [TEMPLATE]
    assert found.only_here is not None
    assert "ONLY HERE names" in found.verdict.not_claimed[0]


def test_what_each_dyno_prints_with_a_name_of_its_own_is_not_named() -> None:
    shards = "".join(
        at_random(f"web.{n}", f'connected to replica {name} in zone "{n}" as node={name}-4', 60)
        for n, name in enumerate(("aarhus", "bergen", "cork", "delft"), 1)
    )
    assert told(judged(ONE_FAILS + work() + shards + at_random("web.2", WHY))) == [TEMPLATE]


def test_what_a_dyno_printed_before_it_failed_is_not_named() -> None:
    text = web(lambda number, at: 0.3 if number == 2 and at > 600 else 0.0)
    found = judged(text + work() + at_random("web.2", "leader: {} jobs planned", 40))
    assert (found.verdict.kind, told(found)) == ("one_dyno", [])


def test_another_log_level_is_told_as_that() -> None:
    debug = "".join(at_random("web.2", f"DEBUG {'step ' * n}took {{}} us", 60) for n in range(14))
    text = web(one_fails, dynos=12) + work(*range(1, 13))
    found = judged(text + debug + at_random("web.2", WHY, 60))
    assert found.only_here is not None
    assert told(found)[0] == TEMPLATE
    assert [text.startswith("DEBUG") for text in told(found)] == [False] + 9 * [True]
    assert "the log level, or the work, may differ" in found.only_here.notes[0]


def test_a_dyno_that_is_gone_is_told_in_the_past() -> None:
    text = web(lambda number, at: 0.3 if number == 2 and at < 700 else 0.0) + restart(700, "web.2", old=OLD, new=NEW)
    found = judged(text + work() + at_random("web.2", WHY, 30, end=690))
    assert found.verdict.replaced
    assert found.only_here is not None
    assert found.only_here.heading == "web.2 printed, its 3 peers in the same time did not:"
    assert looks(found) == []


def test_some_dynos_are_compared_together_and_each_line_names_who_prints_it() -> None:
    text = web(lambda number, at: 0.2 if number in (2, 5) else 0.0, dynos=8) + work(*range(1, 9))
    found = judged(text + at_random("web.2", WHY) + at_random("web.5", WHY) + at_random("web.5", "disk {} is full"))
    assert found.only_here is not None
    assert found.only_here.heading == "web.2 and web.5 print, their 6 peers in the same time do not:"
    assert {line.template: line.dynos for line in found.only_here.lines} == {
        TEMPLATE: ("web.2", "web.5"), "disk <n> is full": ("web.5",),
    }  # fmt: skip


def test_the_whole_app_is_compared_with_the_time_before_its_errors() -> None:
    new = "".join(at_random(f"web.{n}", WHY, 15, start=610) for n in (1, 2, 3, 4))
    found = judged(ALL_FAIL + work() + new)
    assert (found.verdict.kind, told(found)) == ("whole_app", [TEMPLATE])
    assert found.only_here is not None
    assert found.only_here.against == "before"
    assert found.only_here.heading.startswith("new since 12:10 on the web dynos (")
    assert looks(found) == [f'look at "{TEMPLATE}": {found.only_here.lines[0].n} times here, 0 there']
    assert not [action for action in found.actions if "what all dynos share" in action.text]


def test_after_a_release_its_dynos_are_compared_with_those_of_the_release_before() -> None:
    releases = [
        Release(version=version, created_at=NOON + timedelta(seconds=at), status="succeeded")
        for version, at in ((42, -90000), (43, 600))
    ]
    deploy = "".join(restart(602 + n, f"web.{n}") for n in (1, 2, 3, 4))
    banner = "".join(at_random(f"web.{n}", "booted worker {}", 9, start=604 + n, end=630 + n) for n in (1, 2, 3, 4))
    new = "".join(at_random(f"web.{n}", "column {} does not exist", 15, start=640) for n in (1, 2, 3, 4))
    text = web(lambda number, at: 0.3 if at > 612 else 0.0)
    found = judged(text + deploy + banner + work(end=598) + work(start=640) + new, releases=releases)
    assert (found.verdict.kind, told(found)) == ("whole_app", ["column <n> does not exist"])
    assert found.only_here is not None
    assert found.only_here.against == "release_before"
    assert found.only_here.heading.startswith("new since release v43 on the web dynos (")


def test_the_only_dyno_is_compared_with_its_own_time_before() -> None:
    text = web(all_fail, dynos=1) + work(1) + at_random("web.1", WHY, 30, start=610)
    found = judged(text)
    assert (found.verdict.kind, told(found)) == ("single_dyno", [TEMPLATE])
    assert found.only_here is not None
    assert found.only_here.heading.startswith("new since 12:10 on web.1 (")


def life(start: float, seconds: float, dyno: str = "web.1", *texts: str) -> str:
    """A life that prints a banner, works, prints something and crashes."""
    return (
        platform(start, dyno, "Starting process with command `x`")
        + said(start + 2, dyno, "listening on 4711", "worker 7 booted")
        + platform(start + 3, dyno, "State changed from starting to up")
        + "".join(said(start + at, dyno, f"GET /p/{at} done") for at in range(4, int(seconds), 3))
        + said(start + seconds - 0.5, dyno, *texts)
        + platform(start + seconds, dyno, "Process exited with status 1", "State changed from up to crashed")
    )


@pytest.mark.parametrize("last", [("cannot reach redis:4711",), TRACE])
def test_dynos_that_crash_are_compared_with_the_time_before_their_end(last: tuple[str, ...]) -> None:
    text = CALM + work(2, 3, 4) + "".join(life(100 * n, 60, "web.1", *last) for n in range(1, 9))
    found = judged(text)
    assert found.verdict.kind == "crash"
    assert found.only_here is not None
    assert found.only_here.heading.startswith("the 8 dynos that crashed printed at their end, never before")
    (line,) = found.only_here.lines
    assert (line.n, line.peers_n) == (8, 0)
    assert line.example in ("cannot reach redis:4711", "ConnectionError: refused")


@pytest.mark.parametrize("seconds", [8, 20, 60])
def test_a_crash_that_printed_nothing_of_its_own_has_no_line_but_the_banner_either(seconds: float) -> None:
    assert told(judged(CALM + work(2, 3, 4) + "".join(life(100 * n, seconds) for n in range(1, 9)))) == []


@pytest.mark.parametrize("last", [("FATAL: bad licence",), TRACE])
@pytest.mark.parametrize("seconds", [6, 9, 13])
def test_the_last_line_of_lives_of_a_few_seconds_is_named(seconds: float, last: tuple[str, ...]) -> None:
    found = judged(CALM + work(2, 3, 4) + "".join(life(47.3 * n, seconds, "web.1", *last) for n in range(1, 25)))
    assert found.verdict.kind == "crash"
    assert found.only_here is not None
    (line,) = found.only_here.lines
    assert (line.n, line.peers_n) == (24, 0)
    assert line.example in ("FATAL: bad licence", "ConnectionError: refused")


@pytest.mark.parametrize("seconds", [7, 9, 13])
def test_very_short_lives_without_last_words_have_no_line(seconds: float) -> None:
    assert told(judged(CALM + work(2, 3, 4) + "".join(life(47.3 * n, seconds) for n in range(1, 25)))) == []


def test_very_short_runs_that_fail_are_compared_with_those_that_end_well() -> None:
    text = "".join(
        said(60 * n + 1, f"scheduler.{n}", "nightly begins") + run(60 * n + 1, f"scheduler.{n}", *why, status=len(why))
        for n in range(1, 20)
        for why in [("cannot open ledger 7: denied",) if n % 2 else ()]
    )
    found = judged(CALM + text)
    assert (found.verdict.kind, told(found)) == ("job_failed", ["cannot open ledger <n>: denied"])


def test_runs_that_fail_are_compared_with_those_that_end_well() -> None:
    def nightly(n: int, *texts: str, status: int) -> str:
        steps = "".join(said(60 * n + i, f"scheduler.{4000 + n}", f"order {i} sent") for i in range(20))
        return steps + run(60 * n + 19, f"scheduler.{4000 + n}", *texts, status=status)

    text = "".join(nightly(n, *(("no such table: orders",) if n % 2 else ()), status=n % 2) for n in range(1, 20))
    found = judged(CALM + text)
    assert (found.verdict.kind, told(found)) == ("job_failed", ["no such table: orders"])


def test_a_worker_that_raises_is_compared_with_the_other_workers() -> None:
    workers = "".join(at_random(f"worker.{n}", "job {} done", 90) for n in (1, 2, 3))
    random = Random(5)
    raised = "".join(said(random.uniform(0, SECONDS), "worker.2", *TRACE) for _ in range(40))
    found = judged(CALM + workers + raised + at_random("worker.2", "lost the broker, try {}", 30))
    assert found.only_here is not None
    assert found.only_here.heading == "worker.2 prints, its 2 peers in the same time do not:"
    assert {line.kind: line.requests for line in found.only_here.lines} == {"exception": None, "line": None}


def test_an_app_may_print_secrets_and_control_characters() -> None:
    evil = "login failed password=hunter2secret \x1b[2J for ana@example.com"
    found = judged(ONE_FAILS + work() + "".join(at_random("web.2", evil, 30)))
    document = str(diagnosis_document(found)["only_here"])
    assert "login failed" in document
    assert "hunter2secret" not in document
    assert "ana@" not in document


@pytest.mark.parametrize("dyno", ["web.2", "web.3"])
def test_with_dynos_asked_for_only_theirs_are_accused(dyno: str) -> None:
    text = ONE_FAILS + work() + at_random("web.2", WHY)
    found = diagnose(
        log_of_text(text), app=App(name="x"), at=NOON, source=Source(kind="file"), log_filter=Filter(dynos=(dyno,))
    )
    assert told(found) == ([TEMPLATE] if dyno == "web.2" else [])


def test_an_example_shows_no_more_than_its_template() -> None:
    refused = at_random("web.2", "X-Api-Key: abcdefabcdefabcd refused for {}", 40)
    found = judged(ONE_FAILS + work() + refused)
    assert found.only_here is not None
    [line] = found.only_here.lines
    assert line.template == line.example == "X-Api-Key: <secret> refused for <n>"


def test_nobody_is_sent_to_look_at_marks_alone() -> None:
    found = judged(ONE_FAILS + work() + at_random("web.2", "<*> <*> {}", 40))
    assert told(found)
    assert looks(found) == []
