"""`logs --patterns`: live, from files and pipes, in each form; what changed; and what is refused."""

from __future__ import annotations

import csv
import gzip
import json
import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.logs.log_stage import Heroku, logs, text_of
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.logs.log_lines import raw, request

HALF = 1200.0
MIDDLE = "2026-11-23T02:20Z"
RELEASE = "app[api]: Release v42 created by user dev@example.com"


def shop() -> list[str]:
    """Forty minutes of a shop: v42 comes half-way, brings an error, and a line that was printed before is gone."""
    dice, entries = random.Random(4), [(HALF, RELEASE), (30.0, RELEASE.replace("42", "41"))]
    for at in range(0, 2400, 3):
        dyno = f"web.{dice.randrange(1, 5)}"
        entries.append((at, request(dyno=dyno, service=30, path=f"/orders/{at}", request=f"r-{at}")))
        entries.append((at + 0.5, f"app[{dyno}]: [r-{at}] order {dice.randrange(999)} of mail{at}@example.com is done"))
        if at % 30 == 0:
            entries.append(
                (at + 1, f"app[{dyno}]: " + ("legacy price list" if at < HALF else "price is missing for X"))
            )
    return [raw(text, at) for at, text in sorted(entries)]


SHOP = shop()


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "shop.log"
    path.write_text("".join(f"{line}\n" for line in SHOP), encoding="utf-8")
    return str(path)


def document(invoke: Invoke, *words: str, code: int = 0, stdin: bytes = b"") -> Any:
    stdout, stderr, ended = invoke(["logs", "--patterns", "--utc", "--json", *words], stdin=stdin)
    assert ended == code, stderr
    return valid(stdout)


def test_the_greatest_stand_first_with_shares_of_all_lines_and_the_rest_is_told(invoke: Invoke, log: str) -> None:
    stdout, stderr, code = invoke(f"logs --patterns --utc -n 2 --from-file {log}")
    assert code == 0
    heading, first, second, blank, rest = stdout.splitlines()
    assert heading.split() == ["lines", "share", "dynos", "first", "last", "of", "pattern"]
    assert first.split()[:4] == ["800", "47.6", "%", "4"]
    assert first.endswith("app[web]        [r-<n>] order <n> of <email> is done")
    assert second.endswith("heroku[router]  at=info method=GET status=200")
    assert (blank, rest) == ("", "and 3 more patterns, 4.9 % of the lines")
    assert "5 patterns in 1,682 lines from" in stderr


def test_files_packed_or_not_pipes_and_parts_give_the_same(invoke: Invoke, log: str, tmp_path: Path) -> None:
    expected = document(invoke, "--from-file", log)
    packed, start, end = (tmp_path / name for name in ("a.gz", "b.log", "c.log"))
    packed.write_bytes(gzip.compress(Path(log).read_bytes()))
    start.write_text("".join(f"{line}\n" for line in SHOP[:700]))
    end.write_text("".join(f"{line}\n" for line in SHOP[700:]))
    assert document(invoke, "--from-file", str(packed)) == expected
    assert document(invoke, "--from-file", str(end), "--from-file", str(start)) == expected
    assert document(invoke, "--from-file", "-", stdin=Path(log).read_bytes()) == expected
    assert expected["lines"] == sum(it["lines"] for it in expected["patterns"])
    assert expected["bytes"] == sum(it["bytes"] for it in expected["patterns"]) == Path(log).stat().st_size
    for it in expected["patterns"]:
        assert sum(it["cells"]["entries"]) == it["entries"]
        assert sum(each["lines"] for each in it["dynos"]) == it["lines"]


def test_filters_apply(invoke: Invoke, log: str) -> None:
    found = document(invoke, "web.1", "--speaker", "--exclude", "order", "--from-file", log)
    assert {(it["source"], it["type"]) for it in found["patterns"]} == {("app", "web")}
    assert {it["template"] for it in found["patterns"]} == {"legacy price list", "price is missing for X"}
    assert {each["dyno"] for it in found["patterns"] for each in it["dynos"]} == {"web.1"}


def test_a_release_in_the_log_splits_it(invoke: Invoke, log: str) -> None:
    stdout, _, code = invoke(f"logs --patterns --since-release --utc --from-file {log}")
    assert code == 0
    assert stdout.startswith("Since release v42, 02:20:00 UTC: 841 entries in 19 min 58 s; before: 841 in 20 min\n")
    rows = [line.split("  ")[0].strip() + " " + line.split("  ")[-1].strip() for line in stdout.splitlines()[4:6]]
    assert rows == ["NEW price is missing for X", "GONE legacy price list"]
    assert "2 of 4 patterns judged changed" in stdout
    found = document(invoke, "--since-release", "v41", "--from-file", log)
    assert (found["split"]["what"], found["split"]["changed"]) == ("release v41", 0)


