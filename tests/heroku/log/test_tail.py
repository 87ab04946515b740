"""A tail loses no line and shows none twice, whatever happens to its sessions; what it cannot know it says."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import httpx
import pytest

from herodyno.errors import HerodynoError, NotAuthenticated, NotFound, PlatformFailed, Unreachable
from herodyno.heroku.log.tail import Gap, Pace, Tail, back_off
from herodyno.heroku.net.hosts import LogHosts
from herodyno.logs.events import LogLine
from tests.heroku.faults import Line, Script, faults, hang, head, raw, reply, reset
from tests.heroku.log_server import Body, Cut, GrowingLog, log_of

QUICK = Pace(tick=0.02, patience=0.4)
CHUNKED = head(200, content_type="text/plain", transfer_encoding="chunked")


def chunk(text: str) -> bytes:
    data = text.encode()
    return b"%x\r\n%s\r\n" % (len(data), data)


class Told:
    """What a tail gave."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.gaps: list[Gap] = []
        self.notes: list[str] = []

    def take(self, batch: Sequence[LogLine | Gap]) -> None:
        for item in batch:
            if isinstance(item, Gap):
                self.gaps.append(item)
            else:
                self.lines.append(item.raw)


def tail_on(log: httpx.BaseTransport | None, new_session: Callable[[], str], told: Told, pace: Pace = QUICK) -> Tail:
    return Tail(
        new_session, year=2026, hosts=LogHosts("http://127.0.0.1"), pace=pace,
        note=told.notes.append, httpx_transport=log, chance=lambda: 0.0,
    )  # fmt: skip


def follow(log: GrowingLog, told: Told, pace: Pace = QUICK) -> None:
    """Until the log is written to its end and nothing more comes."""
    news_at = time.monotonic()
    with tail_on(log, log.new_session, told, pace) as tail:
        for batch in tail:
            told.take(batch)
            news_at = time.monotonic() if batch else news_at
            is_quiet = time.monotonic() - news_at > 0.2
            if is_quiet and log.sessions == len(log.plan) and log.written == len(log.lines):
                break
    log.over.set()


def plan_of(count: int, cuts: int, *, seed: int) -> list[Cut]:
    """Sessions that end at random bytes, in the middle of what they repeat too, while more lines go by."""
    dice = random.Random(seed)
    mean = 70 * count // cuts
    breaks = [Cut(dice.randint(0, 1400), dice.randint(1, 2 * mean), dice.random() < 0.3) for _ in range(cuts)]
    return [*breaks, Cut(5, None)]


def test_a_tail_says_whether_a_session_sends_now() -> None:
    log = GrowingLog(log_of(40), [Cut(away=40, gives=None)])
    with tail_on(log, log.new_session, Told()) as tail:
        assert not tail.is_open
        for batch in tail:
            if batch:
                break
        assert tail.is_open
    log.over.set()


@pytest.mark.parametrize("sse", [False, True], ids=["text", "sse"])
@pytest.mark.parametrize("seed", [1, 2])
def test_c13_c14_c20_no_line_is_lost_or_doubled_over_forced_reconnects(seed: int, sse: bool) -> None:
    lines, told = log_of(20_000, seed=seed), Told()
    log = GrowingLog(lines, plan_of(20_000, 20, seed=seed), seed=seed, sse=sse)
    follow(log, told)
    assert Counter(told.lines) == Counter(lines)
    assert told.gaps == []
    assert log.sessions == 21
    assert all(note.endswith("no line is missing") for note in told.notes)


@pytest.mark.slow
def test_a_million_lines_over_200_reconnects_at_random_bytes() -> None:
    lines, told = log_of(1_000_000), Told()
    log = GrowingLog(lines, plan_of(700_000, 200, seed=7), seed=7)
    follow(log, told)
    assert log.sessions == 201
    assert Counter(told.lines) == Counter(lines)


def test_order_of_arrival_is_kept() -> None:
    lines, told = log_of(3000), Told()
    follow(GrowingLog(lines, [Cut(0, 40_000), Cut(100, None)]), told)
    assert told.lines == lines  # C18: late lines stay where they came


