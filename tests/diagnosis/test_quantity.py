"""How many dynos run is said only where a source knows: API, list of dynos, scale line; a log gives a lower bound."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.dynos import App, Dyno, Formation
from tests.diagnosis.reading import NOON, failed, judged, log_of_text, request, sample, stamp
from tests.diagnosis.traffic import OLD, errors, traffic
from tests.real_parts import case_bytes


def words(found: Diagnosis) -> str:
    """Verdict and advice as one text."""
    advice = [f"{' '.join(action.argv)} {action.text} {action.effect} {action.risk}" for action in found.actions]
    verdict = found.verdict
    return "\n".join([*found.app.headline, verdict.label, verdict.summary, *verdict.details, *advice])


def excerpt(dyno: str) -> str:
    """The lines of one dyno, as `grep web.3` leaves them."""
    return "".join(failed(i * 3, dyno) if i % 20 == 19 else request(i * 3, dyno) for i in range(400))


def scaled(seconds: float, formation: str) -> str:
    """A line of app[api] about the formation."""
    return f"{stamp(seconds)} app[api]: Scaled to {formation} by user ops@example.com\n"


def crashed(seconds: float, dyno: str) -> str:
    """A dyno that crashes and stays down."""
    return (
        f"{stamp(seconds)} heroku[{dyno}]: Starting process with command `node app.js`\n"
        f"{stamp(seconds + 5)} heroku[{dyno}]: Process exited with status 1\n"
        f"{stamp(seconds + 5.1)} heroku[{dyno}]: State changed from starting to crashed\n"
    )


@pytest.mark.parametrize("name", ["43-filtered-web3.log", "43-grep-web2.log", "43-filtered-worker3.log"])
def test_an_excerpt_of_one_dyno_makes_no_claim_of_the_others(name: str) -> None:
    found = judged(case_bytes(name).decode())

    assert "in this file" in words(found)
    assert "at least" in found.app.headline[0]
    for claim in ("ALL DOWN", "SINGLE DYNO", "all capacity", "runs meanwhile", "scale web", "scale worker"):
        assert claim not in words(found)


@pytest.mark.parametrize(("dyno", "least"), [("web.1", 1), ("web.2", 2), ("web.7", 7)])
def test_the_number_of_a_dyno_proves_the_dynos_below_it(dyno: str, least: int) -> None:
    found = judged(excerpt(dyno))

    assert found.verdict.label == "NO PEERS"
    assert "the only web dyno in this file" in found.verdict.summary
    assert (f"at least {least} web dynos" in words(found)) == (least > 1)
    assert not any(action.argv[1:2] == ("scale",) for action in found.actions)


@pytest.mark.parametrize(
    ("kind", "since", "this"),
    [
        ("file", None, "this file"),
        ("stdin", None, "this file"),
        ("bundle", None, "this log"),
        ("archive", None, "this archive"),
        ("log-session", None, "this log session"),
        ("archive", NOON, "this window"),
    ],
)
def test_what_was_judged_is_called_what_it_is(kind: str, since: datetime | None, this: str) -> None:
    log_filter = Filter(since=lambda _: since) if since else Filter()
    for lines in (excerpt("web.2"), crashed(10, "web.1"), traffic(4, 300) + errors("web.2", 30)):
        found = diagnose(
            log_of_text(lines), app=App(name="example-app"), at=NOON, source=Source(kind=kind), log_filter=log_filter
        )
        told = set(re.findall(r"(?<!seen in )this (?:file|archive|window|log session|log)", words(found)))
        assert told == {this}, lines[:80]


def test_a_formation_of_one_is_a_single_dyno_and_a_second_is_added_not_set() -> None:
    found = judged(excerpt("web.1"), formation=[Formation(type="web", quantity=1)])

    assert found.verdict.label == "SINGLE DYNO"
    assert "the only web dyno:" in found.verdict.summary
    assert any(action.argv[:3] == ("herodyno", "scale", "web+1") for action in found.actions)


def test_a_scale_line_knows_the_quantity_too() -> None:
    assert judged(scaled(0, "web@1:Basic worker@2:Basic") + excerpt("web.1")).verdict.label == "SINGLE DYNO"

    of_three = judged(scaled(0, "web@3:Basic") + excerpt("web.1"))

    assert of_three.app.headline == ("web: 1 of 3 in this file",)
    assert "3 web dynos are wanted (scale line)" in words(of_three)


def test_a_dyno_beyond_the_last_scale_line_shows_that_a_later_one_is_missing() -> None:
    found = judged(scaled(0, "web@1:Basic") + excerpt("web.4"))

    assert found.app.headline == ("web: 1 in this file, at least 4 wanted",)


def test_a_list_of_dynos_knows_the_quantity() -> None:
    dynos = [Dyno(name=f"web.{n}", type="web", state="up") for n in (1, 2, 3)]

    found = judged(excerpt("web.2"), dynos)

    assert (found.verdict.kind, found.verdict.label) == ("single_dyno", "NO PEERS")
    assert "3 web dynos are wanted (dynos)" in words(found)


def test_a_restart_advised_from_a_log_alone_makes_no_claim_of_capacity() -> None:
    text = traffic(4, 300) + errors("web.2", 30)

    alone = judged(text)
    with_formation = judged(text, formation=[Formation(type="web", quantity=4)])

    assert "3 of 4 web dynos in this file keep serving" in words(alone)
    assert "25 % of capacity" not in words(alone)
    assert "3 of 4 web dynos keep serving" in words(with_formation)
    assert "25 % of capacity is gone" in words(with_formation)


def test_a_worker_over_its_quota_alone_in_the_file_may_have_others_beside_it() -> None:
    first = judged("".join(sample(i * 20, "worker.1", OLD, 700, swap=188) for i in range(12)))
    third = judged("".join(sample(i * 20, "worker.3", OLD, 700, swap=188) for i in range(12)))

    assert "worker.1 is the only worker dyno in this file" in words(first)
    assert "only worker dyno" not in words(third)
    assert "2 other worker dynos or more are wanted" in words(third)


@pytest.mark.parametrize(("lines", "label", "code"), [
    (crashed(10, "web.1"), "DOWN", 20),
    (crashed(10, "web.1") + crashed(20, "web.2"), "DOWN", 20),
    (crashed(10, "web.3"), "CRASHES", 10),
    (scaled(0, "web@1:Basic") + crashed(10, "web.1"), "ALL DOWN", 20),
    (scaled(0, "web@2:Basic") + crashed(10, "web.1"), "CRASHES", 10),
])  # fmt: skip
def test_all_down_is_said_where_the_quantity_is_known(lines: str, label: str, code: int) -> None:
    found = judged(lines)

    assert (found.verdict.label, exit_code(found)) == (label, code)
    assert ("in this file" in found.verdict.summary) == (label == "DOWN")
    assert all(action.argv[2:3] != ("web",) for action in found.actions if label != "ALL DOWN")


def test_what_was_scaled_to_zero_is_not_down() -> None:
    found = judged(case_bytes("11-web0-on-purpose.log").decode())

    assert exit_code(found) == 0
    assert found.app.headline == ("web: none wanted", "worker: 1")
    assert "web was scaled to 0" in found.verdict.summary
    assert not any(action.mutates for action in found.actions)


@pytest.mark.parametrize(("lines", "kind", "code"), [
    (crashed(10, "worker.1") + scaled(60, "web@1:Basic worker@0:Basic"), "worker", 0),
    (crashed(10, "web.1") + crashed(20, "web.2") + scaled(60, "web@0:Basic"), "web", 0),
    (crashed(10, "web.2") + scaled(60, "web@1:Basic"), "web", 0),
    (crashed(10, "web.1") + scaled(60, "web@0:Basic") + scaled(90, "web@1:Basic") + crashed(100, "web.1"), "web", 20),
])  # fmt: skip
def test_the_last_scaling_is_what_is_wanted(lines: str, kind: str, code: int) -> None:
    found = judged(lines)

    assert exit_code(found) == code
    assert ("was scaled to" in found.verdict.summary) == (code == 0)


def test_a_formation_of_zero_wants_no_dyno_either() -> None:
    found = judged(crashed(10, "worker.1"), [], formation=[Formation(type="worker", quantity=0)])

    assert exit_code(found) == 0


def h14(seconds: float) -> str:
    """A request that no web dyno could answer."""
    return (
        f'{stamp(seconds)} heroku[router]: at=error code=H14 desc="No web processes running" method=GET path="/" '
        'host=example-app.herokuapp.com request_id=5a fwd="192.0.2.7" dyno= connect= service= status=503 bytes=\n'
    )


@pytest.mark.parametrize(("before", "word"), [
    (scaled(0, "web@4:Standard-1X"), "web=4"),
    ("".join(f"{stamp(11)} heroku[web.{n}]: Stopping all processes with SIGTERM\n"
             f"{stamp(12)} heroku[web.{n}]: Process exited with status 143\n" for n in (1, 2, 3)), "web=3"),
    ("", "web=1"),
])  # fmt: skip
def test_after_scaling_to_zero_the_advice_is_what_stood_there_before(before: str, word: str) -> None:
    found = judged(before + scaled(10, "web@0:Standard-1X") + "".join(h14(60 + i) for i in range(30)))

    assert found.verdict.kind == "scaled_to_zero"
    assert found.actions[0].argv[:3] == ("herodyno", "scale", word)


def test_h14_without_a_scale_line_adds_a_dyno_and_sets_no_number() -> None:
    found = judged("".join(h14(60 + i) for i in range(30)))

    assert found.actions[0].argv[:3] == ("herodyno", "scale", "web+1")
