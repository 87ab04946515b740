"""Made-up lines of every kind, at times so near each other that they meet."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.diagnosis.reading import request, sample, stamp

DYNOS = ("web.1", "web.2", "worker.1", "run.7")
IDS = tuple(f"{n}{n}{n}{n}{n}{n}{n}{n}-0000-4000-8000-000000000000" for n in range(1, 5))
WORDS = (
    "Restarting", "Cycling", "Stopping all processes with SIGTERM", "Process exited with status 143",
    "Process exited with status 1", "Starting process with command `x`", "State changed from up to starting",
    "State changed from starting to up", "State changed from up to crashed", "State changed from up to down",
    "Error R14 (Memory quota exceeded)", "Error R12 (Exit timeout) -> x", "Process running mem=871M(170.3%)",
)  # fmt: skip
SAID = (
    "",
    "Traceback (most recent call last):",
    '  File "a.py", line 1, in x',
    "KeyError: 'a'",
    "hello",
    "WORKER TIMEOUT",
)

_moments = st.integers(0, 900).map(float)
_of_platform = st.builds(
    lambda at, dyno, word: f"{stamp(at)} heroku[{dyno}]: {word}\n",
    _moments, st.sampled_from(DYNOS), st.sampled_from(WORDS),
)  # fmt: skip
_requests = st.builds(
    lambda at, dyno, code, status, service, n: "".join(
        request(at + i * 7.3, dyno, code=code, status=status, service=service, path=f"/p{i}") for i in range(n)
    ),
    _moments, st.sampled_from(("web.1", "web.2", "")), st.sampled_from(("", "", "", "H12", "H13", "H27", "H10")),
    st.sampled_from((200, 302, 404, 101, 500)), st.sampled_from((0, 3, 40, 30_000, 99_999, 100_000)),
    st.sampled_from((1, 3, 60)),
)  # fmt: skip
_samples = st.builds(sample, _moments, st.sampled_from(DYNOS), st.sampled_from(IDS), st.floats(0, 2000))
_others = st.sampled_from(
    (
        f"{stamp(300)} app[api]: Release v9 created by user a@example.com\n",
        f"{stamp(5)} heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 5 messages.\n",
        "no line of a log\n", "\x00\x1b[31m\n", f"{stamp(20)} app[web.1]: \n",
    )
)  # fmt: skip
# What an app prints, and lines of the platform in its midst.
_chatty = st.builds(
    lambda at, dyno, n, gap, text: "".join(
        f"{stamp(at + i * gap)} app[{dyno}]: {text} {i % 7} a{i % 3}\n" for i in range(n)
    ),
    _moments, st.sampled_from(DYNOS), st.integers(1, 70), st.sampled_from((0, 0.0009, 0.0011, 0.04, 3.1)),
    st.sampled_from(("hello", "> npm start", "took", "", "user=1")),
)  # fmt: skip
_printed = st.builds(
    lambda second, lines: "".join(
        f"{stamp(at)} app[web.1]: {text}\n" if text else sample(at, "web.1", IDS[0], 9)
        for at, text in ((second + gap / 1000, text) for gap, text in lines)
    ),
    st.integers(0, 900), st.lists(st.tuples(st.integers(0, 60), st.sampled_from(SAID)), min_size=2, max_size=9),
)  # fmt: skip
any_lines = st.lists(st.one_of(_of_platform, _requests, _samples, _others, _printed, _chatty), max_size=60).map("".join)
