"""`logs --tail` in one process: history, then what is new; breaks, gaps and new dynos where they happen."""

from __future__ import annotations

import json
import re
import shlex

import httpx
import pytest

from herodyno.errors import Unreachable
from herodyno.heroku.log.tail import Pace, Tail
from tests.cli.logs.log_stage import Heroku, Told, logs, text_of
from tests.logs.log_lines import raw

OLD = [raw(f"app[web.1]: old {number}", number) for number in range(20)]
NEW = [raw(f"app[web.{number % 2 + 1}]: new {number}", 700 + number) for number in range(6)]  # after NOW
SHORT = Pace(patience=0.2, tick=0.01)
CUT = httpx.ReadError("connection reset")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.heroku.log.tail.back_off", lambda tries, chance: 0.0)


def tail(*bodies: list[bytes | Exception], words: str = "", terminal: bool = False) -> Told:
    """Tail these sessions; when there are no more, the API is gone for good."""

    class Ending(Heroku):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/log-sessions") and not self.bodies:
                return httpx.Response(401, json={"id": "unauthorized", "message": "the test is over"})
            return super().handle_request(request)

    return logs(Ending(*bodies), "--tail", "--utc", *shlex.split(words), terminal=terminal)


def test_history_then_what_is_new_over_a_break_each_line_once() -> None:
    told = tail([text_of(OLD), text_of(NEW[:2]), NEW[2][:30].encode(), CUT], [text_of(OLD[5:] + NEW)])
    assert told.stdout.splitlines() == OLD + NEW
    assert "no line is missing" in told.stderr
    assert told.code == 4


def test_a_number_is_of_history_only() -> None:
    assert tail([text_of(OLD + NEW)], words="-n 3").stdout.splitlines() == OLD[-3:] + NEW
    assert tail([text_of(OLD + NEW)], words="-n 0").stdout.splitlines() == NEW
    assert tail([text_of(OLD + NEW)], words="-n 0 web.2").stdout.splitlines() == NEW[1::2]


def test_history_is_shown_even_if_nothing_new_comes() -> None:
    assert tail([text_of(OLD)], words="-n 2").stdout.splitlines() == OLD[-2:]


def test_a_gap_is_marked_where_it_is() -> None:
    bodies = [text_of(OLD), CUT], [text_of(NEW)]
    assert tail(*bodies).stdout.splitlines() == OLD + NEW
    shown = tail(*bodies, terminal=True, words="--color never").stdout.splitlines()
    (at,) = [number for number, line in enumerate(shown) if "the connection was lost: lines may be missing" in line]
    assert shown[at - 1].endswith("old 19")
    assert shown[at + 1].endswith("new 0")
    records = [json.loads(line) for line in tail(*bodies, words="--json").stdout.splitlines()]
    assert [record["type"] for record in records] == ["line"] * 20 + ["gap"] + ["line"] * 6


def test_a_new_dyno_under_an_old_name_is_marked() -> None:
    lines = [
        raw("heroku[web.1]: Process exited with status 137", 1),
        raw("heroku[web.1]: Starting process with command `bin/web`", 2),
    ]
    shown = tail([text_of(lines)], terminal=True, words="--color never").stdout
    assert "web.1 is a new dyno from here (exited with status 137)" in shown


def test_statistics_are_drawn_anew_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.cli.logs.stats.REFRESH", 0.0)
    told = tail([text_of(OLD), text_of(NEW)], words="--stats count", terminal=True)
    assert told.stdout.count("\x1b[2F\x1b[J") >= 1
    assert re.sub(r"\x1b\[\d*[FJ]", "", told.stdout).splitlines()[-1].strip() == "26"


def test_a_picture_is_no_taller_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.cli.logs.stats.REFRESH", 0.0)
    monkeypatch.setenv("LINES", "5")
    many = [raw(f"app[web.{number}]: x", number) for number in range(1, 30)]
    told = tail([text_of(many)], words="--stats 'count by dyno'", terminal=True)
    assert {int(up) for up in re.findall(r"\x1b\[(\d+)F", told.stdout)} == {4}


