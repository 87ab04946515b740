"""What is over is told in the past, with its end and one severity lower, in every form of the answer alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.render.diagnosis.document import diagnosis_document
from herodyno.render.diagnosis.nagios import nagios_code, nagios_line
from herodyno.render.diagnosis.report import diagnosis_lines, verdict_again
from tests.cli.schemas import valid
from tests.diagnosis.reading import NOON, judged, request, stamp
from tests.diagnosis.traffic import restart, served

SECONDS = 1200.0
# The outage begins after four minutes and ends after ten. Then come ten clean minutes.
BEGAN, ENDED = 240.0, 600.0
PRESENT = re.compile(r"\b(?:is|are|fails?|stands|causes?)\b")


def outage(began: float = BEGAN, ended: float = ENDED) -> Callable[[int, float], float]:
    return lambda _, at: 0.25 if began <= at < ended else 0.0


def one_bad(number: int = 2, ended: float = ENDED) -> Callable[[int, float], float]:
    return lambda own, at: 0.4 if own == number and BEGAN <= at < ended else 0.0


def api(seconds: float, text: str) -> str:
    return f"{stamp(seconds)} app[api]: {text} by user ops@example.com\n"


def crash(at: float, dyno: str = "web.1", *, back: float = 2.0) -> str:
    return (
        f"{stamp(at)} heroku[{dyno}]: Process exited with status 1\n"
        f"{stamp(at + 0.2)} heroku[{dyno}]: State changed from up to crashed\n"
        f"{stamp(at + back)} heroku[{dyno}]: State changed from crashed to starting\n"
        f"{stamp(at + back + 1)} heroku[{dyno}]: Starting process with command `x`\n"
        f"{stamp(at + back + 4)} heroku[{dyno}]: State changed from starting to up\n"
    )


def told(text: str, *, seconds: float = SECONDS) -> Diagnosis:
    return judged(text, at=NOON + timedelta(seconds=seconds))


def says_the_same_everywhere(found: Diagnosis) -> None:
    """Text, JSON, the line for monitoring and the last lines of a long report agree on the tense."""
    document = valid(json.dumps(diagnosis_document(found)))
    verdict, first = document["verdict"], document["findings"][0]
    text = " ".join(" ".join(span.text for span in line) for line in diagnosis_lines(found, width=None, utc=True))
    again = " ".join(" ".join(span.text for span in line) for line in verdict_again(found, width=100))
    for key in ("ongoing", "ended_at", "ended_with", "severity"):
        assert verdict[key] == first[key]
    assert (verdict["ongoing"] is False) == (verdict["ended_at"] is not None) == (verdict["ended_with"] is not None)
    for form in (text, nagios_line(found), " ".join(again.split()), first["sentence"]):
        assert found.verdict.summary in form
    is_past = "over since" in found.verdict.summary or "replaced" in found.verdict.summary
    assert is_past == (found.verdict.ongoing is False)
    assert ("so it may be over" in found.verdict.summary) == (
        found.verdict.ongoing is None and found.verdict.kind not in ("nothing_found", "not_enough_data")
    )
    if found.verdict.ongoing is False:
        assert not PRESENT.search(found.verdict.summary)
        assert found.verdict.severity != "critical"
        assert not any(action.mutates or "look at" in action.text for action in found.actions)
        assert nagios_line(found).startswith(("WARNING", "OK"))
        assert nagios_code(found) == {20: 2, 10: 1, 0: 0}[exit_code(found)] < 2


@pytest.mark.parametrize(
    ("change", "ended_with", "words"),
    [
        ("", "itself", "over since 12:09"),
        (api(ENDED - 5, "Rollback to v41") + api(ENDED - 5, "Release v43 created"), "rollback", "rollback to v41 at"),
        (api(ENDED - 20, "Release v43 created"), "release", "release v43 at 12:09"),
        (
            api(30, "Scaled to web@4:Standard-1X") + api(ENDED, "Scaled to web@8:Standard-1X"),
            "scale",
            "web scaled from 4 to 8 at 12:10",
        ),
        ("".join(restart(ENDED + n, f"web.{n}") for n in range(1, 5)), "restart", "4 web dynos restarted at 12:10"),
    ],
)
def test_an_outage_of_the_whole_app_that_is_over(change: str, ended_with: str, words: str) -> None:
    found = told(served(outage()) + change)
    verdict = found.verdict
    assert (verdict.kind, verdict.ongoing, verdict.severity) == ("whole_app", False, "warning")
    assert (verdict.ended_with, exit_code(found)) == (ended_with, 10)
    assert verdict.ended_at is not None
    assert abs(verdict.ended_at.timestamp() - NOON.timestamp() - ENDED) < 60
    assert "errors were spread over all 4 web dynos" in verdict.summary
    assert words in verdict.summary
    assert any(
        sentence.startswith("It is over: none since 12:") and "would have failed" in sentence
        for sentence in verdict.details
    )
    says_the_same_everywhere(found)


@pytest.mark.parametrize("seed", range(3))
def test_an_outage_that_goes_on_to_the_end_is_told_in_the_present(seed: int) -> None:
    found = told(served(outage(ended=SECONDS), seed=seed))
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("whole_app", True, "critical")
    assert "errors are spread over" in found.verdict.summary
    says_the_same_everywhere(found)


def test_a_last_error_of_some_minutes_ago_on_a_quiet_app_may_be_over_or_not() -> None:
    def some(_: int, at: float) -> float:
        return 0.06 if BEGAN <= at < 1120 else 0.0

    found = told(served(some, pace=0.25, seed=3))
    assert (found.verdict.kind, found.verdict.ongoing) == ("whole_app", None)
    assert "; last error 1 min" in found.verdict.summary
    assert found.verdict.severity == "critical"
    says_the_same_everywhere(found)


@pytest.mark.parametrize("rates", [outage(ended=SECONDS - 20), one_bad(ended=SECONDS - 25)])
def test_errors_that_stopped_seconds_ago_may_be_over_or_not(rates: Callable[[int, float], float]) -> None:
    found = told(served(rates, pace=3.0))
    assert found.verdict.ongoing is None
    assert re.search(r"; last error 2\d s ago, so it may be over", found.verdict.summary)
    says_the_same_everywhere(found)


def test_errors_at_the_end_of_a_log_of_hours_ago_may_be_over() -> None:
    text = served(outage(ended=SECONDS))
    found = judged(text, at=NOON + timedelta(seconds=SECONDS, hours=3))
    assert (found.verdict.kind, found.verdict.ongoing) == ("whole_app", None)
    assert "; last error 3 h ago, so it may be over" in found.verdict.summary
    assert judged(text, at=NOON + timedelta(seconds=SECONDS, minutes=4)).verdict.ongoing is True


def test_one_dyno_that_healed_is_not_restarted() -> None:
    found = told(served(one_bad()))
    verdict = found.verdict
    assert (verdict.kind, verdict.ongoing, verdict.severity, verdict.replaced) == ("one_dyno", False, "warning", False)
    assert "web.2 (id unknown) caused" in verdict.summary
    assert found.actions[0].text == "nothing to restart now: it is over; see whether it comes back"
    row = found.incarnations[0]
    assert (row.dyno, row.outlier.verdict, row.outlier.ongoing) == ("web.2", "outlier", False)
    text = "\n".join("".join(span.text for span in line) for line in diagnosis_lines(found, width=None, utc=True))
    assert re.search(r"^web\.2  !  .* outlier, over since 12:0\d:\d\d$", text, re.MULTILINE)
    says_the_same_everywhere(found)


def test_one_dyno_that_was_replaced_is_over_with_its_end() -> None:
    def bad(own: int, at: float) -> float:
        return 0.4 if own == 2 and at < ENDED else 0.0

    found = told(served(bad) + restart(ENDED, "web.2"))
    verdict = found.verdict
    assert (verdict.kind, verdict.ongoing, verdict.replaced, verdict.ended_with) == ("one_dyno", False, True, "restart")
    assert "already replaced at 12:10" in verdict.summary
    says_the_same_everywhere(found)


def test_the_only_dyno_that_failed_is_over_as_well() -> None:
    found = told(served(outage(), dynos=1))
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("single_dyno", False, "warning")
    assert "requests failed on web.1" in found.verdict.summary
    assert not any("scale" in action.argv for action in found.actions)
    says_the_same_everywhere(found)


def test_a_crash_loop_that_ended_is_over_and_one_that_goes_on_is_not() -> None:
    loop = "".join(crash(BEGAN + 25 * n) for n in range(8))
    over = told(served(lambda *_: 0.0) + loop)
    assert (over.verdict.kind, over.verdict.ongoing, over.verdict.severity) == ("crash", False, "info")
    assert exit_code(over) == 0
    assert nagios_line(over).startswith("OK: CRASHES, web.1 crashed 8 times")
    says_the_same_everywhere(over)

    until = BEGAN + 25 * 8
    on = told(served(lambda *_: 0.0, seconds=until) + loop, seconds=until)
    assert (on.verdict.kind, on.verdict.ongoing, on.verdict.severity) == ("crash", True, "warning")


def test_one_crash_a_moment_ago_may_be_over_or_not() -> None:
    found = told(served(lambda *_: 0.0, seconds=ENDED + 20) + crash(ENDED), seconds=ENDED + 20)
    assert (found.verdict.kind, found.verdict.ongoing) == ("crash", None)
    assert "last crash 20 s ago, so it may be over" in found.verdict.summary
    says_the_same_everywhere(found)


def test_what_is_over_gives_way_to_what_goes_on_and_is_graver() -> None:
    down = f"{stamp(1150)} heroku[worker.1]: Process exited with status 1\n"
    found = told(served(one_bad()) + f"{stamp(1)} app[worker.1]: x\n" + down)
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("crash", True, "critical")
    assert [finding.ongoing for finding in found.findings if finding.kind == "one_dyno"] == [False]


def unnamed(seconds: float, code: str) -> str:
    return (
        f'{stamp(seconds)} heroku[router]: at=error code={code} desc="x" method=GET path="/" '
        f'host=example-app.herokuapp.com request_id=5a fwd="192.0.2.7" dyno= connect= service= status=503 '
        "bytes= protocol=https\n"
    )


@pytest.mark.parametrize(("until", "ongoing"), [(ENDED, False), (SECONDS, True), (1080.0, None)])
def test_errors_that_name_no_dyno_have_a_tense(until: float, ongoing: bool | None) -> None:
    every = 4.0 if ongoing is not None else 60.0
    lost = "".join(unnamed(BEGAN + every * n, "H99") for n in range(int((until - BEGAN) / every)))
    found = told(served(lambda *_: 0.0, dynos=3, pace=1.0 if ongoing is not None else 0.1) + lost)
    assert (found.verdict.kind, found.verdict.ongoing) == ("no_dyno_named", ongoing)
    assert ("named no dyno" in found.verdict.summary) == (ongoing is False)
    assert found.verdict.severity == ("warning" if ongoing is False else "critical")
    says_the_same_everywhere(found)


def test_an_app_that_was_scaled_to_zero_and_back_is_over() -> None:
    zero = api(BEGAN, "Scaled to web@0:Standard-1X") + "".join(unnamed(BEGAN + 5 * n, "H14") for n in range(1, 70))
    back = api(ENDED, "Scaled to web@4:Standard-1X")

    def serving(begin: float, end: float) -> str:
        lines = served(lambda *_: 0.0).splitlines(keepends=True)
        return "".join(line for line in lines if stamp(begin) <= line[:32] < stamp(end))

    found = told(serving(0, BEGAN) + zero + back + serving(ENDED, SECONDS))
    verdict = found.verdict
    assert (verdict.kind, verdict.ongoing, verdict.severity) == ("scaled_to_zero", False, "warning")
    assert verdict.summary.startswith("no web dyno ran: 69 requests answered with H14; over since 12:09 (web scaled")
    assert verdict.ended_with == "scale"
    says_the_same_everywhere(found)


@pytest.mark.parametrize(("until", "ongoing"), [(ENDED, False), (SECONDS, True)])
def test_clients_that_left_have_a_tense(until: float, ongoing: bool) -> None:
    times = [BEGAN + 2 * n for n in range(int((until - BEGAN) / 2))]
    left = "".join(request(at, f"web.{n % 4 + 1}", code="H27", status=499) for n, at in enumerate(times))
    found = told(served(lambda *_: 0.0) + left)
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.severity) == ("clients", ongoing, "info")
    assert nagios_line(found).startswith("OK: CLIENTS LEAVING, ")
    says_the_same_everywhere(found)


def test_a_dyno_that_was_slower_is_a_finding_and_one_that_is_slower_is_the_verdict() -> None:
    def slow(until: float) -> Diagnosis:
        times = [at / 2 for at in range(0, 1600, 4)]
        return told(
            "".join(
                request(at, f"web.{number}", service=900 if number == 2 and at < until else 90)
                for at in times
                for number in (1, 2, 3)
            ),
            seconds=800,
        )

    assert (slow(800).verdict.label, slow(800).verdict.ongoing) == ("SLOWER", True)
    says_the_same_everywhere(slow(800))
    was = slow(600)
    assert (was.verdict.kind, exit_code(was)) == ("nothing_found", 0)
    (finding,) = [finding for finding in was.findings if finding.kind == "latency_outlier"]
    assert (finding.ongoing, finding.severity, finding.ended_with) == (False, "info", "itself")
    assert finding.sentence.startswith("web.2 (id unknown) was slower than its peers")


def test_nothing_found_has_no_tense() -> None:
    found = told(served(lambda *_: 0.0))
    assert (found.verdict.kind, found.verdict.ongoing, found.verdict.ended_at) == ("nothing_found", None, None)
    says_the_same_everywhere(found)


def test_times_are_aware() -> None:
    ended_at = told(served(outage())).verdict.ended_at
    assert isinstance(ended_at, datetime)
    assert ended_at.tzinfo is UTC


@pytest.mark.parametrize(("began", "ended"), [(240, 360), (120, 600), (500, 560)])
def test_the_beginning_of_what_is_over_is_found_by_what_came_before_its_end(began: float, ended: float) -> None:
    found = told(served(outage(began, ended)))
    begun = next(sentence for sentence in found.verdict.details if sentence.startswith("They began about 12:"))
    assert "0 % before (0 of " in begun
    assert not any("too few requests" in sentence for sentence in found.verdict.details)
