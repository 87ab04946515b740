"""A log of several apps: --app keeps one and says what it left out; without it each is judged apart, worst first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.diagnosis.reading import NOON, failed, request
from tests.diagnosis.traffic import errors, traffic
from tests.exposition import values
from tests.real_parts import case_bytes

ALPHA, BETA = "d.8f7a4b11-c323-4764-a74f-89bf4c1100aa", "d.8f7a4b11-c323-4764-a74f-89bf4c1100bb"


def page(app: str, line: str) -> str:
    """A line as Papertrail shows it."""
    speaker, _, text = line[33:].partition("]: ")
    return f"{NOON:%b %d} {line[11:19]} {app} {speaker.replace('[', '/')}: {text}"


def frame(token: str, line: str) -> str:
    """A line as a frame of a drain."""
    speaker, _, text = line[33:].partition("]: ")
    source, _, proc = speaker.partition("[")
    return f"<158>1 {line[:32]} {token} {source} {proc} - - {text}"


def archive(app: str, line: str) -> str:
    """A line of Papertrail's archive."""
    speaker, _, text = line[33:].partition("]: ")
    at = line[:19]
    return f"1000000001\t{at}Z\t{at}Z\t1\t{app}\t192.0.2.1\tLocal7\tInfo\t{speaker.replace('[', '/')}\t{text}"


def event(app: str, line: str) -> str:
    """A line as an event of Papertrail's API, one a line."""
    speaker, _, text = line[33:].partition("]: ")
    return json.dumps(
        {"received_at": line[:32], "hostname": app, "program": speaker.replace("[", "/"), "message": text}
    )


def mixed(how: Callable[[str, str], str], calm: str, bad: str) -> str:
    """The lines of a calm app and of one with a bad dyno, in order of time."""
    lines = [how(calm, line) for line in traffic(4, 300).splitlines()]
    lines += [how(bad, line) for line in (traffic(4, 300) + errors("web.2", 30)).splitlines()]
    stamps = [*traffic(4, 300).splitlines(), *(traffic(4, 300) + errors("web.2", 30)).splitlines()]
    return "".join(f"{line}\n" for _, line in sorted(zip(stamps, lines, strict=True), key=lambda each: each[0][:26]))


LOGS = pytest.mark.parametrize(
    ("how", "calm", "bad"),
    [(page, "alpha", "beta"), (archive, "alpha", "beta"), (frame, ALPHA, BETA), (event, "alpha", "beta")],
    ids=["Papertrail's page", "Papertrail's archive", "frames", "Papertrail's API"],
)  # fmt: skip


@LOGS
def test_each_app_is_judged_apart_the_worst_first(
    how: Callable[[str, str], str], calm: str, bad: str, invoke: Invoke, tmp_path: Path
) -> None:
    (tmp_path / "both.log").write_text(mixed(how, calm, bad))

    found = invoke(["diagnose", "--from-file", str(tmp_path / "both.log")], environ={})

    heads = [line for line in found.stdout.splitlines() if line.startswith("== ")]
    assert [head.split(",")[0] for head in heads] == [f"== {bad}", f"== {calm}"]
    assert found.stdout.index("ONE DYNO") < found.stdout.index("NOTHING")
    assert found.code == 20


@LOGS
def test_the_app_that_is_named_is_kept_and_the_other_is_counted(
    how: Callable[[str, str], str], calm: str, bad: str, invoke: Invoke, tmp_path: Path
) -> None:
    (tmp_path / "both.log").write_text(mixed(how, calm, bad))

    found = invoke(["diagnose", "-a", calm, "--from-file", str(tmp_path / "both.log"), "--json"], environ={})

    limits = valid(found.stdout)["limits"]
    assert found.code == 0
    assert any(f"of {calm} were judged; left out: {bad} (" in limit for limit in limits)


@pytest.mark.parametrize("name", ["verdict-two-apps.log.gz", "verdict-two-apps.tsv.gz"])
@pytest.mark.parametrize(("app", "code", "kind"), [("alpha", 0, "nothing_found"), ("beta", 20, "one_dyno")])
def test_the_export_of_two_apps(name: str, app: str, code: int, kind: str, invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "two.log").write_bytes(case_bytes(name))

    found = invoke(["diagnose", "-a", app, "--from-file", str(tmp_path / "two.log"), "--json"], environ={})

    assert (found.code, valid(found.stdout)["verdict"]["class"]) == (code, kind)


