"""Exit codes, `--fail-on`, `--nagios`, findings and bundles follow the present: what is over counts one step less."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.diagnosis.traffic import served

Rates = Callable[[int, float], float]


def over(_: int, at: float) -> float:
    return 0.25 if 240 <= at < 600 else 0.0


def goes_on(_: int, at: float) -> float:
    return 0.25 if at >= 240 else 0.0


@pytest.mark.parametrize(
    ("rates", "ongoing", "severity", "codes"),
    [
        (over, False, "warning", {"": 10, "--fail-on warning": 10, "--fail-on critical": 0, "--nagios": 1}),
        (goes_on, True, "critical", {"": 20, "--fail-on warning": 20, "--fail-on critical": 20, "--nagios": 2}),
    ],
)
def test_every_way_to_ask_gives_the_same_tense(
    rates: Rates, ongoing: bool, severity: str, codes: dict[str, int], invoke: Invoke, tmp_path: Path
) -> None:
    log, bundle = tmp_path / "app.log", tmp_path / "b.zip"
    log.write_text(served(rates), encoding="utf-8")
    told = {flags: invoke(f"diagnose --from-file {log} --utc {flags}", environ={}) for flags in codes}
    assert {flags: each.code for flags, each in told.items()} == codes

    document = valid(invoke(f"diagnose --from-file {log} --json --bundle {bundle}", environ={}).stdout)
    verdict = document["verdict"]
    assert (verdict["class"], verdict["ongoing"], verdict["severity"]) == ("whole_app", ongoing, severity)
    lines = invoke(f"diagnose --from-file {log} -o jsonl", environ={}).stdout.splitlines()
    first = valid(lines[0])
    assert (first["schema"], first["is_verdict"], first["ongoing"]) == ("herodyno.finding/2", True, ongoing)
    assert {key: first[key] for key in ("ongoing", "ended_at", "ended_with")} == {
        key: verdict[key] for key in ("ongoing", "ended_at", "ended_with")
    }
    assert verdict["summary"] in told["--nagios"].stdout
    again = json.loads(invoke(f"diagnose --from-bundle {bundle} --json", environ={}).stdout)
    assert again["verdict"] == verdict
    words = " ".join(told[""].stdout.split())
    assert ("errors were spread over" in words) == (not ongoing)
    assert ("over since 12:" in words) == (not ongoing)