def test_lines_that_went_by_unseen_make_a_gap_where_they_are_missing() -> None:
    lines, told = log_of(8000), Told()
    follow(GrowingLog(lines, [Cut(0, 20_000), Cut(5000, None, loses=True)]), told)
    assert len(told.gaps) == 1
    assert told.gaps[0].since is not None
    assert [note for note in told.notes if "lines may be missing" in note]
    missing = Counter(lines) - Counter(told.lines)
    assert sum(missing.values()) > 3000
    assert not Counter(told.lines) - Counter(lines)


class Fir(httpx.BaseTransport):
    """Sessions without history: each gives a new line every few milliseconds from the moment it is opened."""

    def __init__(self, *, lasts: int) -> None:
        self.lasts, self.sessions, self.began = lasts, 0, time.monotonic()

    def new_session(self) -> str:
        return "https://logs-api.heroku.com/fir"

    def line(self, number: int) -> str:
        return f"2026-11-23T02:00:00.{number:06}+00:00 app[web-848cd4f64d-pvpr2]: {number}"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sessions += 1
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Body(self._body))

    def _body(self) -> Iterator[bytes]:
        number = int((time.monotonic() - self.began) * 500)
        for _ in range(self.lasts):
            while (now := int((time.monotonic() - self.began) * 500)) <= number:
                time.sleep(0.002)
            yield "".join(f"data: {self.line(each)}\n\n" for each in range(number, now)).encode()
            number = now


def test_fir_sessions_are_renewed_before_they_end_and_nothing_falls_between() -> None:
    fir, told = Fir(lasts=10_000), Told()
    with tail_on(fir, fir.new_session, told, Pace(renew=0.15, overlap=0.05, tick=0.02)) as tail:
        for batch in tail:
            told.take(batch)
            if fir.sessions >= 5:
                break
    numbers = [int(text.rpartition(" ")[2]) for text in told.lines]
    assert sorted(numbers) == list(range(min(numbers), max(numbers) + 1))
    assert told.gaps == told.notes == []


def test_fir_breaks_make_a_gap_since_nothing_is_kept() -> None:
    fir, told = Fir(lasts=20), Told()
    with tail_on(fir, fir.new_session, told) as tail:
        for batch in tail:
            told.take(batch)
            if fir.sessions >= 3 and batch:
                break
    assert len(told.gaps) == fir.sessions - 1
    assert all("lines may be missing" in note for note in told.notes)


def test_sessions_are_renewed_before_those_of_fir_end() -> None:
    assert Pace().renew + Pace().overlap < 15 * 60


def served(scripts: Sequence[Script], *, until: Callable[[Told], bool], pace: Pace = QUICK) -> tuple[Told, int]:
    """What a tail gives over real sockets, and how many sessions it read."""
    told = Told()
    with faults(*scripts) as server, tail_on(None, lambda: f"{server.url}/sessions/7", told, pace) as tail:
        for batch in tail:
            told.take(batch)
            if until(told):
                break
        return told, len(server.asked)


FIRST, SECOND, THIRD = log_of(3, seed=5)


def test_c14_a_reset_is_followed_by_a_new_session_and_a_note() -> None:
    broken = raw(CHUNKED + chunk(FIRST + "\n" + SECOND[:40]), then=reset)
    again = raw(CHUNKED + chunk(f"{FIRST}\n{SECOND}\n{THIRD}\n"), then=hang)
    told, sessions = served([broken, again], until=lambda told: len(told.lines) == 3)
    assert told.lines == [FIRST, SECOND, THIRD]
    assert told.notes == ["reconnected, gap of 0 s: no line is missing"]
    assert sessions == 2


@pytest.mark.parametrize("status", [403, 404, 410])
def test_c15_an_expired_session_is_replaced(status: int) -> None:
    gone = reply(status, b"Not found", content_type="text/plain")
    whole = raw(CHUNKED + chunk(FIRST + "\n"), then=hang)
    told, sessions = served([whole_then_end(FIRST), gone, gone, whole], until=lambda told: bool(told.notes))
    assert told.lines == [FIRST]
    assert sessions == 4


