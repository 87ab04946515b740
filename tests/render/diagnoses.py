"""Hand-made diagnoses: one for each situation a report must put into words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from herodyno.diagnosis.report.only_here import OnlyHere, OnlyHereLine
from herodyno.diagnosis.report.report import (
    Action,
    Answered,
    ApiUse,
    AppFacts,
    Change,
    Coverage,
    Diagnosis,
    Evidence,
    Finding,
    Method,
    Requests,
    Section,
    Unattributed,
    Verdict,
)
from herodyno.diagnosis.report.row import (
    Errors,
    IncarnationRow,
    Latency,
    LatePart,
    Memory,
    Outlier,
    RequestSummary,
    TimeSpan,
    Trend,
)
from herodyno.diagnosis.report.series import Clock, Series

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)
METHOD = Method(alpha=0.01, correction="holm", burst_gap_s=5, min_requests=50, min_peer_requests=100, tool_version="0")
SHORT = Trend(kind="not_assessed", reason="6 min seen, needs 90 min")


def memory(last: float, *, swap: float = 0.0, r14: int = 0, trend: Trend = SHORT) -> Memory:
    return Memory(
        n=18, last_mb=last, last_pct=last / 5.12, max_mb=last, quota_mb=512, quota_source="sample",
        max_pct=last / 5.12, swap_mb=swap, swap_in_pages_per_s=None, r14=r14, r14_episodes=1 if r14 else 0,
        r15=0, r15_limit_mb=1024, over_quota_samples=r14, trend=trend,
    )  # fmt: skip


def dyno(name: str, dyno_id: str | None, *, requests: int = 0, failed: int = 0, hours: float = 4.03,
         verdict: str = "not_outlier", rate: float | None = None, ci: tuple[float, float] | None = None,
         p95: int | None = None, codes: tuple[tuple[str, int], ...] = (), paths: tuple[tuple[str, int], ...] = (),
         mem: Memory | None = None, **other: object) -> IncarnationRow:  # fmt: skip
    whole = IncarnationRow(
        dyno=name, id=dyno_id, id_source="api+runtime-metrics" if dyno_id else "unknown", type=name.split(".")[0],
        size="Standard-1X", release=412, state="up", start=NOW - timedelta(hours=hours), end=None, end_reason=None,
        exit_status=None, daily_cycle=None, lines=400,
        requests=RequestSummary(n=requests, share=requests / 817 if requests else None, p50_ms=180, p95_ms=p95),
        errors=Errors(n=failed, bursts=failed, share=failed / 48 if requests else None, by_code=codes, rate=rate,
                      rate_ci95=ci, paths=paths),
        outlier=Outlier(tested=verdict in ("outlier", "not_outlier"), test="moments-in-shared-time", requests=requests,
                        errors=failed, expected=1.5, peer_requests=600, peer_errors=4, unshared_errors=0,
                        uneven=verdict == "outlier", apart=verdict == "outlier", p_adjusted=None, rate_ratio=None,
                        rate_ratio_low=None, sustained=None, verdict=verdict),  # type: ignore[arg-type] # a word of the closed set
        latency=Latency(assessed=False, slower=False, p50_ms=None, peers_p50_ms=None, buckets=None),
        memory=mem or replace(memory(300), n=0, last_mb=None, last_pct=None, max_mb=None, max_pct=None),
    )  # fmt: skip
    return replace(whole, **other)  # type: ignore[arg-type] # the caller names fields of Incarnation


COVERAGE = Coverage(
    source="log-session", lines=1500, cap=1500, cap_reached=True, start=NOW - timedelta(seconds=372), end=NOW,
    seconds=372.0, lost_lines=0, losses=(), undated=(), unread_lines=4, first_unread="Pressed \x1b[31m^C",
    runtime_metrics="on", router_lines=817, router_share_suspect=False, ambiguous_requests=2, unattributed_events=3,
    dynos_sampled=(4, 4),
    would_change=("errors starting on web.1, web.3 or web.4", "the same paths failing elsewhere"),
)  # fmt: skip

ONLY_HERE = OnlyHere(
    heading="web.2 prints, its 3 peers in the same time hardly do:",
    against="peers",
    lines=(
        OnlyHereLine(
            template="KeyError: 'basket:<id>' shop/cart.py in total", example="KeyError: 'basket:5876'",
            kind="exception", n=46, peers_n=1, requests=212, peers_requests=605, p_adjusted=2.1e-21,
            first=NOW - timedelta(seconds=350), every=None, dynos=("web.2",),
        ),
        OnlyHereLine(
            template="waiting for a database connection (pool of <n> exhausted)",
            example="waiting for a database connection (pool of 5 exhausted)",
            kind="line", n=12, peers_n=0, requests=212, peers_requests=605, p_adjusted=4.4e-6,
            first=NOW - timedelta(seconds=297), every=None, dynos=("web.2",),
        ),
        OnlyHereLine(
            template="scheduler: <n> carts cleaned", example="scheduler: 3 carts cleaned", kind="line", n=6, peers_n=0,
            requests=212, peers_requests=605, p_adjusted=0.0021, first=NOW - timedelta(seconds=360), every=60.0,
            dynos=("web.2",),
        ),
    ),
    notes=("Said beside the errors, not proved to be their cause.",),
)  # fmt: skip

ONE_DYNO = Diagnosis(
    generated_at=NOW,
    app=AppFacts(
        name="example-app", id="", generation="cedar",
        headline=("web: 4 x Standard-1X, release v412 (deployed 1 d 6 h ago; all dynos on it)",),
    ),
    verdict=Verdict(
        kind="one_dyno", severity="critical", confidence="high", label="ONE DYNO",
        summary="web.2 (6f1c02ab) causes 46 of 48 server errors",
        details=(
            "It has 26 % of the requests and 96 % of the errors: about 1 request in 5 on web.2 fails (17-28 %);"
            " on the other three 2 in 605 (at most 1.2 %).",
            "It is also the only dyno over its memory quota (781 of 512 MB).",
        ),
        not_claimed=("why web.2 grew", "whether it will recur"),
    ),
    actions=(
        Action(
            rank=1, argv=("herodyno", "restart", "web.2", "--if-id", "6f1c02ab", "-a", "example-app"), text="",
            effect="replaces that one dyno; 3 of 4 web dynos keep serving; open requests on web.2 get up to 30 s to"
            " finish",
            risk="lost capacity 25 % until it boots (boot time not seen in this window)",
            undo="none needed; Heroku starts a new web.2 by itself",
            notes=(("wait?", "Heroku would recycle it anyway between 04:32 and 08:08 (daily cycle)"),
                   ("first?", "the evidence dies with the dyno; if you need a heap dump, take it now:"
                              " heroku ps:exec -d web.2 -a example-app")),
            mutates=True, dyno_id="6f1c02ab-0000-4000-8000-000000000002",
        ),
    ),
    incarnations=(
        dyno("web.2", "6f1c02ab-0000-4000-8000-000000000002", requests=212, failed=46, hours=22.67, verdict="outlier",
             rate=0.217, ci=(0.167, 0.277), p95=30001, codes=(("H12", 41), ("500", 5)),
             paths=(("/checkout", 31), ("/cart", 9), ("/api/stock", 6)), mem=memory(781.21, swap=269.2, r14=18)),
        dyno("web.1", "0b77e1d0-0000-4000-8000-000000000001", requests=206, failed=1, rate=0.0049, ci=(0.001, 0.027),
             p95=410, codes=(("H12", 1),), mem=memory(318)),
        dyno("web.4", "c3d90a11-0000-4000-8000-000000000004", requests=198, failed=1, rate=0.0051, ci=(0.001, 0.028),
             p95=398, codes=(("500", 1),), mem=memory(309)),
        dyno("web.3", "91aa5e7f-0000-4000-8000-000000000003", requests=201, rate=0.0, ci=(0.0, 0.019), p95=402,
             mem=memory(322)),
    ),
    requests=Requests(n=817, errors=51, without_dyno=3, rate=51 / 817, rate_ci95=(0.0478, 0.0811)),
    unattributed=Unattributed(errors=3, by_code=(("H14", 3),)),
    answered=Answered(requests=0, by_code=()),
    changes=(
        Change(at=NOW - timedelta(hours=30), kind="release", text="release v412 by a***@example.com (Deploy 1ab2c3d)"),
        Change(at=NOW - timedelta(seconds=359), kind="errors", text="first H12 on web.2", dyno="web.2"),
    ),
    findings=(
        Finding(
            id="F1", kind="error_outlier", severity="critical", confidence="high", dyno="web.2",
            sentence="web.2 (6f1c02ab) causes 46 of 48 server errors",
            evidence=(
                Evidence(at=NOW - timedelta(seconds=9), line_no=1433,
                         line="2026-11-23T02:12:31.480123+00:00 heroku[router]: at=error code=H12 desc=\"Request"
                              " timeout\" method=GET path=\"/checkout\" host=example-app.herokuapp.com dyno=web.2"
                              " connect=1ms service=30001ms status=503 bytes=0 protocol=https"),
                Evidence(at=NOW - timedelta(seconds=12), line_no=1420,
                         line="2026-11-23T02:12:28.000000+00:00 heroku[web.2]: Error R14 (Memory quota exceeded)"),
            ),
        ),
        Finding(id="F2", kind="clients", severity="info", confidence="high", sentence="61 clients left early (H27)"),
    ),
    coverage=COVERAGE,
    sections=(
        Section(name="limits", sentences=("router lines name no dyno id; attributed by name and time",)),
    ),
    method=METHOD,
    api=ApiUse(calls=5, rate_limit_remaining=4381),
    shared=(("path", "31 of 46 failing requests on web.2 were for /checkout, 40 of 605 elsewhere"),),
    only_here=ONLY_HERE,
)  # fmt: skip

WHOLE_APP = replace(
    ONE_DYNO,
    only_here=None,
    verdict=Verdict(
        kind="whole_app", severity="critical", confidence="high", label="WHOLE APP",
        summary="errors are spread over all 4 web dynos (4.1-5.3 %); none stands out",
        details=("They began at 03:07, 2 min after release v413; 0.2 % before, 4.7 % after.",),
    ),
    actions=(
        Action(rank=1, argv=("heroku", "releases:info", "v413", "-a", "example-app"), text="look first (2 min)"),
        Action(rank=2, argv=("herodyno", "rollback", "v412", "-a", "example-app"), text="",
               effect="new release with v412's code", risk="database migrations are not undone"),
        Action(rank=3, argv=(), text="not useful: restarting dynos (all are affected alike)"),
    ),
    changes=(Change(at=NOW - timedelta(minutes=7), kind="release", text="release v413 by a***@example.com",
                    before=(2, 900), after=(38, 817)),),
    incarnations=tuple(
        dyno(f"web.{i}", f"{i}b77e1d0-0000-4000-8000-000000000001", requests=204, failed=9, rate=0.044,
             ci=(0.023, 0.08), p95=900, codes=(("500", 9),))
        for i in (1, 2, 3, 4)
    ),
    unattributed=Unattributed(errors=0, by_code=()),
    answered=Answered(requests=0, by_code=()),
    coverage=replace(COVERAGE, runtime_metrics="off", dynos_sampled=(0, 4)),
    findings=(),
)  # fmt: skip

NOT_ENOUGH = replace(
    ONE_DYNO,
    only_here=None,
    app=AppFacts(name="", id="", generation="cedar"),
    verdict=Verdict(
        kind="not_enough_data", severity="info", confidence="low", label="NOT ENOUGH DATA",
        summary="3 errors, all on web.1, in 58 requests over 41 s",
        details=("With 4 dynos that happens by chance about once in 16 looks: no dyno is accused.",),
    ),
    actions=(Action(rank=1, argv=("herodyno", "diagnose", "--from-file", "app.log"), text="a longer log"),),
    incarnations=(
        dyno("web.1", None, requests=20, failed=3, rate=0.15, ci=(0.05, 0.36), codes=(("H12", 3),),
             verdict="not_assessed", start=None),
    ),
    requests=Requests(n=58, errors=3, without_dyno=0, rate=3 / 58, rate_ci95=(0.0177, 0.1414)),
    unattributed=Unattributed(errors=0, by_code=()), changes=(), findings=(),
    answered=Answered(requests=0, by_code=()),
    coverage=replace(COVERAGE, source="file", lines=122, cap=None, cap_reached=False, seconds=41.0,
                     start=NOW - timedelta(seconds=41), would_change=(), dynos_sampled=(0, 0), unread_lines=0,
                     first_unread="", ambiguous_requests=0),
)  # fmt: skip

GROWING = replace(
    ONE_DYNO,
    only_here=None,
    verdict=Verdict(
        kind="memory", severity="warning", confidence="medium", label="MEMORY GROWING",
        summary="worker.3 grows by about 21 MB/h (18-25) over its last 9 h; 431 of 512 MB now",
        details=("At that rate it passes its quota (R14) between 06:25 and 07:45.",),
    ),
    actions=(Action(rank=1, argv=("herodyno", "restart", "worker.3", "-a", "example-app"), text="", mutates=True),),
    incarnations=(
        dyno("worker.3", "3c0ffee3-0000-4000-8000-000000000003", hours=9.5, mem=memory(431, trend=Trend(
            kind="growing", reason="", slope_mb_per_h=21, range=(18, 25), observed_minutes=540,
            eta_quota=TimeSpan(start=NOW + timedelta(hours=3, minutes=13), end=NOW + timedelta(hours=4, minutes=33))))),
        dyno("worker.1", "1c0ffee1-0000-4000-8000-000000000001", hours=9.5,
             mem=memory(301, trend=Trend(kind="flat", reason="", slope_mb_per_h=3))),
        dyno("worker.2", "2c0ffee2-0000-4000-8000-000000000002", hours=1.9,
             mem=memory(280, trend=Trend(
                 kind="warming_up", reason="", slope_mb_per_h=30, range=(12, 48), observed_minutes=110,
                 late=LatePart(slope_mb_per_h=21, margin=6, hours=1, rises=True, may_rise=True)))),
    ),
    unattributed=Unattributed(errors=0, by_code=()), changes=(), findings=(),
    answered=Answered(requests=0, by_code=()),
)  # fmt: skip

CRASHED = replace(
    ONE_DYNO,
    only_here=None,
    verdict=Verdict(
        kind="crash", severity="critical", confidence="high", label="CRASH",
        summary="the only web dyno crashed 4 times in 6 min with exit status 1",
    ),
    actions=(),
    incarnations=(
        dyno("web.1", "0b77e1d0-0000-4000-8000-000000000001", state="crashed", exit_status=1,
             end=NOW, end_reason="crashed", verdict="not_assessed"),
    ),
    unattributed=Unattributed(errors=31, by_code=(("H10", 31),)),
    answered=Answered(requests=0, by_code=()),
)  # fmt: skip


def hostile(text: str, *, dynos: int = 1) -> Diagnosis:
    """The one bad dyno with such a text wherever the API, the log or a file can hold one."""
    row = dyno(
        f"web.1{text}", f"{text}0b77e1d0", requests=100, failed=9, verdict="outlier", end_reason=text, end=NOW,
        state=text, size=text, codes=((text, 9),), paths=((f"/{text}", 9),), mem=memory(781, r14=1),
        series=Series(requests=(50, 50), errors=(4, 5), mb=(1.0, 2.0)),
    )  # fmt: skip
    action = replace(
        ONE_DYNO.actions[0], argv=("herodyno", "restart", f"web.1{text}"), effect=f"e{text}", risk=f"r{text}",
        undo=f"u{text}", notes=(("first?", f"n{text}"),),
    )  # fmt: skip
    evidence = (Evidence(at=NOW, line=f"app: {text}", line_no=1),)
    finding = replace(ONE_DYNO.findings[0], sentence=f"also{text}", evidence=evidence)
    return replace(
        ONE_DYNO,
        app=replace(ONE_DYNO.app, name=text, headline=(text,)),
        verdict=replace(ONE_DYNO.verdict, summary=f"a{text}b", details=(text, f"c{text}d"), not_claimed=(text,)),
        actions=(action, replace(action, rank=2, argv=(), text=f"look at{text}")),
        incarnations=tuple(replace(row, dyno=f"web.{n}{text}") for n in range(1, dynos + 1)),
        unattributed=Unattributed(errors=1, by_code=((text, 1),)),
        changes=(replace(ONE_DYNO.changes[0], at=NOW, text=f"release v9 by {text}"),),
        findings=(finding,),
        coverage=replace(COVERAGE, first_unread=text, would_change=(text,), notes=(text,)),
        shared=(("path", text),),
        sections=(Section(name="crashes", heading="CRASHES", sentences=(text,)),),
        only_here=replace(ONLY_HERE, lines=(replace(ONLY_HERE.lines[0], template=f"t{text}", example=text),)),
        clock=Clock(start=NOW - timedelta(seconds=60), seconds=30, cells=2),
    )


ALL = {
    "one-dyno": ONE_DYNO,
    "whole-app": WHOLE_APP,
    "not-enough-data": NOT_ENOUGH,
    "memory-growing": GROWING,
    "crash": CRASHED,
}
