"""The grammar of scale: what is read, what is refused and with which hint, and that nothing is half-read."""

from __future__ import annotations

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.errors import UsageError
from herodyno.operations.scale.grammar import MAX_QUANTITY, ScaleWord, parse_scale_word, parse_scale_words

READ = [
    # The nine that hk took.
    ("web=5", ScaleWord(type="web", quantity=5)),
    ("bg_worker=50:1X", ScaleWord(type="bg_worker", quantity=50, size="1X")),
    ("bg_worker=50:PX", ScaleWord(type="bg_worker", quantity=50, size="PX")),
    ("web=:2X", ScaleWord(type="web", size="2X")),
    ("web=:PX", ScaleWord(type="web", size="PX")),
    ("web=1X", ScaleWord(type="web", size="1X")),
    ("web=1x", ScaleWord(type="web", size="1x")),
    ("web=PX", ScaleWord(type="web", size="PX")),
    ("web=px", ScaleWord(type="web", size="px")),
    # What the Heroku CLI takes.
    ("web=3:standard-2x", ScaleWord(type="web", quantity=3, size="standard-2x")),
    ("worker+1", ScaleWord(type="worker", change=1)),
    ("clock-1", ScaleWord(type="clock", change=-1)),
    ("web=2:Shield-M", ScaleWord(type="web", quantity=2, size="Shield-M")),
    ("Web=1", ScaleWord(type="Web", quantity=1)),
    ("web=01", ScaleWord(type="web", quantity=1)),
    ("web+1:standard-2x", ScaleWord(type="web", change=1, size="standard-2x")),
    ("web=0", ScaleWord(type="web", quantity=0)),
    # What it drops in silence and means something.
    ("web=standard-2x", ScaleWord(type="web", size="standard-2x")),
    ("web=basic", ScaleWord(type="web", size="basic")),
    ("web=2:dyno-1c-0.5gb", ScaleWord(type="web", quantity=2, size="dyno-1c-0.5gb")),
    ("web=dyno-1c-0.5gb", ScaleWord(type="web", size="dyno-1c-0.5gb")),
    ("my-app=2", ScaleWord(type="my-app", quantity=2)),
    ("my-app-2", ScaleWord(type="my-app", change=-2)),
    ("web-1=2", ScaleWord(type="web-1", quantity=2)),
    ("web=:newsize", ScaleWord(type="web", size="newsize")),
    ("web=10000", ScaleWord(type="web", quantity=MAX_QUANTITY)),
]

REFUSED = [
    # The six that hk refused.
    ("web=1X:5", "Did you mean web=5:1X?"),
    ("web=PX:5", "Did you mean web=5:PX?"),
    ("web", "Write it as"),
    ("web=", "Write it as"),
    ("web =", "Write it as"),
    ("web=1X: 5", "Did you mean web=5:1X?"),
    # What the Heroku CLI drops in silence, or sends.
    ("bogus", "Write it as"),
    ("web=2:", "Write it as"),
    ("web==1", "Write it as"),
    ("web=-1", "Did you mean web-1?"),
    ("web=+1", "Did you mean web+1?"),
    ("web=1.5", "Write it as"),
    ("web=1:a:b", "Write it as"),
    ("we.b=1", "Write it as"),
    ("web=abc", "Write it as"),
    ("web=99999999999999999999", "Write it as"),
    ("web=10001", "Write it as"),
    ("web+99999999999999999999", "Write it as"),
    ("web=" + "9" * 1_000_000, "Write it as"),
    ("-2", "Write it as"),
    ("=3", "Write it as"),
    ("", "Write it as"),
    ("web=3\n", "Write it as"),
    ("web=٣", "Write it as"),
    ("web=1:st\x1bndard", "Write it as"),
    ("web\udc80=1", "Write it as"),
    ("w" * 129 + "=1", "Write it as"),
]


@pytest.mark.parametrize(("argument", "word"), READ)
def test_what_means_something_is_read(argument: str, word: ScaleWord) -> None:
    assert parse_scale_word(argument) == word


@pytest.mark.parametrize(("argument", "hint"), REFUSED)
def test_what_means_nothing_is_refused_by_name_with_what_to_type(argument: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_scale_word(argument)
    assert repr(argument[:20])[1:-1] in refusal.value.message
    assert hint in refusal.value.next_step
    assert len(refusal.value.message) < 300


def test_one_bad_word_refuses_all_of_them() -> None:
    with pytest.raises(UsageError, match="worker=x"):
        parse_scale_words(["web=2", "worker=x"])


@pytest.mark.parametrize("second", ["web=5", "web+1", "web=standard-2x"])
def test_the_same_type_twice_is_refused(second: str) -> None:
    with pytest.raises(UsageError, match="web is already given by web=1"):
        parse_scale_words(["web=1", "worker=1", second])


TYPES = st.text(st.sampled_from(ascii_letters + digits + "_-"), min_size=1, max_size=20)
SIZES = st.sampled_from(["", "standard-2x", "Eco", "dyno-1c-0.5gb", "1X", "PX", "newsize", "Private-M"])
COUNTS = st.integers(0, MAX_QUANTITY)
WORDS = st.one_of(
    st.builds(ScaleWord, type=TYPES, quantity=COUNTS, size=SIZES),
    st.builds(ScaleWord, type=TYPES, change=st.integers(-MAX_QUANTITY, MAX_QUANTITY), size=SIZES),
    st.builds(ScaleWord, type=TYPES, size=SIZES.filter(bool)),
)


@given(WORDS)
def test_reading_what_was_written_gives_it_back(word: ScaleWord) -> None:
    assert parse_scale_word(str(word)) == word


@given(st.lists(st.one_of(WORDS.map(str), st.text(max_size=12)), max_size=6))
def test_every_word_counts_or_none_does(arguments: list[str]) -> None:
    try:
        words = parse_scale_words(arguments)
    except UsageError:
        return
    assert len(words) == len(arguments)
    assert [parse_scale_word(argument) for argument in arguments] == list(words)


@given(st.text())
def test_any_text_is_read_or_refused_and_never_breaks(argument: str) -> None:
    try:
        word = parse_scale_word(argument)
    except UsageError:
        return
    assert parse_scale_word(str(word)) == word
