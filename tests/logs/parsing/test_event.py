"""Each file in cases/ holds lines, a blank line, and the events they mean; a new case is a new file.

Expected events name the fields that matter; `at` and `text` are those of the event's line.
"""

import ast
import time
from pathlib import Path

import pytest

from herodyno.logs.events import Event, LogLine, MemorySample, RouterRequest
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.read import read_events

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.txt"))


def line(source: str, proc: str, text: str) -> LogLine:
    return LogLine(None, source, proc, text, text, 1)


def seen(event: Event, names: list[str]) -> dict[str, object]:
    of_line = {"at": event.line.at.isoformat() if event.line.at else None, "text": event.line.text}
    return {name: getattr(event, name) if name in event._fields else of_line[name] for name in names}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_case_means_what_it_says(case: Path) -> None:
    lines, _, wanted = case.read_text(encoding="utf-8").partition("\n\n")
    calls = [call for call in ast.parse(wanted).body if isinstance(call, ast.Expr)]

    events = list(read_events([lines.encode() + b"\n"], year=2026))

    assert [type(event).__name__ for event in events] == [call.value.func.id for call in calls]  # type: ignore[attr-defined]
    for event, call in zip(events, calls, strict=True):
        fields = {word.arg: ast.literal_eval(word.value) for word in call.value.keywords}  # type: ignore[attr-defined]
        assert seen(event, list(fields)) == fields


ROUTER = (
    'at=info method=GET path="/a?b=1" host=example-app.herokuapp.com request_id=r-1 fwd="203.0.113.9" '
    "dyno=web.1 connect=0ms service=49ms status=200 bytes=15225 protocol=http2.0 tls=true tls_version=tls1.3"
)
MEMORY = (
    "source=web.1 dyno=heroku.100200300.33333333-aaaa-4bbb-8ccc-000000000003 sample#memory_total=101.25MB "
    "sample#memory_rss=99.00MB sample#memory_cache=2.00MB sample#memory_swap=0.25MB "
    "sample#memory_pgpgin=1200pages sample#memory_pgpgout=7pages sample#memory_quota=512.00MB"
)


def test_todays_router_layout_and_any_other_order_give_the_same_request() -> None:
    as_written = event_of(line("heroku", "router", ROUTER))
    moved = ROUTER.replace("at=info method=GET", "method=GET at=info").replace(
        "connect=0ms service=49ms", "service=49ms connect=0ms"
    )
    turned = event_of(line("heroku", "router", moved))

    assert isinstance(as_written, RouterRequest)
    assert as_written[1:] == turned[1:]


def test_a_path_without_its_quote_ends_at_a_blank_and_forges_no_key_before_it() -> None:
    text = 'at=info method path="/a at=error code=H12 host=one host=shop xhost=x = dyno=web.1 status=200 x='

    found = event_of(line("heroku", "router", text))

    assert isinstance(found, RouterRequest)
    assert (found.level, found.code, found.method, found.path) == ("info", "", "", '"/a')
    assert (found.host, found.dyno, found.status) == ("shop", "web.1", 200)


def test_requests_of_the_same_words_have_lines_of_their_own() -> None:
    words = 'at=info method=GET path="/orders/1 host=shop.example.com dyno=web.1'
    first, second, other = (
        event_of(line("heroku", "router", text)._replace(number=number))
        for number, text in enumerate((words, words, words.replace("/1", "/2")))
    )
    assert isinstance(first, RouterRequest)
    assert isinstance(second, RouterRequest)
    assert isinstance(other, RouterRequest)
    assert first._replace(line=second.line) == second
    assert (first.line.number, second.line.number, second.path, other.path) == (0, 1, '"/orders/1', '"/orders/2')


def test_todays_memory_layout_and_any_other_order_give_the_same_sample() -> None:
    head, *samples = MEMORY.split(" sample#")
    as_written = event_of(line("heroku", "web.1", MEMORY))
    turned = event_of(line("heroku", "web.1", " sample#".join([head, *reversed(samples)])))

    assert isinstance(as_written, MemorySample)
    assert as_written[1:] == turned[1:]


HOSTILE = {
    "unclosed quotes": ("heroku", "router", "at=info " + 'path="' * 70_000),
    "closed quotes": ("heroku", "router", "at=info " + 'a="b" ' * 70_000),
    "blanks after quotes": ("heroku", "router", 'at=info path="' + '" ' * 200_000),
    "one long word": ("heroku", "router", "at=info path=" + "x" * 400_000),
    "words that are no pairs": ("heroku", "router", "at=info " + "x " * 200_000),
    "of 2012, without end": ("heroku", "router", "Error H12 (" + "(" * 400_000),
    "samples": ("heroku", "web.1", "source=web.1 dyno=heroku." + "sample#a=1." * 40_000),
    "dots in an id": ("heroku", "web.1", "source=" + "a." * 200_000 + " dyno=heroku." + "." * 1000),
    "digits": ("heroku", "web.1", "Process exited with status " + "9" * 400_000),
    "by, by, by": ("app", "api", "Set " + "config by " * 40_000),
    "formations": ("app", "api", "Scaled to " + "web@1:" * 70_000),
    "drains": ("heroku", "logplex", "Error L10 " + "1 message drain '" * 25_000),
    "frames of a stack": ("app", "web.1", "at " * 130_000 + "("),
    "classes": ("app", "web.1", "A::" * 130_000 + "Error"),
    "names": ("app", "web.1", "Unhandled exception: " * 20_000),
    "brackets": ("app", "web.1", "[" * 400_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_line_of_400_kb_built_against_patterns_takes_linear_time(name: str) -> None:
    source, proc, text = HOSTILE[name]
    raw = f"2026-03-02T08:00:00.000001+00:00 {source}[{proc}]: {text}".encode()

    began = time.process_time()
    events = list(read_events([raw], year=2026))
    seconds = time.process_time() - began

    assert len(events) == 1
    assert seconds < 0.2, "50 ms on a quiet machine; a quadratic pattern takes minutes"
