"""Field filters: what each operator means, also for a line without the field, and which words are errors."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.errors import UsageError
from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.filters import condition, literal, pattern
from tests.logs.log_lines import line, request

SLOW = request(dyno="web.2", status=503, service=30000, code="H12", path="/api/items")
FAST = request(dyno="web.1", status=200, service=45)
APP = 'app[worker.1]: {"path":"\\/api\\/jobs","tries":3}'


def holds(word: str, text: str) -> bool:
    found = condition(word)
    assert found
    read = line(text)
    decided = found.is_decided(read.raw)
    answer = found.matches(event_of(read))
    assert decided in (None, answer)  # what the text decides, the parsed event does not contradict
    return answer


@pytest.mark.parametrize(
    ("word", "slow", "fast", "app"),
    [
        ("status>=500", True, False, False),
        ("status<500", False, True, False),
        ("service>2s", True, False, False),
        ("service>2", True, True, False),
        ("service<=45ms", False, True, False),
        ("service=30s", True, False, False),
        ("code=H12", True, False, False),
        ("code=H10,H12", True, False, False),
        ("code=H*", True, False, False),
        ("code!=H12", False, True, True),
        ("status=5*", True, False, False),
        ("status=503", True, False, False),
        ("path~^/api", True, False, False),
        ("path!~^/api", False, True, True),
        ("app.path~^/api", False, False, True),
        ("dyno=web.*", True, True, False),
        ("type=worker", False, False, True),
        ("tries=3", False, False, True),
        ("tries>2MB", False, False, True),
        ("nothing=x", False, False, False),
        ("nothing!=x", True, True, True),
    ],
)
def test_a_filter_holds_or_not(word: str, slow: bool, fast: bool, app: bool) -> None:
    assert [holds(word, text) for text in (SLOW, FAST, APP)] == [slow, fast, app]


@pytest.mark.parametrize("word", ["web.1", "router", "app[web.1]", "4f0c", "web", ">5", "=x", "a b=c"])
def test_a_word_without_a_name_and_an_operator_is_no_filter(word: str) -> None:
    assert condition(word) is None


@pytest.mark.parametrize("word", ["status>=many", "service>", "path~(", "path!~["])
def test_a_filter_without_meaning_is_an_error(word: str) -> None:
    with pytest.raises(UsageError) as error:
        condition(word)
    assert error.value.next_step


def test_a_wrong_pattern_is_shown_with_the_place_of_its_fault() -> None:
    with pytest.raises(UsageError, match=r"--grep 'a\(' is no regular expression: .* at character 2"):
        pattern("a(", flag="--grep")


@given(st.text(max_size=12), st.text(max_size=30))
def test_what_is_called_literal_is_searched_as_it_is(regex: str, text: str) -> None:
    plain = literal(regex)
    if plain and pattern(regex, flag="--grep").search(text):
        assert plain in text


@pytest.mark.parametrize("offset", ["+00:00", "Z", "+02:00"])
def test_a_time_is_the_same_instant_however_its_offset_is_written(offset: str) -> None:
    at = datetime.fromisoformat(line(FAST).raw.partition(" ")[0]).astimezone(timezone(timedelta(hours=2)))
    typed = (at if offset == "+02:00" else at.astimezone(UTC)).isoformat().replace("+00:00", offset)
    assert holds(f"time={typed}", FAST)
    assert holds(f"time=2020-01-01T00:00:00Z,{typed}", FAST)
    assert not holds(f"time!={typed}", FAST)


def test_a_time_with_wildcards_is_compared_as_text() -> None:
    assert holds(f"time={line(FAST).raw[:10]}*", FAST)