def test_a_time_splits_it_and_a_needle_does_not_shorten_the_log(invoke: Invoke, log: str) -> None:
    found = document(invoke, "--against", MIDDLE, "--grep", "price", "--from-file", log)
    assert [(it["template"], it["comparison"]["change"]) for it in found["patterns"]] == [
        ("price is missing for X", "new"),
        ("legacy price list", "gone"),
    ]
    assert found["split"]["before"]["seconds"] == 1200
    assert found["patterns"][0]["comparison"]["per"] == "1000 requests"


def failing() -> list[str]:
    """Forty minutes of 1,200 requests; half-way the 500s rise tenfold, and with them what the app prints of them."""
    entries = []
    for at in range(0, 2400, 2):
        dyno, bad = f"web.{1 + at // 20 % 4}", at % (200 if at < HALF else 20) == 0
        entries.append((at, request(dyno=dyno, status=500 if bad else 200, request=f"bad-{at}" if bad else "good")))
        entries += [(at + 0.5, f"app[{dyno}]: total of bad-{at} is missing")] if bad else []
        entries += [(at + 0.6, f"app[worker.1]: bad-{at} was mailed")] if bad else []
    return [raw(text, at) for at, text in entries]


@pytest.mark.parametrize(
    ("words", "requests"),
    [
        ([], 600),
        (["status>=500"], 600),
        (["--grep", "status=500"], 600),
        (["--exclude", "status=200"], 600),
        (["--exclude", "^at="], 600),
        (["--request-id", "bad-"], 600),
        (["app"], 600),
        (["router", "status>=500"], 600),
        (["--not", "router"], 600),
        (["web", "--speaker"], 600),
        (["-p", "web"], 600),
        (["web.1"], 150),
        (["app[web.1]"], 150),
        (["--not", "web.1"], 450),
    ],
)
def test_whatever_is_selected_rates_are_those_of_the_log(
    invoke: Invoke, tmp_path: Path, words: list[str], requests: int
) -> None:
    path = tmp_path / "failing.log"
    path.write_text("".join(f"{line}\n" for line in failing()))
    found = document(invoke, *words, "--against", MIDDLE, "--from-file", str(path))
    sides = found["split"]["before"], found["split"]["after"]
    assert [side["requests"] for side in sides] == [requests, requests]
    assert [side["lines"] for side in sides] == [612, 720]
    grown = [it for it in found["patterns"] if it["comparison"]["change"] == "more"]
    if requests == 600:
        assert {round(it["comparison"]["times"]) for it in grown} == {10}
    for it in grown:
        assert (it["comparison"]["per"] == "minute") == (it["type"] == "worker")
    assert {it["comparison"]["change"] for it in found["patterns"]} <= {"more", "less", None}


def test_what_never_came_before_is_new_though_the_filter_leaves_nothing_there(invoke: Invoke, log: str) -> None:
    found = document(invoke, "--grep", "price is missing", "--against", MIDDLE, "--from-file", log)
    assert [it["comparison"]["change"] for it in found["patterns"]] == ["new"]
    assert (found["split"]["before"]["entries"], found["split"]["before"]["requests"]) == (0, 400)
    part = document(invoke, "--since", "2026-11-23T02:10Z", "--against", MIDDLE, "--from-file", log)
    assert part["split"]["before"] == {"entries": 420, "lines": 420, "seconds": 600.0, "requests": 200}


def test_a_log_that_does_not_reach_back_is_not_compared_and_ends_with_30(invoke: Invoke, log: str) -> None:
    stdout, stderr, code = invoke(f"logs --patterns --against 01:30 --utc --from-file {log}")
    assert code == 30
    assert "nothing of it is before 01:30:00 UTC" in stderr
    assert "order <n> of <email> is done" in stdout
    found = document(invoke, "--against", "01:30", "--from-file", log, code=30)
    assert found["split"]["why_not_compared"].startswith("the log reaches from 02:00:00 UTC")
    stdout, stderr, code = invoke(f"logs --patterns --since-release v9 --from-file {log}")
    assert (stdout, code) == ("", 5)
    assert "no line of release v9" in stderr
    assert "--against WHEN" in stderr


def test_the_noise_bill_is_by_pattern_and_dyno_and_a_day(invoke: Invoke, log: str) -> None:
    stdout, _, _ = invoke(f"logs --patterns --by bytes -n 1 --utc --from-file {log}")
    patterns, rest, bill, total = stdout.split("\n\n")
    assert "at=info method=GET status=200" in patterns
    assert rest == "and 4 more patterns, 32.4 % of the bytes"
    assert [row.split()[0] for row in bill.splitlines()[1:5]] != ["web.1", "web.2", "web.3", "web.4"]
    assert {row.split()[0] for row in bill.splitlines()[1:]} == {"web.1", "web.2", "web.3", "web.4", "api"}
    assert total == "245 KB in 1,682 lines in 39 min 58 s: at this pace 8.6 MB a day\n"


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("--grep price", "39 min 58 s"),
        ("--until 2026-11-23T02:10Z", "10 min"),
        ("--since 2026-11-23T02:10Z", "29 min 58 s"),
    ],
)
def test_a_day_is_reckoned_from_the_length_of_the_log_whatever_is_selected(
    invoke: Invoke, log: str, words: str, length: str
) -> None:
    stdout, _, _ = invoke(f"logs --patterns --by bytes {words} --utc --from-file {log}")
    assert f" lines in {length}: at this pace " in stdout


