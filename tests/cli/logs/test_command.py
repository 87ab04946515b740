"""`logs`: which lines, how many, in which format; one session of 1,500 lines, filtered here, and what it covered."""

from __future__ import annotations

import csv
import gzip
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from herodyno.cli.logs import follow as log_follow
from herodyno.cli.session import Session
from herodyno.logfiles import opened
from herodyno.sandbox.world.world import World
from tests.cli.logs.log_stage import APP, Heroku, logs, text_of
from tests.cli.schemas import valid
from tests.conftest import TOKEN, Invoke
from tests.logs.log_lines import raw, request

LIVE = "logs -a example-app --utc"
SAMPLE = [raw(f"app[web.{number % 3 + 1}]: line {number}", number) for number in range(300)]
ROUTER = [
    raw(request(dyno="web.1", service=30, request="r-1"), 400),
    raw(request(dyno="web.2", service=30_000, status=503, code="H12", path="/api/a", request="r-2"), 401),
    raw("app[web.2]: [r-2] slow query", 401.5),
    raw("heroku[web.2]: Error R14 (Memory quota exceeded)", 402),
]


def texts(*words: str, lines: list[str] | None = None) -> list[str]:
    told = logs(Heroku([text_of(SAMPLE + ROUTER if lines is None else lines)]), *words)
    assert told.code == 0, told.stderr
    return told.stdout.splitlines()


def test_without_filters_the_last_100_lines_are_as_heroku_sent_them() -> None:
    assert texts() == (SAMPLE + ROUTER)[-100:]


def test_1500_lines_are_always_asked_for_and_filtered_here() -> None:
    heroku = Heroku([text_of(SAMPLE)])
    told = logs(heroku, "web.1", "-n", "2")
    assert told.stdout.splitlines() == [SAMPLE[294], SAMPLE[297]]
    bodies = [body for method, _, body in heroku.asked if method == "POST"]
    assert bodies == [{"lines": 1500, "tail": False}]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("web.1",), 101),
        (("web.1", "--speaker"), 100),
        (("-d", "web.1"), 100),
        (("web.2", "status>=500"), 1),
        (("web.2", "status>=500", "--speaker"), 0),
        (("web", "--not", "web.1"), 203),
        (("app",), 301),
        (("heroku",), 3),
        (("router", "web.2"), 104),
        (("--grep", "line 29"), 11),
        (("--grep", "slow", "--grep", "R14"), 2),
        (("--grep", "line", "--exclude", "[0-9]$"), 0),
        (("status>=500",), 1),
        (("code=H12",), 1),
        (("code=H12,R14",), 2),
        (("service>2s", "path~^/api"), 1),
        (("dyno=web.2",), 103),
        (("--request-id", "r-2"), 2),
        (("--since", "2026-11-23T02:06:40Z"), 4),
        (("--since", "5m"), 4),
        (("--until", "2026-11-23T02:00:09Z"), 10),
        (("--num", "7"), 7),
        (("web.1", "--num", "0"), 0),
        (("--source", "app", "-d", "web.2"), 101),
        (("-p", "web", "--source", "heroku"), 1),
    ],
)
def test_filters_choose(words: tuple[str, ...], count: int) -> None:
    assert len(texts(*words)) == count


def test_the_window_is_told_and_what_could_not_be_had() -> None:
    full = [raw("app[web.1]: x", second / 10) for second in range(1500)]
    told = logs(Heroku([text_of(full)]), "--utc", "--since", "2h", "--grep", "x")
    assert told.stderr == (
        "1,500 lines from 02:00:00 to 02:02:29 UTC (2 min 30 s), the most that Heroku keeps; "
        "1,500 of them fit; older lines than 02:00:00 are gone\n"
    )
    assert logs(Heroku([text_of(full)]), "--quiet").stderr == ""
    assert logs(Heroku([b""])).stderr == "Heroku has no lines of this app's log\n"


