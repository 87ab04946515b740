"""Which dynos a word means."""

from __future__ import annotations

import pytest

from herodyno.dynos import Dyno, Formation
from herodyno.errors import NotFound, UsageError
from herodyno.operations.targets import find_target, require_id_start, require_words

DYNOS = [
    Dyno(name="web.10", id="6f1c02ab-0000-4000-8000-000000000010", type="web"),
    Dyno(name="web.2", id="6f1cffff-0000-4000-8000-000000000002", type="web"),
    Dyno(name="beef.1", id="dead0000-0000-4000-8000-000000000003", type="beef"),
    Dyno(name="run.1234", id="beef0000-0000-4000-8000-000000000004", type="run"),
]
FORMATION = [Formation(type="web", quantity=2), Formation(type="beef", quantity=1), Formation(type="clock", quantity=0)]


def names(word: str) -> list[str]:
    return [dyno.name for dyno in find_target("example-app", word, DYNOS, FORMATION).dynos]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("web.2", ["web.2"]),
        ("web", ["web.2", "web.10"]),
        ("6f1c02ab", ["web.10"]),
        ("6F1C02AB-0000", ["web.10"]),
        ("6f1cffff-0000-4000-8000-000000000002", ["web.2"]),
        ("clock", []),
        ("run", ["run.1234"]),
    ],
)
def test_a_name_a_type_an_id_or_its_beginning(word: str, meant: list[str]) -> None:
    assert names(word) == meant


def test_a_type_wins_over_an_id_that_begins_like_it() -> None:
    target = find_target("example-app", "beef", DYNOS, FORMATION)
    assert (target.type, [dyno.name for dyno in target.dynos]) == ("beef", ["beef.1"])


def test_the_beginning_of_two_ids_names_both_and_does_nothing() -> None:
    with pytest.raises(UsageError, match=r"web\.2 \(6f1cffff\), web\.10 \(6f1c02ab\)"):
        names("6f1c")


@pytest.mark.parametrize("word", ["web.99", "wbe", "6f1", "", "../../victim/dynos/web.1", "0000"])
def test_what_means_nothing_is_refused(word: str) -> None:
    with pytest.raises(NotFound):
        names(word)


@pytest.mark.parametrize("word", ["6f1", "web.1", "6f1c02zz", ""])
def test_what_cannot_begin_an_id_is_refused_by_its_flag(word: str) -> None:
    with pytest.raises(UsageError, match="--if-id"):
        require_id_start(word, flag="--if-id")
    require_id_start("6f1c", flag="--if-id")


def test_a_near_miss_is_offered() -> None:
    with pytest.raises(NotFound) as refusal:
        names("wbe")
    assert "Did you mean web" in refusal.value.next_step


def test_every_name_that_heroku_gives_is_a_word_and_a_path_is_none() -> None:
    require_words(["web", "my-app", "_old", "web.10", "web-848cd4f64d-pvpr2", "6f1c02ab-0000-4000-8000-000000000010"])
    for path in ("../../victim", "web/../x", ".", "web.1?x=1", "web 1", ""):
        with pytest.raises(UsageError, match="nothing was sent"):
            require_words([path])