def test_jsonl_and_csv_have_each_pattern_and_hostile_text_is_harmless(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "hostile.log"
    path.write_text(raw("app[web.1]: =cmd|'x'!A1 \x1b[31mred\x1b]0;title\x07 'a,b'") + "\n", encoding="utf-8")
    records = [valid(line) for line in invoke(f"logs --patterns -o jsonl --from-file {path}").stdout.splitlines()]
    assert [it["source"] for it in records] == ["app"]
    stdout = invoke(f"logs --patterns -o csv --from-file {path}").stdout
    (row,) = csv.DictReader(StringIO(stdout))
    assert row["template"].startswith("'=cmd")
    assert row["dynos"] == "web.1=1"
    assert "\x1b" not in stdout + invoke(f"logs --patterns --long --from-file {path}").stdout


def test_redaction_leaves_the_patterns_as_they_are(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "mails.log"
    texts = [f"mail to {name}@example.com from {n}.0.113.{n} queued" for n, name in enumerate(("kim", "ann", "bo"), 7)]
    path.write_text("".join(raw(f"app[web.1]: {text}", at) + "\n" for at, text in enumerate(texts)))
    plain, masked = (document(invoke, *flag, "--from-file", str(path)) for flag in ([], ["--redact"]))
    assert [it["template"] for it in masked["patterns"]] == ["mail to <email> from <ip> queued"]
    assert [it["entries"] for it in masked["patterns"]] == [it["entries"] for it in plain["patterns"]] == [3]
    assert "kim@" in plain["patterns"][0]["example"]
    assert "kim@" not in json.dumps(masked)


def test_csv_says_of_what_the_rates_are(invoke: Invoke, log: str) -> None:
    rows = list(csv.DictReader(StringIO(invoke(f"logs --patterns --since-release -o csv --from-file {log}").stdout)))
    assert {(row["kind"], row["per"]) for row in rows if row["type"] != "api"} == {
        ("request", "1000 requests"),
        ("line", "1000 requests"),
    }


def test_redacted_examples_hold_no_secret(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "secrets.log"
    path.write_text(raw("app[web.1]: login of kim@example.com password=hunter2222") + "\n", encoding="utf-8")
    (shown,) = document(invoke, "--from-file", str(path))["patterns"]
    assert "hunter2222" in shown["example"]
    assert "hunter2222" not in shown["template"]
    (masked,) = document(invoke, "--redact", "--from-file", str(path))["patterns"]
    assert "hunter2222" not in json.dumps(masked)


def test_a_terminal_shows_when_and_a_tail_ends_with_all_that_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    told = logs(Heroku([text_of(SHOP)]), "--patterns", terminal=True, environ={"NO_COLOR": ""})
    assert told.code == 0
    assert "over time" in told.stdout
    assert "█" in told.stdout
    assert max(map(len, told.stdout.splitlines()[1:])) <= 120
    tail = logs(Heroku([text_of(SHOP)]), "--patterns", "--tail", "--until", "1s")
    assert "order <n> of <email> is done" in tail.stdout
    words = ("--patterns", "--tail", "--until", "1s", "--against", "2026-11-23T02:05Z")
    drawn = logs(Heroku([text_of(SHOP)]), *words, terminal=True).stdout
    assert "Since 02:05:00 UTC: " in drawn
    assert "none of 3 patterns judged changed" in drawn


def test_the_api_knows_when_the_release_was_made(invoke: Invoke, world: World) -> None:
    stdout, stderr, code = invoke("logs --patterns --since-release --app example-app --utc")
    assert code == 30
    assert "nothing of it is before release v" in stderr
    assert "at=info method=GET status=200" in stdout
    assert "has no release v999" in invoke("logs --patterns --since-release v999 --app example-app").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--against 02:00", "--against is about patterns"),
        ("--by bytes", "--by is about patterns"),
        ("--since-release", "--since-release is about patterns"),
        ("--patterns --stats count", "--patterns and --stats are two views"),
        ("--patterns --previous", "--patterns and --previous are two views"),
        ("--patterns -o logfmt", "one of -o text, json, jsonl, csv"),
        ("--patterns --by dyno", "one of lines, bytes"),
        ("--patterns --against 02:00 --since-release", "leave one out"),
        ("--patterns --against 02:00 --by bytes", "leave --by out"),
        ("--patterns --against soon", "--against 'soon' is no time"),
    ],
)
def test_what_means_nothing_is_refused_before_anything_is_sent(words: str, said: str) -> None:
    heroku = Heroku()
    told = logs(heroku, *words.split())
    assert (told.stdout, told.code, heroku.asked) == ("", 2, [])
    assert said in told.stderr
