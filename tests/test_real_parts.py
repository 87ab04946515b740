"""A missing part skips a test here and fails it in CI, unless CI says that it cannot have the part."""

from __future__ import annotations

import pytest

from tests import real_parts
from tests.real_parts import need


def test_a_part_that_is_here_lets_the_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_parts, "_IS_CI", True)
    need("sh")
    need("data", present=True)


def test_elsewhere_a_missing_part_skips_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_parts, "_IS_CI", False)
    with pytest.raises(pytest.skip.Exception, match="needs no-such-program: the Debian package none"):
        need("no-such-program", install="the Debian package none")


def test_in_ci_a_missing_part_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_parts, "_IS_CI", True)
    with pytest.raises(pytest.fail.Exception, match="CI=true"):
        need("data", present=False)


def test_in_ci_a_part_that_it_cannot_have_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_parts, "_IS_CI", True)
    monkeypatch.setattr(real_parts, "_WITHOUT", ["shared/data"])
    with pytest.raises(pytest.skip.Exception):
        need("shared/data", present=False)
    with pytest.raises(pytest.fail.Exception):
        need("the Heroku CLI", present=False)
