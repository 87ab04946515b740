"""One small incident with everything that pictures draw, and the texts that would attack a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.statistics.growth.by_age import GrowthByAge
from herodyno.dynos import App, Release
from tests.diagnosis.reading import NOON, judged, sample, stamp
from tests.diagnosis.traffic import OLD, errors, restart, traffic

# Each of them once ran, or would, in a page that is made by putting texts together.
ATTACKS = (
    "</script><script>document.title=1337</script>",
    '"onload="document.title=1337',
    "${document.title=1337}",
    "{{constructor.constructor('document.title=1337')()}}",
    "javascript:document.title=1337",
    "<img src=http://192.0.2.1/x.png onerror=document.title=1337>",
    "a\u2028document.title=1337//",
    "<!--<script>",
    "]]>````*_[x](javascript:document.title=1337)|",
    " www.example.org/x kim@example.com @octocat",
)
ATTACK = " ".join(ATTACKS)
# Growth over hours, which six minutes cannot show.
BY_AGE = GrowthByAge(
    name="web.2", dynos=5, assessed=4, grew=4, slopes=(41.0, 55.0), quota_mb=512.0, reached=(7.5, 7.9, 8.9),
    ended=(3.0,), running=(), median=7.9, is_of_age=True,
)  # fmt: skip


@cache
def incident() -> Diagnosis:
    """Four web dynos for six minutes: web.2 fails, swaps and is restarted after a release."""
    growing = "".join(sample(at, "web.1", "1" * 8 + OLD[8:], 500 + at, swap=at / 2) for at in range(0, 180, 20))
    r14 = f"{stamp(130)} heroku[web.1]: Error R14 (Memory quota exceeded)\n"
    load = (
        f"{stamp(50)} heroku[web.1]: source=web.1 dyno=heroku.123456789.{'1' * 8 + OLD[8:]} "
        "sample#load_avg_1m=2.46 sample#load_avg_5m=1.06 sample#load_avg_15m=0.99\n"
    )
    deployed = f"{stamp(180)} app[api]: Release v42 created by user dev@example.com\n"
    lines = traffic(4, 300) + errors("web.2", 25, seconds=180) + restart(200, "web.2") + growing + r14 + load + deployed
    found = judged("".join(sorted(lines.splitlines(keepends=True))), at=NOON + timedelta(minutes=6))
    return replace(found, by_age=(BY_AGE,))


@cache
def hostile() -> Diagnosis:
    """The same with attacks wherever an app, its log or its releases can hold a text."""
    word = "".join(ATTACKS).replace(" ", "").replace('"', "").replace("\u2028", "")
    raised = f"{stamp(60)} app[web.2]: Traceback (most recent call last): {ATTACK}: KeyError: '{ATTACK}'\n"
    lines = traffic(4, 300) + errors("web.2", 25, seconds=180) + raised * 5
    lines = lines.replace('path="/p1"', f'path="/{ATTACK}"').replace("host=example-app", f"host={word}")
    lines = lines.replace("dyno=web.2 ", f"dyno={word}.2 ")
    releases = [Release(version=7, description=ATTACK, user=ATTACK, created_at=NOON + timedelta(seconds=90))]
    return judged(lines, app=App(name=ATTACK), releases=releases)
