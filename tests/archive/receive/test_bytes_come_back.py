"""What a drain sends comes back as it was: through the receiver, the journal and the days, and out again as text.

What redaction takes out is the one difference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.archive.journal import Journal
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine
from herodyno.units import log_time
from tests.archive.receive.drain import Drained, credentials
from tests.conftest import Invoke
from tests.diagnosis.reading import NOON, stamp
from tests.real_parts import REAL_LOGS, need_shared_data

_TAKEN_OUT = re.compile(r"\[(?:redacted|token)[^\]]{0,40}\]")
_LINES_OF_FRAME = 50


def frames_of(lines: Sequence[LogLine]) -> list[bytes]:
    """The lines as Logplex frames them."""
    found = []
    for start in range(0, len(lines), _LINES_OF_FRAME):
        texts = [
            f"<190>1 {log_time(line.at)} host {line.source} {line.proc} - {line.text}\n".encode()
            for line in lines[start : start + _LINES_OF_FRAME]
            if line.at
        ]
        found.append(b"".join(b"%d %s" % (len(text), text) for text in texts))
    return found


def exported(invoke: Invoke, root: Path, bodies_of: dict[str, list[bytes]]) -> dict[str, list[str]]:
    """What `archive export` prints of each app, after its bodies went through all of the archive."""
    journal = Journal(root / "journal")
    drained = Drained(journal.append)
    for app, bodies in bodies_of.items():
        for number, body in enumerate(bodies):
            headers = credentials("many", "of-many") | {"logplex-frame-id": f"{app}-{number}"}
            assert drained.ask(headers, body, query=f"app={app}").status == 204
    journal.close()
    assert [frame.body for path in journal.sealed() for frame in journal.read(path)] == [
        body for bodies in bodies_of.values() for body in bodies
    ]
    assert invoke(f"archive compact --archive {root}").code == 0
    return {
        app: invoke(f"archive export --archive {root} --app {app} -o raw").stdout.split("\n")[:-1] for app in bodies_of
    }


def assert_same(found: Sequence[str], sent: Sequence[LogLine]) -> None:
    """Each line as it was sent, in the order of time. A text within brackets stands for what was taken out."""
    # Every line here has a time; the type allows for none.
    ordered = sorted(sent, key=lambda line: line.at or 0)  # type: ignore[arg-type, return-value]
    wanted = [f"{log_time(line.at)} {line.source}[{line.proc}]: {line.text}" for line in ordered if line.at]
    assert len(found) == len(wanted)
    for is_line, was in zip(found, wanted, strict=True):
        if is_line != was:
            rest = ".*".join(re.escape(part) for part in _TAKEN_OUT.split(is_line))
            assert _TAKEN_OUT.search(is_line), (is_line, was)
            assert re.fullmatch(rest, was), (is_line, was)


COMPOSED = [
    "plain", "", " leading and trailing ", "\ttabs\tand  blanks", "ä, Ελληνικά, 日本語, 🎉", "\x1b[31mred\x1b[0m",
    'at=error code=H12 desc="Request timeout" path="/a?b=%20&c" dyno=web.1 status=503', "<190>1 in a text - of an app",
    "12 <45>1 2026-03-02T12:00:00+00:00 host heroku web.1 - a frame in a text", '{"json": "\\u00e4", "deep": [1, {}]}',
    "[bracket] first", "- dash first", "x" * 9_990, "\u2028 a line separator \x85 of Unicode", "a\rreturn",
    "%s {} $HOME", "\u202e turned around", "\x00 a zero", "\x7f and \ufeff",
]  # fmt: skip


def test_composed_lines_come_back_byte_for_byte(invoke: Invoke, tmp_path: Path) -> None:
    text = "".join(f"{stamp(n)} app[web.{n % 3 + 1}]: {each}\n" for n, each in enumerate(COMPOSED))
    sent = list(read_lines([text.encode()], year=2026))
    assert [line.text for line in sent] == COMPOSED
    assert_same(exported(invoke, tmp_path, {"example-app": frames_of(sent)})["example-app"], sent)


def test_a_text_that_redaction_changed_is_the_only_one_that_may_differ() -> None:
    (line,) = read_lines([f"{stamp(1)} app[web.1]: login password=hunter22 of ann\n".encode()], year=2026)
    shown = f"{stamp(1)} app[web.1]: login "
    assert_same([f"{shown}password=[redacted] of ann"], [line])
    for other in ("password=hunter22 of bob", "password=[redacted] of bob", "[redacted] of nobody"):
        with pytest.raises(AssertionError):
            assert_same([shown + other], [line])


def test_every_public_log_comes_back_byte_for_byte(invoke: Invoke, tmp_path: Path) -> None:
    need_shared_data()
    sent: list[LogLine] = []
    paths = [path for path in sorted(REAL_LOGS.iterdir()) if path.suffix in (".log", ".txt", ".frames")]
    for line in (line for path in paths for line in read_lines([path.read_bytes()], year=2020)):
        if line.source and line.proc:  # the times of years would be as many days of an archive
            sent.append(line._replace(at=NOON + timedelta(milliseconds=len(sent))))
    assert len(sent) > 2500
    assert_same(exported(invoke, tmp_path, {"example-app": frames_of(sent)})["example-app"], sent)
