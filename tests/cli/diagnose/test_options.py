"""What `diagnose` is asked for: words that exclude one another are refused; exit codes may be mapped."""

import json
import os
import re
from pathlib import Path

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke

LIVE = "diagnose -a example-app --utc"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--from-file a.log --from-bundle b.zip", "--from-file and --from-bundle are two sources"),
        ("--from-bundle b.zip --listen 5m", "are two sources"),
        ("--from-bundle b.zip", "a bundle names its own app"),
        ("--no-redact", "--no-redact is for what is passed on"),
        ("--fail-on sometimes", "one of critical, warning, never"),
        ("--not-enough perhaps", "one of ok, unknown"),
        ("-o yaml", "one of text, json, jsonl"),
        ("--since yesteryear", "--since 'yesteryear' is no time"),
        ("--until 25:00", "--until '25:00' is no time"),
        ("--since 5m --until 10m", "--since is later than --until"),
        ("--type web.1", "--dyno web.1"),
        ("--listen soon", "90s, 5m"),
    ],
)
def test_what_cannot_mean_anything_is_refused(options: str, words: str, invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"{LIVE} {options}")
    assert (stdout, code) == ("", 2)
    assert words in stderr


@pytest.mark.parametrize(
    ("world", "codes"),
    [
        ("one-bad-dyno", {"": 20, "warning": 20, "critical": 20, "never": 0}),
        ("restart-that-fixed-it", {"": 10, "warning": 10, "critical": 0, "never": 0}),
        ("too-little-data", {"": 30, "warning": 0, "critical": 0, "never": 0}),
        ("healthy", {"": 0, "warning": 0, "critical": 0, "never": 0}),
    ],
    indirect=["world"],
)
def test_fail_on_takes_what_is_below_for_nothing(world: World, codes: dict[str, int], invoke: Invoke) -> None:
    plugin = {0: 0, 10: 1, 20: 2, 30: 3}
    for level, code in codes.items():
        flags = f"--fail-on {level}" if level else ""
        assert invoke(f"{LIVE} {flags}").code == code
        stdout, _, told = invoke(f"{LIVE} {flags} --nagios")
        assert told == plugin[code]
        assert stdout.startswith(("OK: ", "WARNING: ", "CRITICAL: ", "UNKNOWN: ")[told])


@pytest.mark.parametrize(
    ("world", "code", "line"),
    [
        ("one-bad-dyno", 2, r"CRITICAL: ONE DYNO, web\.2 \(\w{8}\) causes 46 of 46 server errors \| requests=833.*"),
        ("restart-that-fixed-it", 1, r"WARNING: ONE DYNO, .*"),
        ("healthy", 0, r"OK: NOTHING FOUND, no errors seen in .*"),
        ("too-little-data", 3, r"UNKNOWN: NOT ENOUGH DATA, .*"),
    ],
    indirect=["world"],
)
def test_nagios_gets_one_line_and_its_own_code(world: World, code: int, line: str, invoke: Invoke) -> None:
    stdout, stderr, told = invoke(f"{LIVE} --nagios")
    assert (stderr, told) == ("", code)
    first, *others = stdout.splitlines()
    assert re.fullmatch(line, first)
    assert not others or others[0].startswith("ONLY HERE: ")


@pytest.mark.parametrize(
    "options",
    ["-a no-such-app", "-a example-app --listen soon", "--from-file nowhere.log", "-a example-app --fail-on much",
     "-a no-such-app --fail-on never --not-enough ok", "-a example-app --json", "-a example-app --dyno web.9",
     "--nonsense", "-a", "--from-file a.log --dynos deep.json"],
)  # fmt: skip
def test_for_nagios_whatever_goes_wrong_is_unknown(
    options: str, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.log").write_text("")
    (tmp_path / "deep.json").write_text("[" * 100_000)
    stdout, _, code = invoke(f"diagnose {options} --nagios")
    assert code == 3
    assert re.fullmatch(r"UNKNOWN: [^\n]+\n", stdout)


def test_for_nagios_a_broken_config_file_and_a_bug_of_ours_are_unknown_too(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.cli.diagnose.command.parse_request", lambda *_, **__: 1 / 0)
    assert invoke("diagnose -a example-app --nagios") == (
        "UNKNOWN: unexpected: ZeroDivisionError: division by zero\n",
        "",
        3,
    )
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "herodyno"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("nonsense = 1")
    assert invoke("diagnose -a example-app --nagios").code == 3


def test_jsonl_is_a_finding_a_line_the_verdicts_own_first(invoke: Invoke, world: World, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(world.log_text("example-app"), encoding="utf-8")
    asked = f"diagnose --from-file {tmp_path / 'app.log'}"
    stdout, _, code = invoke(f"{asked} -o jsonl")
    found = [valid(record) for record in stdout.splitlines()]
    whole = json.loads(invoke(f"{asked} -o json").stdout)
    assert code == 20
    assert [record["is_verdict"] for record in found] == [True] + [False] * (len(found) - 1)
    assert [{key: record[key] for key in whole["findings"][0]} for record in found] == whole["findings"]
    assert found[0]["sentence"] == whole["verdict"]["summary"]


def test_the_narrowed_look_is_told_and_keeps_the_comparison(invoke: Invoke) -> None:
    whole = json.loads(invoke(f"{LIVE} --json").stdout)
    short = whole["verdict"]["summary"].split("(")[1][:8]
    for word in ("web.2", short):
        told = json.loads(invoke(f"{LIVE} --json --dyno {word}").stdout)
        assert told["verdict"]["summary"] == whole["verdict"]["summary"]
        assert [row["dyno"] for row in told["incarnations"]] == ["web.2"]
    stdout, _, code = invoke(f"{LIVE} --dyno web.1")
    assert code == 0
    assert "Another dyno stands out, web.2" in stdout
    assert invoke(f"{LIVE} --dyno web.9").stderr.endswith("there is: web.1, web.2, web.3, web.4\n")


def test_a_span_is_counted_from_the_end_of_a_file_and_in_the_zone_shown(
    invoke: Invoke, world: World, tmp_path: Path, local_time: None
) -> None:
    path = tmp_path / "app.log"
    path.write_text(world.log_text("example-app"), encoding="utf-8")
    asked = f"diagnose --from-file {path} --json"
    ago = json.loads(invoke(f"{asked} --since 2m").stdout)
    assert ago["coverage"]["seconds"] <= 120
    local = json.loads(invoke(f"{asked} --since 03:04 --until 03:04:30").stdout)["coverage"]
    utc = json.loads(invoke(f"{asked} --utc --since 02:04 --until 2026-11-23T02:04:30Z").stdout)["coverage"]
    assert local == utc
    assert local["from"].startswith("2026-11-23T02:04:0")


def test_what_it_cost_is_told(invoke: Invoke) -> None:
    assert "6 API calls made; 4,494 left in the account's budget." in invoke(LIVE).stdout
    assert json.loads(invoke(f"{LIVE} --json").stdout)["api"] == {"calls": 6, "rate_limit_remaining": 4494}