def test_when_nothing_fits_the_word_that_ruled_it_out_is_told(invoke: Invoke, tmp_path: Path) -> None:
    why = "code=H13 rules out all 304 lines: code is H12, R14\n"
    assert logs(Heroku([text_of(SAMPLE + ROUTER)]), "code=H13").stderr.endswith(why)
    assert logs(Heroku([text_of(SAMPLE + ROUTER)]), "code=H13", "--stats", "count").stderr.endswith(why)
    assert logs(Heroku([text_of(SAMPLE + ROUTER)]), "code=H12").stderr.endswith("1 of them fit\n")
    (tmp_path / "app.log").write_bytes(text_of(SAMPLE + ROUTER))
    assert invoke(f"logs code=H13 --from-file {tmp_path / 'app.log'}", environ={}).stderr == why
    assert invoke("logs code=H13 --from-file -", environ={}, stdin=text_of(SAMPLE + ROUTER)).stderr == why
    masked = logs(Heroku([text_of([raw(request(path="/a?token=abc"))])]), "path=/b", "--redact").stderr
    assert "path is /a" in masked
    assert "abc" not in masked


@pytest.mark.parametrize("words", ["-g boom", "-g boom web.1", "--stats 'avg(service)'"])
def test_lines_that_cannot_be_read_are_told_alike_in_whatever_pieces_a_file_is_read(
    words: str, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app.log"
    lines = [raw("app[web.1]: all is well", i) for i in range(300)]
    lines[::7] = [line.replace("2026-11-23", "2026-11-43") for line in lines[::7]]  # begins like a time and is none
    lines[150:150] = [
        raw("app[web.1]: boom", 150),
        "boom without a head",
        "service=7ms without a head",
        raw(request(), 151),
    ]
    path.write_text("\n".join(lines) + "\n")
    told = set()
    for size in (200, 700, 5000, 1 << 20):
        monkeypatch.setattr(opened, "CHUNK", size)
        done = invoke(f"logs --from-file {path} {words}")
        told.add((done.stdout, "".join(text for text in done.stderr.splitlines() if "not read" in text)))
    assert len(told) == 1
    assert "not read" in repr(told)


def test_on_a_terminal_router_lines_are_short_and_elsewhere_whole() -> None:
    def shown(*words: str, terminal: bool = True) -> str:
        return logs(Heroku([text_of(ROUTER)]), "router", "--color", "never", *words, terminal=terminal).stdout

    assert "router    code=H12 dyno=web.2 service=30000ms path=/api/a request_id=r-2\n" in shown()
    assert "router    status=200 dyno=web.1 service=30ms path=/ request_id=r-1\n" in shown()
    assert "connect=1ms" not in shown("-o", "text")
    assert 'fwd="192.0.2.7" dyno=web.1 connect=1ms' in shown("--long")
    assert shown("-o", "jsonl") == shown("-o", "jsonl", terminal=False)
    assert shown(terminal=False).splitlines() == ROUTER[:2]
    assert "connect=1ms" in shown("-o", "text", terminal=False)
    assert "connect=>>1ms<<" in shown("--highlight", "1ms")


def test_dropped_lines_are_summed_up() -> None:
    l11 = "heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 500 messages since 2026"
    told = logs(Heroku([text_of([raw(l11), raw(l11, 1)])]), "--utc")
    assert told.stderr.endswith("; L11: 1,000 lines dropped\n")
    others = [
        raw("heroku[logplex]: Error L10 (output buffer overflow): drain 'd.x' dropped 12 messages since 2026"),
        raw("app[log-shuttle]: Error L12: 40 messages dropped since 2026", 1),
        raw('heroku[logplex]: Error L14 (certificate validation): error="bad certificate" uri="x"', 2),
    ]
    told = logs(Heroku([text_of(others)]), "--utc")
    assert told.stderr.endswith(
        "; L10: 12 lines of a drain dropped; L12: 40 lines dropped; L14: a drain gets no lines\n"
    )


def test_fir_has_no_history_so_the_log_is_followed() -> None:
    fir = {**APP, "generation": {"name": "fir"}}
    heroku = Heroku([text_of(SAMPLE[:3])], [text_of(SAMPLE[:3])], app=fir)
    told = logs(heroku, "--until", "2026-11-23T02:00Z")
    assert told.code == 0
    assert told.stdout.splitlines() == SAMPLE[:1]  # the rest is later than --until
    assert "is on Fir, which keeps no log" in told.stderr
    assert [body for method, _, body in heroku.asked if method == "POST"][-1] == {}


@pytest.mark.parametrize(("words", "shown"), [((), 3), (("-n", "2"), 2), (("-n", "1", "web.2"), 1), (("-n", "9"), 3)])
def test_on_fir_new_lines_are_shown_for_a_time_or_until_there_are_as_many_as_wanted(
    words: tuple[str, ...], shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_follow, "FIR_SECONDS", 0.3)
    over = threading.Event()

    def body() -> Iterator[bytes]:
        yield text_of(SAMPLE[:3])
        over.wait(5)

    try:
        told = logs(Heroku(body(), app={**APP, "generation": {"name": "fir"}}), *words)
    finally:
        over.set()
    assert told.code == 0
    assert len(told.stdout.splitlines()) == shown
    assert "is on Fir, which keeps no log: new lines are shown for " in told.stderr
    assert "Ctrl-C ends it, --tail goes on" in told.stderr


@pytest.mark.parametrize("word", ["nope", "web.77", "wbe"])
def test_a_word_that_names_nothing_is_told_as_ps_tells_it(word: str, invoke: Invoke, world: World) -> None:
    stdout, stderr, code = invoke(f"{LIVE} web {word}")
    assert (stdout, code) == ("", 5)
    assert f"example-app has no process type or dyno {word!r}" in stderr


@pytest.mark.parametrize("world", ["fir-app"], indirect=True)
def test_a_word_that_names_nothing_is_not_waited_for_on_fir(invoke: Invoke, world: World) -> None:
    assert invoke(f"{LIVE} nope").code == 5


def test_a_tail_waits_for_a_name_that_is_not_there_yet_and_says_so(
    invoke: Invoke, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "tail", interrupted)
    _, stderr, code = invoke(f"{LIVE} wbe --tail")
    assert code == 130
    assert "no process type or dyno 'wbe' now: its lines are waited for. Did you mean web" in stderr


def test_a_word_that_the_log_or_the_api_knows_is_fine(invoke: Invoke, world: World) -> None:
    for words in ("web.1", "web", "router", "heroku", "run", "heroku-postgres", "app[nope]"):
        assert invoke(f"{LIVE} {words}").code == 0


@pytest.mark.parametrize("words", [("--template", "{nope} {text}"), ("--stats", "count,p95(nope)"),
                                   ("--stats", "count by nope"), ("--stats", "max(sample#nope)")])  # fmt: skip
def test_a_field_that_no_line_had_is_told_with_those_that_are_known(words: tuple[str, ...]) -> None:
    told = logs(Heroku([text_of(SAMPLE + ROUTER)]), *words)
    assert told.code == 0
    assert re.search(
        "no line had the field (sample#)?nope; known are dyno, source,.* status,.* sample# values", told.stderr
    )


def test_a_field_that_some_line_had_is_not_told_of_and_a_known_one_briefly() -> None:
    metric = raw("app[web.1]: sample#jobs=7 user=ann", 1)
    for words in (("--template", "{jobs} {user}"), ("--stats", "max(jobs) by user,dyno")):
        assert "field" not in logs(Heroku([text_of([metric])]), *words).stderr
    told = logs(Heroku([text_of([metric])]), "--stats", "p95(service)").stderr
    assert "no line had the field service; what an app prints is app.service\n" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--num", "-1"), "--num -1"),
        (("--num", "many"), "many"),
        (("--since", "soon"), "--since 'soon'"),
        (("--since", "1m", "--until", "2m"), "--since is later"),
        (("--grep", "("), "--grep '('"),
        (("status>=high",), "status>=high"),
        (("-o", "xml"), "--output 'xml'"),
        (("-o", "csv", "--template", "{text}"), "two formats"),
        (("--template", "{"), "--template"),
        (("--time", "martian"), "--time 'martian'"),
        (("--stats", "median(x)"), "--stats"),
        (("--table", "dyno,a b"), "--table: 'a b' is no field"),
        (("--table", "dyno,"), "--table: '' is no field"),
        (("--table", "dyno", "-o", "combined"), "--table has forms of its own"),
        (("--table", "dyno", "--stats", "count"), "two views"),
        (("--table", "dyno", "--template", "{dyno}"), "two views"),
        (("--plot",), "such as --stats 'count by 1m' --plot"),
        (("--plot", "--stats", "count by dyno"), "such as --stats 'count by dyno,1m' --plot"),
        (("--plot", "--stats", "count by 1m", "-o", "csv"), "-o csv is none"),
        (("--stats", "count by time"), "by time needs a width"),
        (("--stats", "count", "-o", "logfmt"), "--stats has forms of its own"),
        (("--gaps", "x"), "--gaps 'x'"),
        (("--tail", "--previous"), "--previous"),
        (("--tail", "--from-file", "x"), "a file does not grow"),
    ],
)
def test_what_cannot_mean_anything_is_refused_before_anything_is_sent(words: tuple[str, ...], said: str) -> None:
    heroku = Heroku()
    told = logs(heroku, *words)
    assert (told.stdout, told.code) == ("", 2)
    assert said in told.stderr
    assert heroku.asked == []