def whole_then_end(text: str) -> Script:
    return raw(CHUNKED + chunk(text + "\n") + b"0\r\n\r\n")


def test_c16_a_silent_session_is_renewed_and_told_once() -> None:
    silent = raw(CHUNKED + chunk(FIRST + "\n"), then=hang)
    speaks = raw(CHUNKED + chunk(f"{FIRST}\n{SECOND}\n"), then=hang)
    pace = Pace(idle=0.1, overlap=0.02, tick=0.02)
    told, sessions = served([silent, silent, silent, speaks], until=lambda told: len(told.lines) == 2, pace=pace)
    assert (told.lines, told.gaps) == ([FIRST, SECOND], [])
    assert told.notes == ["no line for 0 s: going on with a new log session"]
    assert sessions == 4


def test_heartbeats_keep_a_session_alive() -> None:
    def beat(line: Line) -> None:
        line.connection.sendall(CHUNKED + chunk(FIRST + "\n"))
        while not line.stop.wait(0.03):
            line.connection.sendall(chunk("\0"))

    began = time.monotonic()
    pace = Pace(idle=0.15, overlap=0.02, tick=0.02)
    told, sessions = served([beat], until=lambda told: time.monotonic() - began > 0.5, pace=pace)
    assert (told.lines, sessions) == ([FIRST], 1)


def test_c17_a_reconnect_storm_ends_after_its_patience() -> None:
    with pytest.raises(Unreachable, match="did not come back") as told:
        served([whole_then_end(FIRST), reset], until=lambda told: False)
    assert told.value.exit_code == 6


def test_a_first_session_that_fails_is_told_at_once() -> None:
    with pytest.raises(Unreachable):
        served([reset], until=lambda told: False)
    with pytest.raises(PlatformFailed):
        served([reply(503, b"")], until=lambda told: False)
    with pytest.raises(NotFound):
        served([reply(404, b"")], until=lambda told: False)


def asks(*answers: str | HerodynoError) -> Callable[[], str]:
    """What the API says to each wish for a session; the last answer again and again."""
    left = list(answers)

    def ask() -> str:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, HerodynoError):
            raise answer
        return answer

    return ask


def test_an_api_that_fails_for_a_while_is_asked_again_but_a_lost_login_is_told() -> None:
    log, told = GrowingLog(log_of(2000), [Cut(0, 20_000), Cut(0, 20_000), Cut(0, None)]), Told()
    url = log.new_session()
    ask = asks(url, Unreachable("away"), PlatformFailed("down"), url, NotAuthenticated("token gone"))
    with tail_on(log, ask, told) as tail, pytest.raises(NotAuthenticated):
        told.lines += [item.raw for batch in tail for item in batch if isinstance(item, LogLine)]
    assert log.sessions == 2
    assert not Counter(told.lines) - Counter(log.lines)


def test_c24_a_reader_that_stops_holds_back_the_server() -> None:
    lines = log_of(200_000)
    log, told = GrowingLog(lines, [Cut(0, None)]), Told()
    with tail_on(log, log.new_session, told) as tail:
        for batch in tail:
            told.take(batch)
            if batch:
                break
        time.sleep(0.3)
        assert log.written < 40_000  # what lies in the queue: 32 chunks


def test_an_unexpected_failure_is_not_swallowed() -> None:
    class Broken(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), tail_on(Broken(), lambda: "https://logs-api.heroku.com/x", Told()) as tail:
        next(iter(tail))


@pytest.mark.parametrize(("tries", "roof"), [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (6, 30), (10_000, 30)])
def test_c17_the_wait_before_the_next_session_lies_anywhere_below_a_doubling_bound(tries: int, roof: float) -> None:
    assert back_off(tries, 0.0) == 0
    assert back_off(tries, 0.5) == roof / 2
    assert back_off(tries, 1.0) == roof
