"""Frames taken in with most of their lines many at a time give the rows that they give line by line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.frame_lines import frame_lines
from herodyno.archive.records import LOGS, Frame
from herodyno.archive.staging import frames as staging_frames
from herodyno.archive.staging.frames import stage_frames
from herodyno.archive.staging.staged import Staging
from tests.archive.staging.any_shape import MESSAGES, USUAL_MESSAGE, of_drain, said
from tests.bench.log_file import write_log
from tests.diagnosis.reading import NOON
from tests.real_parts import CASES, REAL_LOGS, case_bytes, need_shared_data, real_logs

RECEIVED_US = round(NOON.timestamp() * 1e6)
KEY = [
    "-----BEGIN RSA PRIVATE KEY-----",
    "MIIEpAIBAAKCAQEA0123456789abcdefABCDEF0123456789abcdefABCDEF01234567",
    "word",
]


def body_of(messages: Sequence[str | bytes]) -> bytes:
    raw = [each.encode() if isinstance(each, str) else each for each in messages]
    return b"".join(b"%d %b" % (len(each), each) for each in raw)


def frame(number: int, body: bytes, **fields: Any) -> Frame:
    return Frame(RECEIVED_US + number, "example-app", "d.1", f"{number:032x}", body)._replace(**fields)


def rows_of(root: Path, frames: Sequence[Frame], *, many: bool) -> list[dict[str, Any]]:
    """The staged rows, those of each app in their order."""
    staging = Staging(ArchiveFolder(root), "drain")
    if many:
        stage_frames(staging, frames, NOON)
    else:
        for each in frames:
            for seq, (line, came) in enumerate(frame_lines(each, NOON)):
                staging.add(line, came._replace(frame_seq=seq))
        staging.flush()
    rows = [row for path in (root / ".herodyno-staging").glob("*") for row in pq.read_table(path).to_pylist()]
    assert staging.lines == len({row["arrival"] for row in rows}) == len(rows)
    rows.sort(key=lambda row: (row["app"], row["arrival"]))
    is_one_app = len({row["app"] for row in rows}) == 1
    return [row if is_one_app else {**row, "arrival": None} for row in rows]


def check(root: Path, frames: Sequence[Frame]) -> None:
    many, one = (rows_of(root / name, frames, many=name == "many") for name in ("many", "one"))
    assert many == one


@pytest.mark.parametrize("block", [2_000, 4 << 20])
def test_any_messages_of_several_drains_and_apps_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(staging_frames, "_BLOCK_BYTES", block)
    rng, frames = Random(block), []
    for number in range(90):
        messages = [
            each
            for one in rng.choices(MESSAGES, k=rng.randrange(9))
            for each in [one, USUAL_MESSAGE][: rng.randint(1, 2)]
        ]
        if rng.randrange(2):
            messages += [f"{USUAL_MESSAGE[:-1]} \N{LATIN SMALL LETTER U WITH DIAERESIS}\n"]
        fields = {"app": rng.choice(["example-app", "other-app", ""]), "drain": rng.choice(["d.1", "d.2", ""])}
        frames.append(frame(number, body_of(messages), origin=rng.choice(["logplex", "shuttle"]), **fields))
    taken: list[int] = []
    add_columns = Staging.add_columns
    monkeypatch.setattr(
        Staging, "add_columns", lambda self, found: (taken.append(found.lines), add_columns(self, found))
    )
    check(tmp_path, frames)
    assert sum(taken) > 300


@pytest.mark.parametrize(
    "messages",
    [
        [USUAL_MESSAGE, said("broken").encode().replace(b"broken", b"\xff\xc3( \xe2\x82"), USUAL_MESSAGE],
        [USUAL_MESSAGE, USUAL_MESSAGE.replace("2026-03-02T12", "2026-02-30T12"), USUAL_MESSAGE],
        [USUAL_MESSAGE, USUAL_MESSAGE.replace("2026-03-02T12", "1969-03-02T12"), USUAL_MESSAGE],
        [USUAL_MESSAGE, USUAL_MESSAGE.replace("2026-03-02T12", "2026-03-02T24"), USUAL_MESSAGE],
        [USUAL_MESSAGE, said("x" * 9_990), USUAL_MESSAGE],
        [USUAL_MESSAGE, said("x" * 10_000).rstrip("\n"), said("y"), USUAL_MESSAGE],
        [said("Error L10 (output buffer overflow): drain 'd.1' dropped 5 messages since 2026-03-02T11:59:00.1+00:00.",
              head="host heroku logplex -").rstrip("\n"), USUAL_MESSAGE],
    ],
)  # fmt: skip
def test_messages_unlike_others_do(tmp_path: Path, messages: list[str | bytes]) -> None:
    check(
        tmp_path, [frame(0, body_of([USUAL_MESSAGE])), frame(1, body_of(messages)), frame(2, body_of([USUAL_MESSAGE]))]
    )


def test_bodies_that_were_cut_edited_or_empty_and_frames_that_tell_of_loss_do(tmp_path: Path) -> None:
    body = body_of([USUAL_MESSAGE, said("x"), USUAL_MESSAGE])
    bodies = [
        b"", b"\n", b"5", b"0 ", body[:-4], body[3:], body + b"\n\n", body + b"9", b"\xef\xbb\xbf" + body, b"\0" + body,
        b"999999999 " + body, b"012 " + body, body.replace(b"x\n", b"xyz\n"), body.replace(b"\n", b"\n\n"),
        body_of([USUAL_MESSAGE + "12 ", USUAL_MESSAGE]), body_of([USUAL_MESSAGE[:-1] + "\n70", USUAL_MESSAGE]),
    ]  # fmt: skip
    frames = [frame(number, each) for number, each in enumerate(bodies)]
    frames += [
        frame(50, body, dropped=3),
        frame(51, body, messages=3),
        frame(52, body, messages=5),
        frame(53, body, messages=1),
    ]
    frames += [frame(54, b"no request", origin=LOGS), frame(55, body)]
    check(tmp_path, frames)


def test_a_private_key_over_frames_is_taken_out_while_another_app_goes_on(tmp_path: Path) -> None:
    frames = []
    for number, text in enumerate(["before", *KEY, "-----END RSA PRIVATE KEY-----", "behind"]):
        frames.append(frame(2 * number, body_of([said(text), USUAL_MESSAGE])))
        frames.append(frame(2 * number + 1, body_of([said(f"other {text[:2]}")]), app="other-app"))
    check(tmp_path, frames)
    assert not any("MIIE" in row["message"] for row in rows_of(tmp_path / "again", frames, many=True))


@pytest.mark.parametrize("block", [1, 4 << 20])
def test_a_line_without_a_head_and_a_time_without_a_year_depend_on_the_same_lines_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(staging_frames, "_BLOCK_BYTES", block)
    headless = "<190>1 aB3dE5gH7jK9mN1p\n"
    times = [f"<45>{day} 12:00:00 example-app app[web.1]: x\n" for day in ("Jan 01", "Jul 01", "Mar 01", "Dec 31")]
    bodies = [
        [said("the password=")],
        [headless],
        [said("the password="), USUAL_MESSAGE],
        [headless],
        [USUAL_MESSAGE, *times[:2]],
    ]
    check(
        tmp_path, [frame(number, body_of(each)) for number, each in enumerate([*bodies, *([each] for each in times)])]
    )


def test_most_lines_of_a_usual_drain_are_taken_in_many_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_log(tmp_path / "usual.log", 1)
    lines = (tmp_path / "usual.log").read_bytes()[:150_000].decode().splitlines()[:-1]
    frames = [frame(n, body_of(list(map(of_drain, lines[n : n + 50])))) for n in range(0, len(lines), 50)]
    check(tmp_path, frames)
    alone: list[int] = []
    add_at = Staging.add_at
    monkeypatch.setattr(
        Staging, "add_at", lambda self, number, *given: (alone.append(number), add_at(self, number, *given))
    )
    rows_of(tmp_path / "counted", frames, many=True)
    assert len(alone) < len(lines) / 20


@pytest.mark.parametrize("name", real_logs(".frames", ".drainlines"))
def test_a_real_body_does(tmp_path: Path, name: str) -> None:
    need_shared_data()
    body = (REAL_LOGS / name).read_bytes()
    check(tmp_path, [frame(0, body), frame(1, body_of(body.splitlines(keepends=True)))])


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*.frames*")) or ["no-file"])
def test_a_composed_body_does(tmp_path: Path, name: str) -> None:
    body = case_bytes(name)
    check(tmp_path, [frame(0, body), frame(1, body_of(body.splitlines(keepends=True)))])
