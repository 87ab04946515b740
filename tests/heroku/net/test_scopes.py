"""Which scope a call needs, and what --scope may be."""

from __future__ import annotations

import pytest

from herodyno.errors import RefusedByHeroku, UsageError
from herodyno.heroku.net.replies import Reply, error_of
from herodyno.heroku.net.scopes import scope_for, scopes_of, shared_next_step
from herodyno.heroku_facts import SCOPES
from herodyno.sandbox.api.routes import ROUTES
from herodyno.sandbox.api.scopes import NOT_ALLOWED, allows

API = "https://api.heroku.com"


def test_the_scope_that_is_named_is_one_that_the_sandbox_takes_for_each_call_and_no_more_than_needed() -> None:
    """The two sides share no code: each reads Heroku's page for itself."""
    for route in ROUTES:
        if route.free:
            continue
        path = route.path.replace("{*}", "x").replace("{}", "x")
        scope = scope_for(route.method, f"{API}{path}?a=b")
        assert allows(scopes_of(scope), route.method, route.path), route
        lesser = {"write": ("identity", "read"), "read": ("identity",), "global": SCOPES[:-1]}.get(
            scope, ("read", "write")
        )
        assert scope == "identity" or not allows(lesser, route.method, route.path), route


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("read", ("read",)),
        ("write", ("read", "write")),
        ("read,write", ("read", "write")),
        ("write-protected", ("read-protected", "write-protected")),
        (" identity , read ", ("identity", "read")),
        ("global", ("global",)),
    ],
)
def test_a_writer_reads_too(text: str, scopes: tuple[str, ...]) -> None:
    assert scopes_of(text) == scopes


@pytest.mark.parametrize("text", ["", ",", "Read", "read write", "read,", "admin", "read;write"])
def test_any_other_word_is_refused_with_the_list(text: str) -> None:
    with pytest.raises(UsageError, match="is no scope of Heroku's") as refused:
        scopes_of(text)
    assert all(scope in refused.value.next_step for scope in SCOPES)


def refusal(body: bytes, source: str = "~/.netrc", status: int = 403) -> RefusedByHeroku:
    told = error_of(Reply("DELETE", f"{API}/apps/a/dynos", status, {"content-type": "application/json"}, body),
                    token_source=source)  # fmt: skip
    assert isinstance(told, RefusedByHeroku)
    return told


def test_only_a_refusal_for_the_scope_names_one() -> None:
    words = f'{{"id": "forbidden", "message": "{NOT_ALLOWED}"}}'.encode()
    step = "DELETE /apps/a/dynos needs a token of scope write or more: "
    assert refusal(words).next_step == f"{step}herodyno auth login --scope write"
    assert refusal(words).message == f"{NOT_ALLOWED} (403, forbidden)"
    of_variable = refusal(words, "HEROKU_API_KEY").next_step
    assert of_variable == f"{step}unset HEROKU_API_KEY, then herodyno auth login --scope write"
    assert refusal(b'{"id": "forbidden", "message": "You do not have access to the app a."}').next_step == ""
    assert refusal(words, status=422).next_step == ""


def test_several_calls_need_one_scope_and_what_they_have_not_in_common_is_left_out() -> None:
    needs = "needs a token of scope write or more: herodyno auth login --scope write"
    steps = [f"DELETE /apps/a/dynos {needs}", f"DELETE /apps/b/dynos/web.1 {needs}"]
    assert shared_next_step(steps) == needs
    assert shared_next_step(["look", *steps]) == needs
    assert shared_next_step(steps[:1] * 2) == steps[0]
    assert shared_next_step(["look", "look"]) == "look"
    assert shared_next_step(["look", "wait"]) == shared_next_step([]) == ""