def test_formats_are_told_by_name_and_json_by_its_flag_too() -> None:
    document = valid("\n".join(texts("--json", "--num", "3")))
    assert [record["text"] for record in document["lines"]] == [line.partition("]: ")[2] for line in ROUTER[1:]]
    assert document["window"]["lines"] == 304
    for line in texts("-o", "jsonl"):
        valid(line)
    assert texts("-o", "csv", "code=H12")[0].startswith("time,source,proc")
    assert "\r" not in logs(Heroku([text_of(ROUTER)]), "-o", "csv").stdout
    assert texts("-o", "logfmt", "code=H12")[0].startswith("time=2026-11-23T02:06:41.000000Z source=heroku")
    assert texts("-o", "combined")[0].startswith("192.0.2.7 - - [23/Nov/2026:02:06:40 +0000]")
    assert texts("--template", "{dyno} {service}", "code=H12") == ["web.2 30000ms"]
    assert texts("-o", "text", "--utc", "code=H12")[1].startswith("02:06:41.000  router    at=error")
    assert texts("--time", "none", "code=H12")[0].startswith("router    at=error")


def test_on_a_terminal_lines_are_columns_with_local_times(local_time: None) -> None:
    told = logs(Heroku([text_of(SAMPLE)]), "-n", "1", "--color", "never", terminal=True)
    assert told.stdout.splitlines() == ["── Mon 23 Nov 2026, CET ──", "03:04:59.000  web.3     line 299"]


