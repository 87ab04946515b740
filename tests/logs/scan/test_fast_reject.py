"""A text that counts as plain has no role in a traceback and tells of no timeout, for both engines of expressions."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from herodyno.logs.parsing.exceptions import role_of
from herodyno.logs.parsing.server_timeouts import server_timeout
from herodyno.logs.scan.fast_reject import NOT_PLAIN, is_plain

_pieces = st.sampled_from(
    (
        "Error", "Net::ReadTimeout", "a.rb:1", ":in `x'", ": ", " ", "\u2028", "\u00a0", "\n", "\t", 'File "', "at ",
        "x(", "y:1)", "#0 /", "... 3 more", "/app/server.js:12", "node:internal:1", "raise ", "| ", "^~", "WARN: ",
        "A::B: ", "** (Foo) ", "panic: ", "thread 'main' panicked at", "(app 1.0) lib/a.ex:3", "Caused by: ", "[4f0c]",
        "\u00e9", "started", "created by main", "state=timed_out", "During handling of the above exception", "KeyError",
        "Exit", "Suppressed: ", "Stack trace:",
    )
)  # fmt: skip


@given(st.lists(_pieces, max_size=6).map("".join))
@example("level=info msg=done")
@example("")
def test_a_plain_text_means_no_more(text: str) -> None:
    assert is_plain(text) == (re.search(NOT_PLAIN, text) is None)
    if is_plain(text):
        assert role_of(text) == "plain"
        assert not server_timeout(text)
        assert "\n" not in text


def test_what_apps_print_all_day_is_plain() -> None:
    for text in ("level=info msg=done", '[4f0c] Started GET "/orders" for 203.0.113.7', "Completed 200 OK in 12ms", ""):
        assert is_plain(text)
