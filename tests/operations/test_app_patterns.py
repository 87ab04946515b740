"""Patterns of app names: which fit, and which can fit no app at all."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.heroku_facts import APP_NAME_PATTERN
from herodyno.operations.app_patterns import LONGEST, SHORTEST, can_match, matching


def test_the_first_pattern_that_fits_is_told_and_a_name_is_the_pattern_of_itself() -> None:
    assert matching("shop-prod", ["live-*", "*-prod", "shop-prod"]) == "*-prod"
    assert matching("shop-prod", ["shop-prod"]) == "shop-prod"
    assert matching("shop-staging", ["*-prod", "shop", "Shop-staging"]) == ""


@pytest.mark.parametrize(
    "pattern",
    ["example-app", "*", "*-prod", "live-*", "a??", "[a-c]bc", "[!a]bc", "?" * 30, "*a*", "a-*-[0-9]", "[a-]bc", "**"],
)
def test_a_pattern_that_some_name_fits_is_taken(pattern: str) -> None:
    assert can_match(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "Example-App",
        "*-PROD",
        "*_prod",
        "my app",
        "shop.prod",
        " shop",
        "shop/*",
        "1shop",
        "-shop",
        "[0-9]*shop",
        "*-",
        "ab",
        "?",
        "a" * 31,
        "?" * 31 + "*",
        "[A-Z]hop",
        "[shop",
        "[]",
        "^shop$",
        "(a|b)*",
        "shop-?*-",
        "säle",
        "shop\n",
    ],
)
def test_a_pattern_that_no_name_fits_is_known(pattern: str) -> None:
    assert not can_match(pattern)


@given(st.text(alphabet="ab-0A_*?[]!", max_size=12), st.from_regex(APP_NAME_PATTERN, fullmatch=True))
def test_a_pattern_that_fits_a_name_is_never_called_impossible(pattern: str, name: str) -> None:
    for each in (pattern, pattern[:2] + "*", name[:4] + pattern, "*" + name[3:]):
        assert can_match(each) or not fnmatchcase(name, each)


def test_the_lengths_are_those_of_herokus_pattern() -> None:
    for length, fits in [(SHORTEST - 1, False), (SHORTEST, True), (LONGEST, True), (LONGEST + 1, False)]:
        assert bool(re.fullmatch(APP_NAME_PATTERN, "a" * length)) is fits