def test_colours_that_are_asked_for_go_through_a_pipe_to_a_pager() -> None:
    assert (
        texts("--color", "always", "--time", "none", "-n", "1", "-d", "web.1")[0] == "\x1b[36mweb.1\x1b[0m     line 297"
    )
    assert "\x1b[" in texts("--color", "always", "-n", "1", "web.1")[1]


def test_redaction_masks_what_must_not_leave() -> None:
    secret = raw(request(path="/a?token=abc").replace("192.0.2.7", "203.0.113.77"))
    shown = "\n".join(texts("--redact", lines=[secret]))
    assert "abc" not in shown
    assert "203.0.113.77" not in shown


@pytest.mark.parametrize(
    "words",
    [("--stats", "count by path,fwd"), ("--table", "path,fwd"), ("-o", "jsonl"), ("-o", "csv"), ("-o", "combined")],
)
def test_redaction_holds_in_tables_and_in_every_format(words: tuple[str, ...]) -> None:
    secret = raw(request(path="/a?token=abc").replace("192.0.2.7", "203.0.113.77"))
    shown = "\n".join(texts("--redact", *words, lines=[secret]))
    assert "/a" in shown
    assert "abc" not in shown
    assert "203.0.113.77" not in shown


def test_bursts_are_fused_and_silences_marked_on_demand() -> None:
    shown = texts("-o", "text", "--utc", "--fuse", "5s", "--gaps", "60s", "web.1", "web.2", "app")
    assert sum("more like it" in line for line in shown) == 2
    assert any("no line for" in line for line in shown)


