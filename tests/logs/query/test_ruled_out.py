"""Why nothing fits: the word that rules out the lines is named, and what would fit in its place."""

from datetime import datetime, timedelta

import pytest

from herodyno.logs.events import LogLine
from herodyno.logs.query import ruled_out
from herodyno.logs.query.filters import condition, pattern
from herodyno.logs.query.ruled_out import why_none_fits
from herodyno.logs.query.selecting import Lifetime, Selection, Selector
from tests.logs.log_lines import START, line, request

LINES = [
    line("app[web.1]: one", 1),
    line("app[web.1]: two", 2),
    line("app[web.2]: three", 3),
    line(request(dyno="web.1", status=200), 4),
    line(request(dyno="web.2", status=503, code="H12", service=30_000), 5),
    line("heroku[web.2]: Error R14 (Memory quota exceeded)", 6),
]


def clocks(first: datetime, last: datetime) -> tuple[str, str]:
    return f"{first:%H:%M:%S}", f"{last:%H:%M:%S}"


def why(lines: list[LogLine] = LINES, *, whole: bool = True, ids: tuple[str, ...] = (), **wanted: object) -> str:
    conditions = tuple(found for word in wanted.pop("words", ()) if (found := condition(word)))  # type: ignore[attr-defined] # a tuple
    selection = Selection(conditions=conditions, **wanted)  # type: ignore[arg-type] # as the test names them
    selector = Selector(selection)
    assert not sum(selector.wants(it) for it in lines)
    return why_none_fits(selection, lines, clocks=clocks, ids=ids, whole=whole)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"words": ("status>=600",)}, "status>=600 rules out all 6 lines: status is 200, 503"),
        ({"words": ("code=H13",)}, "code=H13 rules out all 6 lines: code is H12, R14"),
        ({"targets": ("web.9",)}, "web.9 rules out all 6 lines: they are of web.1, web.2"),
        ({"targets": ("web.9", "x")}, "web.9 or x rules out all 6 lines: they are of web.1, web.2"),
        (
            {"targets": ("worker.1",), "speaker_alone": True},
            "worker.1 --speaker rules out all 6 lines: they are of web.1, web.2, router",
        ),
        (
            {"lifetimes": (Lifetime("web.9", None, None),), "ids": ("bb12",)},
            "bb12 rules out all 6 lines: they are of web.1, web.2",
        ),
        ({"without": ("web",)}, "--not web rules out all 6 lines"),
        (
            {"since": START + timedelta(hours=1)},
            "--since rules out all 6 lines: they are from 02:00:01 to 02:00:06",
        ),
        ({"until": START}, "--until rules out all 6 lines: they are from 02:00:01 to 02:00:06"),
        ({"request_id": "zz"}, "--request-id zz rules out all 6 lines"),
        ({"grep": (pattern("ONE", flag=""),)}, "--grep 'ONE' rules out all 6 lines: some fit --grep '(?i)ONE'"),
        ({"without_text": (pattern("", flag=""),)}, "--exclude '' rules out all 6 lines"),
        (
            {"words": ("code=H13", "status>=600")},
            "code=H13 rules out all 6 lines: code is H12, R14. status>=600 rules out all 6 lines: status is 200, 503",
        ),
        (
            {"targets": ("web.1",), "words": ("code=H12",)},
            "of all 6 lines none fits all words; without web.1, 1 line would: they are of web.2; "
            "without code=H12, 3 lines would: they have no code",
        ),
        (
            {"targets": ("web.2",), "words": ("status>=500",), "speaker_alone": True},
            "of all 6 lines none fits all words; without web.2 --speaker, 1 line would: they are of router; "
            "without status>=500, 2 lines would: they have no status",
        ),
        (
            {"targets": ("app",), "words": ("code=H12",)},
            "of all 6 lines none fits all words; without app, 1 line would: they are of heroku; "
            "without code=H12, 3 lines would: they have no code",
        ),
        (
            {"targets": ("web.1",), "words": ("code=R14",), "grep": (pattern("three", flag=""),)},
            "of all 6 lines none fits all words; web.1 fits 3 lines, --grep 'three' fits 1 line, code=R14 fits 1 line, "
            "each alone",
        ),
        ({"whole": False, "words": ("code=H13",)}, "code=H13 rules out the first 6 lines: code is H12, R14"),
        ({"lines": [], "words": ("code=H13",)}, ""),
    ],
)
def test_the_word_that_rules_out_is_named_and_what_would_fit(wanted: dict[str, object], told: str) -> None:
    assert why(**wanted) == told  # type: ignore[arg-type] # as the test names them


def test_a_field_that_no_line_has_is_told_as_statistics_tell_it() -> None:
    told = why(words=("nope=1",))
    assert told.startswith("nope=1 rules out all 6 lines: no line had the field nope; known are dyno, source")


def test_many_numbers_are_told_by_their_ends_and_many_texts_by_the_commonest() -> None:
    lines = [line(request(service=number, path=f"/{number}"), number) for number in range(10, 30)]
    assert why(lines, words=("service>2s",)).endswith(": service is from 10ms to 29ms")
    assert why(lines, words=("path=/x",)).endswith(": path is /10, /11, /12, /13, /14, /15 and 14 more")
    long = why([line(request(path="/" + "a" * 500))], words=("path=/x",))
    assert long.endswith(f": path is /{'a' * 59}…")


def test_a_line_without_a_head_goes_with_the_line_before() -> None:
    lines = [line("app[web.1]: one"), line("  two")]
    assert why(lines, targets=("web.2",)) == "web.2 rules out all 2 lines: they are of web.1"


def test_of_a_big_log_the_first_lines_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruled_out, "MOST_LINES", 3)
    assert why(words=("code=H13",)).startswith("code=H13 rules out the first 3 lines: no line had the field code")
