"""The prefilter drops most lines and never one that is wanted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from herodyno.logs.decoding.read import read_lines
from herodyno.logs.query.filters import condition
from herodyno.logs.query.prefilter import sieved
from herodyno.logs.query.selecting import Selection, Selector
from tests.logs.log_lines import raw, request

H12 = raw(request(code="H12", service=30000, status=503))
LINES = [
    H12,
    raw(request()),
    raw(request(service=2500, path="/a?status=503&service=9")),
    raw(request(status=503)).replace("service=30ms", "service=1"),
    raw("app[web.1]: H12"),
    raw("app[web.1]: status=500, service=3000ms"),
    raw('app[web.1]: {"status": 502, "service": "3s"}'),
    raw('app[web.1]: sample#service=2500ms measure#status="501"'),
    raw("app[web.1]: " + "x" * 9_988),
    raw("app[web.1]: H12 status=" + "9" * 9_977),
    raw("app[web.1]: H12 status=" + "x" * 9_977),
    "  H12 status=500 ",
    "",
]
WORDS = ["code=H12", "path~^/", "status>=500", "status<300", "dyno=web.1", "service=30s", "service>2s", "service<2s",
         "service<=1", "code!=H12", "bytes>1"]  # fmt: skip


def shown(chunks: list[bytes], selection: Selection, *, is_sieved: bool) -> list[str]:
    selector = Selector(selection)
    left = sieved(chunks, selection.needle, selection.rules_out) if is_sieved else chunks
    return [line.raw for line in read_lines(left, year=2026) if selector.wants(line)]


@given(
    st.lists(st.sampled_from(LINES), max_size=30), st.integers(1, 40_000), st.sets(st.sampled_from(WORDS), min_size=1)
)
def test_no_line_that_is_wanted_is_dropped(lines: list[str], size: int, words: set[str]) -> None:
    selection = Selection(conditions=tuple(found for word in sorted(words) if (found := condition(word))))
    data = "\n".join(lines).encode()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert shown(chunks, selection, is_sieved=True) == shown(chunks, selection, is_sieved=False)


def test_most_lines_are_dropped_unread() -> None:
    wanted = condition("status>=500")
    assert wanted
    data = "\n".join([raw(request())] * 1000 + [H12, ""]).encode()
    selection = Selection(conditions=(wanted,))
    assert b"".join(sieved([data], selection.needle, selection.rules_out)) == H12.encode() + b"\n"


def test_frames_and_events_pass_as_they_are() -> None:
    for data in (b"8 <190>1 x\n", b"data: x\n\n"):
        assert b"".join(sieved([data], "needle")) == data