@pytest.mark.parametrize("words", ["", " --json"])
def test_statistics_are_a_table_or_a_document(words: str, invoke: Invoke, world: World) -> None:
    stdout, _, code = invoke(f"{LIVE} --stats 'count,p50(service),p95(service) by dyno,code'{words}")
    assert code == 0
    if words:
        document = valid(stdout)
        assert document["figures"] == ["count", "p50(service)", "p95(service)"]
        row = next(row for row in document["rows"] if row["group"] == ["web.2", "H12"])
        assert row["values"][1] >= 30_000
    else:
        assert stdout.splitlines()[0].split() == ["dyno", "code", "count", "p50(service)", "p95(service)"]
        assert any(line.split()[:2] == ["web.2", "H12"] for line in stdout.splitlines())


def test_a_table_has_the_lines_with_one_of_the_fields_and_a_number_counts_those() -> None:
    assert texts("--table", "dyno,code,service") == [
        "dyno\tcode\tservice", "web.1\t-\t30ms", "web.2\tH12\t30000ms", "web.2\tR14\t-",
    ]  # fmt: skip
    assert texts("--table", "dyno, service", "-n", "1") == ["dyno\tservice", "web.2\t30000ms"]
    assert texts("--table", "dyno,service", "code=H12,R14", "-o", "csv") == ["dyno,service", "web.2,30000ms"]
    assert len(texts("--table", "dyno,text")) == 1 + 100  # every line has these
    assert valid("\n".join(texts("--table", "dyno,code", "--json")))["window"]["selected"] == 2
    assert [valid(it)["fields"] for it in texts("--table", "code", "-o", "jsonl")] == [{"code": "H12"}, {"code": "R14"}]


def test_a_table_on_a_terminal_is_aligned_with_local_times(local_time: None) -> None:
    told = logs(Heroku([text_of(ROUTER)]), "--table", "time,dyno,status", "--color", "never", terminal=True)
    assert told.stdout.splitlines() == [
        "time          dyno   status", "── Mon 23 Nov 2026, CET ──", "03:06:40.000  web.1     200",
        "03:06:41.000  web.2     503",
    ]  # fmt: skip
    assert told.stderr.endswith("(2 s); 2 of them fit\n")
    utc = logs(Heroku([text_of(ROUTER)]), "--table", "time,status", "--time", "utc", terminal=True).stdout
    assert "02:06:40.000     200" in utc
    wrong = logs(Heroku(), "--table", "time,status", "--time", "delta", terminal=True)
    assert (wrong.code, wrong.stderr.splitlines()[0]) == (2, "herodyno: --time delta is for lines")


def test_a_field_that_no_line_had_is_told_with_the_name_that_was_meant() -> None:
    users = [raw('app[web.1]: {"user_name":"ann","ms":3}', 1), raw("app[web.1]: tenant=acme", 2)]

    def said(*words: str) -> str:
        return logs(Heroku([text_of(ROUTER + users)]), *words).stderr

    assert said("--table", "path,user_nam").startswith("no line had the field user_nam; did you mean user_name?\n")
    assert "no line had the field tennant; did you mean tenant?" in said("--stats", "count by tennant")
    assert "no line had the field srevice; did you mean service?" in said("--template", "{srevice}")
    assert said("--table", "srevice").count("did you mean service?") == 1
    assert "field" not in said("--table", "path,tenant", "-n", "1")  # another line had a path