@pytest.fixture
def both(tmp_path: Path) -> str:
    path = tmp_path / "both.log"
    path.write_text(mixed(page, "alpha", "beta"))
    return str(path)


def test_metrics_are_one_text_of_all_apps(both: str, invoke: Invoke) -> None:
    found = invoke(["diagnose", "--from-file", both, "-o", "openmetrics"], environ={})
    assert values(found.stdout, "herodyno_diagnose_severity", app="beta") == [2]
    assert values(found.stdout, "herodyno_diagnose_severity", app="alpha") == [0]
    assert (found.stderr, found.code) == ("", 20)
    one = invoke(["diagnose", "--from-file", both, "-a", "beta", "-o", "openmetrics"], environ={}).stdout
    assert values(one, "herodyno_diagnose_severity") == values(one, "herodyno_diagnose_severity", app="beta") == [2]


def test_json_is_a_document_a_line_for_each_app(both: str, invoke: Invoke) -> None:
    found = invoke(["diagnose", "--from-file", both, "--json"], environ={})

    documents = [valid(line) for line in found.stdout.splitlines()]
    assert [document["app"]["name"] for document in documents] == ["beta", "alpha"]


def test_findings_name_their_app(both: str, invoke: Invoke) -> None:
    found = invoke(["diagnose", "--from-file", both, "-o", "jsonl"], environ={})

    records: list[Any] = [json.loads(line) for line in found.stdout.splitlines()]
    assert [record["app"] for record in records if record["is_verdict"]] == ["beta", "alpha"]


def test_monitoring_reads_the_worst(both: str, invoke: Invoke) -> None:
    found = invoke(["diagnose", "--from-file", both, "--nagios"], environ={})

    assert found.stdout.startswith("CRITICAL: beta, the worst of 2 apps, ONE DYNO, ")
    assert (found.stdout.count("\n"), found.code) == (1, 2)


@pytest.mark.parametrize("flag", [("--bundle", "b.zip"), ("--dyno", "web.2"), ("--type", "web")])
def test_what_is_for_one_app_asks_for_its_name(
    flag: tuple[str, str], both: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    found = invoke(["diagnose", "--from-file", both, *flag], environ={})
    with_name = invoke(["diagnose", "-a", "beta", "--from-file", both, *flag], environ={})

    assert found.code == 2
    assert "name one with --app: alpha and beta" in " ".join(found.stderr.split()) or "beta and alpha" in found.stderr
    assert with_name.code == 20


def test_a_bundle_holds_the_lines_of_its_app(
    both: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = invoke(["diagnose", "-a", "alpha", "--from-file", both, "--bundle", "b.zip"], environ={})

    again = invoke(["diagnose", "--from-bundle", "b.zip"], environ={})

    assert (made.code, again.code) == (0, 0)
    assert again.stdout == made.stdout


def test_an_app_that_the_log_does_not_hold_is_not_found(both: str, invoke: Invoke) -> None:
    found = invoke(["diagnose", "-a", "gamma", "--from-file", both], environ={})

    assert found.code == 5
    assert "no line of this log is of gamma" in found.stderr


def test_a_log_of_one_other_app_says_its_name(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "beta.log").write_text("".join(f"{page('beta', line)}\n" for line in traffic(2, 50).splitlines()))

    found = invoke(["diagnose", "-a", "alpha", "--from-file", str(tmp_path / "beta.log")], environ={})

    assert "The log calls its app beta, not alpha" in found.stdout


def test_hostile_hosts_reach_no_command(invoke: Invoke, tmp_path: Path) -> None:
    line = (request(1, "web.1") + failed(2, "web.1")).splitlines()[0]
    (tmp_path / "odd.log").write_text(f"{page('alpha', line)}\n" * 60 + f"{page('$(rm)', line)}\n" * 60)

    found = invoke(["diagnose", "--from-file", str(tmp_path / "odd.log")], environ={})

    assert "-a '$(rm)'" not in found.stdout
    assert "-a $(rm)" not in found.stdout