def test_a_picture_of_time_keeps_the_newest_buckets_in_view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.cli.logs.stats.REFRESH", 0.0)
    monkeypatch.setenv("LINES", "4")
    told = tail([text_of(OLD), text_of(NEW)], words="--stats 'count by 1m' --color never", terminal=True)
    last = re.split(r"\x1b\[\d+F\x1b\[J", told.stdout)[-1].splitlines()
    assert [line.split() for line in last] == [["UTC", "count"], ["02:10", "0"], ["02:11", "6"]]
    assert tail([text_of(OLD), text_of(NEW)], words="--stats 'count by 5m' -o csv").stdout.count("\n") == 4


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_rows_for_programs_are_written_as_soon_as_their_time_is_over(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr("herodyno.render.output.Output.write", lambda _, text: written.append(text))
    late = raw("app[web.1]: late", 3)
    told = tail([text_of(OLD), text_of(NEW), text_of([late])], words=f"--stats 'count by 10s' -o {form}")
    first, last = written
    rows = [*first.splitlines(), *last.splitlines()]
    assert first.startswith("time(10s),count\n2026-11-23T02:00:00.000000Z,10\n") == (form == "csv")
    assert len(rows) == (form == "csv") + 71
    assert "1 line came after the rows of their time were written, and are in none" in told.stderr


def test_a_picture_over_time_is_drawn_anew_as_lines_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.cli.logs.stats.REFRESH", 0.0)
    told = tail([text_of(OLD), text_of(NEW)], words="--stats 'count by 1m,dyno' --plot --color never", terminal=True)
    drawn = re.split(r"\x1b\[\d+F\x1b\[J", told.stdout)
    assert len(drawn) >= 2
    assert [line.split()[:3] for line in drawn[-1].splitlines()[1:3]] == [["web.1", "23", "20"], ["web.2", "3", "3"]]


def test_a_table_is_shown_as_lines_come_sized_by_the_first_of_them() -> None:
    told = tail(
        [text_of(OLD[:2])], [text_of(OLD[:2] + NEW[1:2])], words="--table dyno,text --color never", terminal=True
    )
    shown = [line for line in told.stdout.splitlines() if not line.startswith("──")]
    assert shown == ["dyno   text", "web.1  old 0", "web.1  old 1", "web.2  new 1"]


def test_a_storm_ends_with_the_exit_code_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tail.__init__, "__kwdefaults__", {**Tail.__init__.__kwdefaults__, "pace": SHORT})
    told = logs(Storm([text_of(OLD)]), "--tail")
    assert told.stdout.splitlines() == OLD
    assert told.code == Unreachable.exit_code == 6
    assert "did not come back" in told.stderr


class Storm(Heroku):
    """After the first session every connection breaks."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "logs-api.heroku.com" and not self.bodies:
            raise CUT
        return super().handle_request(request)


@pytest.mark.parametrize("chunk", [700, 10**6])
def test_a_flood_with_old_stamps_is_shown_whole_after_the_lines_that_were_kept(chunk: int) -> None:
    kept = [raw(f"app[web.1]: kept {number}", number / 10) for number in range(1_500)]
    flood = [raw(f"app[web.1]: flood {number}", number / 10) for number in range(2_000)]
    data = text_of(kept + flood)
    told = tail([data[at : at + chunk] for at in range(0, len(data), chunk)], words="-n 3")
    assert told.stdout.splitlines() == kept[-3:] + flood


def test_a_flood_with_one_stamp_is_shown_whole_over_a_break() -> None:
    same = raw("app[web.1]: the same")
    told = tail([text_of([same] * 2_000), CUT], [text_of([same] * 1_510)], words="-n 1500")
    assert told.stdout.splitlines() == [same] * 2_010


def test_a_tail_whose_words_fit_nothing_that_was_kept_says_why_and_goes_on() -> None:
    told = tail([text_of(OLD), text_of([NEW[1]])], words="web.2")
    assert "web.2 rules out all 20 lines: they are of web.1\n" in told.stderr
    assert told.stdout.splitlines() == [NEW[1]]
    assert "rules out" not in tail([text_of(OLD + NEW)], words="web.1").stderr