SPARSE = [
    raw(request(dyno="web.1", service=30), 0),
    raw(request(dyno="web.2", service=30_000, status=503, code="H12"), 70),
    raw("app[web.2]: [r-2] slow query", 185),
]


def test_time_is_local_on_a_terminal_and_names_its_offset_in_a_pipe(local_time: None) -> None:
    def shown(terminal: bool, *words: str) -> list[str]:
        told = logs(Heroku([text_of(SPARSE)]), "--stats", "count,max(service) by 1m", *words, terminal=terminal)
        return told.stdout.splitlines()

    assert shown(True, "--color", "never") == [
        "CET    count  max(service)", "03:00      1            30", "03:01      1        30,000",
        "03:02      0             -", "03:03      0             -",
    ]  # fmt: skip
    assert shown(True, "--color", "never", "--utc")[:2] == ["UTC    count  max(service)", "02:00      1            30"]
    assert shown(False)[1].split() == ["2026-11-23T03:00+01:00", "1", "30"]
    assert shown(False, "--utc")[1].split() == ["2026-11-23T02:00+00:00", "1", "30"]


def test_what_is_left_out_by_filters_still_says_how_far_the_log_reaches(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(text_of(SPARSE))
    words = ("code=H12", "--utc", "--stats", "count by 1m", "-o", "csv")
    live = logs(Heroku([text_of(SPARSE)]), *words)
    assert [row.rpartition(",")[2] for row in live.stdout.splitlines()] == ["count", "0", "1", "0", "0"]
    for files in (f"{tmp_path / 'app.log'}", "-"):
        told = invoke(["logs", *words, "--from-file", files], stdin=text_of(SPARSE))
        assert told.stdout == live.stdout
        assert "the log reaches from 02:00 UTC to 02:03:05 UTC\n" in told.stderr.replace("2026-11-23 ", "")
    assert "the log has no line at all in 1 of 4 buckets, the first 02:02 UTC\n" in live.stderr
    since = logs(Heroku([text_of(SPARSE)]), *words, "--since", "2026-11-23T02:01Z").stdout
    assert [row.rpartition(",")[2] for row in since.splitlines()] == ["count", "1", "0", "0"]
    none = logs(Heroku([text_of(SPARSE)]), "code=H13", "--utc", "--stats", "count by 1m").stdout
    assert [row.split()[-1] for row in none.splitlines()] == ["count", "0", "0", "0", "0"]


def test_figures_by_time_are_the_same_as_table_csv_records_and_document() -> None:
    asked = ("--stats", "count,p95(service) by dyno,bin(2m)", "--utc")
    document = valid(logs(Heroku([text_of(SPARSE)]), *asked, "--json").stdout)
    assert document["by"] == ["dyno", "time(2m)"]
    assert document["rows"][-1] == {"group": ["web.2", "2026-11-23T02:02:00.000000Z"], "values": [0, None]}
    assert document["buckets"] == {
        "seconds": 120, "asked_seconds": 120, "count": 2, "without_lines": 0, "undated": 0,
        "first": "2026-11-23T02:00:00.000000Z", "last": "2026-11-23T02:03:05.000000Z",
    }  # fmt: skip
    records = [valid(line) for line in logs(Heroku([text_of(SPARSE)]), *asked, "-o", "jsonl").stdout.splitlines()]
    assert [(list(it["group"].values()), list(it["values"].values())) for it in records] == [
        (it["group"], it["values"]) for it in document["rows"]
    ]
    rows = list(csv.reader(logs(Heroku([text_of(SPARSE)]), *asked, "-o", "csv").stdout.splitlines()))
    assert rows[0] == ["dyno", "time(2m)", "count", "p95(service)"]
    assert len(rows) == 1 + len(records)
    assert rows[-1] == ["web.2", "2026-11-23T02:02:00.000000Z", "0", ""]


def test_a_picture_has_the_figures_and_as_many_columns_as_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    words = ("--stats", "count by 1s", "--plot", "--utc", "--color", "never")
    told = logs(Heroku([text_of(SPARSE)]), *words, terminal=True, environ={"TERM": "dumb"})
    assert told.stdout.splitlines()[-3:] == [
        "           #      #          #",
        "           02:00       02:02",
        "0 to 1, 10s a bucket, UTC",
    ]
    assert "by 1s is too many columns from 02:00 UTC to 02:03 UTC: they go by 10s" in " ".join(told.stderr.split())


def test_buckets_of_too_many_rows_are_widened_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.logs.query.statistics.MOST_CELLS", 20)
    told = logs(Heroku([text_of(SPARSE)]), "--utc", "--stats", "count by 1s")
    assert len(told.stdout.splitlines()) == 1 + 19
    assert "by 1s is too many rows from 02:00 UTC to 02:03 UTC: they go by 10s; --since and --un" in told.stderr


@pytest.mark.parametrize("world", ["crash-loop"], indirect=True)
def test_previous_shows_the_last_words_of_dynos_that_ended(invoke: Invoke, world: World) -> None:
    stdout, _, code = invoke(f"{LIVE} web --previous -n 5 -o text")
    assert code == 0
    heads = [line for line in stdout.splitlines() if "its last lines:" in line]
    assert len(heads) == 2
    assert "web.1 (" in heads[0]
    assert "crashed, exit status 1" in heads[0]
    assert stdout.count("Process exited with status 1") == 2
    records = [json.loads(line) for line in invoke(f"{LIVE} web.1 --previous -n 5 -o jsonl").stdout.splitlines()]
    assert [record["type"] for record in records] == ["incarnation"] + ["line"] * 5
    assert {record["dyno"] for record in records} == {"web.1"}


def test_previous_without_an_end_says_so(invoke: Invoke) -> None:
    stdout, stderr, code = invoke(f"{LIVE} web.1 --previous")
    assert (stdout, code) == ("", 5)
    assert "no dyno under the name web.1 ended" in stderr


def test_a_dyno_is_chosen_by_the_beginning_of_its_id(invoke: Invoke, world: World) -> None:
    dyno = next(dyno for dyno in world.dynos("example-app") if dyno.name == "web.2")
    by_id = invoke(["logs", "-a", "example-app", dyno.id[:8]]).stdout.splitlines()
    by_name = invoke(["logs", "-a", "example-app", "web.2"]).stdout.splitlines()
    assert by_name
    assert set(by_name) <= set(by_id)  # each look adds a line to the log, so the second may have lost one
    assert all("[web.2]: " in line or " dyno=web.2 " in line for line in by_id)
    assert any(" dyno=web.2 " in line for line in by_id)
    assert invoke(f"{LIVE} 0000ffff").code == 5


def test_a_dyno_that_runs_is_followed_by_its_id(invoke: Invoke, world: World) -> None:
    dyno = next(dyno for dyno in world.dynos("example-app") if dyno.name == "web.2")
    told = invoke(f"{LIVE} {dyno.id[:8]} --tail -n 5 --until {world.now:%Y-%m-%dT%H:%M:%SZ}")
    assert told.code == 0
    assert len(told.stdout.splitlines()) == 5
    assert all("[web.2]: " in line or " dyno=web.2 " in line for line in told.stdout.splitlines())


@pytest.mark.parametrize("world", ["crash-loop"], indirect=True)
def test_an_id_that_is_gone_is_found_in_the_log(invoke: Invoke, world: World, tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(world.log_text("example-app"), encoding="utf-8")
    named = invoke(f"{LIVE} web --previous -o jsonl").stdout.splitlines()[0]
    dead = json.loads(named)["text"].partition("(")[2][:8]
    told = invoke(f"logs {dead} --from-file {tmp_path / 'app.log'} -o jsonl")
    assert told.code == 0
    assert {json.loads(line)["dyno"] for line in told.stdout.splitlines()} == {json.loads(named)["dyno"]}


class TestFromFile:
    """Offline: the same answers, from files packed or not, several, and standard input."""

    @pytest.fixture
    def log_file(self, tmp_path: Path) -> Path:
        path = tmp_path / "app.log"
        path.write_bytes(text_of(SAMPLE + ROUTER))
        return path

    def test_all_lines_are_shown_unless_a_number_is_given(self, invoke: Invoke, log_file: Path) -> None:
        assert invoke(f"logs --from-file {log_file}", environ={}).stdout.splitlines() == SAMPLE + ROUTER
        assert invoke(f"logs -n 2 --from-file {log_file}", environ={}).stdout.splitlines() == ROUTER[-2:]

    @pytest.mark.parametrize("words", ["code=H12", "web.1", "'status>=500'", "-g 'line 29'", "--stats 'count by dyno'"])
    def test_filters_and_figures_are_those_of_the_live_log(self, words: str, invoke: Invoke, log_file: Path) -> None:
        live = logs(Heroku([log_file.read_bytes()]), *[word.strip("'") for word in words.split(" ", 1)])
        assert invoke(f"logs {words} --from-file {log_file}", environ={}).stdout == live.stdout

    def test_packed_files_and_standard_input_are_read(self, invoke: Invoke, log_file: Path, tmp_path: Path) -> None:
        packed = tmp_path / "app.log.gz"
        packed.write_bytes(gzip.compress(log_file.read_bytes()))
        plain = invoke(f"logs code=H12 --from-file {log_file}").stdout
        assert plain
        assert invoke(f"logs code=H12 --from-file {packed}").stdout == plain
        assert invoke("logs code=H12 --from-file -", stdin=packed.read_bytes()).stdout == plain

    def test_several_files_are_one_log(self, invoke: Invoke, log_file: Path, tmp_path: Path) -> None:
        (tmp_path / "older.log").write_bytes(text_of([raw("app[web.1]: before", -5)]))
        shown = invoke(f"logs --from-file {log_file} --from-file {tmp_path / 'older.log'}").stdout.splitlines()
        assert shown == [raw("app[web.1]: before", -5), *SAMPLE, *ROUTER]

    def test_a_line_that_stands_in_two_files_is_shown_and_counted_once(
        self, invoke: Invoke, log_file: Path, tmp_path: Path
    ) -> None:
        lines = log_file.read_bytes().splitlines(keepends=True)
        whole = invoke(f"logs --from-file {log_file}").stdout
        for part in (lines, lines[2:], lines[:-2]):
            (tmp_path / "again.log").write_bytes(b"".join(part))
            files = f"--from-file {log_file} --from-file {tmp_path / 'again.log'}"
            told = invoke(f"logs {files}")
            assert sorted(told.stdout.splitlines()) == sorted(whole.splitlines())
            assert f"{len(part)} lines that stand in two of these files were counted once" in told.stderr
            assert f"\n{len(lines):>5}" in invoke(f"logs {files} --stats count").stdout

    def test_a_missing_file_is_not_found(self, invoke: Invoke) -> None:
        assert invoke("logs --from-file nowhere.log").code == 5


@pytest.mark.parametrize(("term", "where", "rule"), [
    ("dumb", True, "--"), ("xterm", True, "──"), ("xterm", False, "--"),
])  # fmt: skip
def test_box_drawing_is_for_terminals_that_draw(invoke: Invoke, term: str, where: bool, rule: str) -> None:
    environ = {"HEROKU_API_KEY": TOKEN, "TERM": term, "NO_COLOR": "1"}
    told = invoke("logs -n 1 -a example-app --time utc", terminal=where, environ=environ)
    assert told.stdout.splitlines()[0] == f"{rule} Mon 23 Nov 2026, UTC {rule}"
