"""Each query of a server has its `events`, its limit and its end; each failure is one clear line."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from herodyno.archive.engines.server import NEXT_STEPS, Limits, Server, ServerArchive
from herodyno.archive.engines.shape import COLUMNS
from herodyno.archive.folder import ArchiveFolder
from herodyno.archive.history import history
from herodyno.archive.rows import Row
from herodyno.archive.window.window_pass import WindowPass
from herodyno.diagnosis.counting.one_pass import Log
from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.dynos import App
from herodyno.errors import HerodynoError, NotAuthenticated, NotFound, Refused, Unreachable
from tests.archive.archived import APP, put
from tests.archive.engines.answers import ListenedArchive, asked
from tests.diagnosis.reading import NOON, request, sample
from tests.diagnosis.traffic import OLD

Ask = Callable[[str], list[tuple[Any, ...]]]


class FakeClient:
    """A server that answers as told, and ends what runs when asked to."""

    name, path, table, has_escapes, events = "Fake at h:1", "/srv/logs", "files", False, "events AS"
    next_steps: Mapping[str, str] = NEXT_STEPS
    versions = ""
    relation = None

    def __init__(self, ask: Ask = lambda _: [(1,)], columns: tuple[str, ...] = COLUMNS, kind: str = "") -> None:
        self._ask, self._columns, self._kind = ask, dict.fromkeys(columns, "unheard of"), kind
        self.texts: list[str] = []
        self.ended = threading.Event()

    def columns(self, text: str) -> dict[str, str]:
        return self._columns

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        self.texts.append(text)
        return self._ask(text)

    def batches(self, text: str) -> Iterator[Any]:
        self.texts.append(text)
        yield from self._ask(text)

    def cancel(self) -> None:
        self.ended.set()

    def kind_of(self, error: BaseException) -> str:
        return self._kind

    def close(self) -> None:
        pass


def server(client: FakeClient, seconds: float = 60, told: Callable[[float], object] = lambda _: None) -> Server:
    return Server(client, Limits(seconds, told), "")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("SELECT $a", "WITH events AS (SELECT * FROM files) SELECT 'x'"),
        ("\nwith b AS (SELECT 1) SELECT 2", "WITH events AS (SELECT * FROM files), b AS (SELECT 1) SELECT 2"),
        ("SELECT 1 AS without", "WITH events AS (SELECT * FROM files) SELECT 1 AS without"),
    ],
)
def test_events_stand_in_front_of_the_query(text: str, whole: str) -> None:
    client = FakeClient()
    assert server(client).rows(text, a="x") == [(1,)]
    assert client.texts == [whole]


def test_days_bound_a_folder_and_not_a_table() -> None:
    client = FakeClient(lambda _: [(20514,)])
    archive = ServerArchive(client, Limits())
    with archive.over("2026-03-02", "2026-03-03") as found:
        found.rows("SELECT 1")
    assert "WHERE day >= '2026-03-02' AND day <= '2026-03-03'" in client.texts[-1]
    assert [day for day, _ in archive.each_day(0, 1)] == ["2026-03-02"]
    client.path = ""
    with archive.over("2026-03-02", "2026-03-03") as found:
        found.rows("SELECT 1")
    assert "WHERE ts_us >= 1772409600000000 AND ts_us < 1772582400000000)" in client.texts[-1]
    with archive.over() as found:
        found.rows("SELECT 1")
    assert "WHERE" not in client.texts[-1]


def waits(client: FakeClient, began: Callable[[], object] = lambda: None) -> Ask:
    def ask(_: str) -> list[tuple[Any, ...]]:
        began()
        client.ended.wait(30)
        raise OSError("ended")

    return ask


@pytest.mark.parametrize("how", ["rows", "batches"])
def test_ctrl_c_ends_the_query_on_the_server(how: str) -> None:
    client = FakeClient()
    client._ask = waits(client, partial(os.kill, os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        list(getattr(server(client), how)("SELECT 1"))
    assert client.ended.wait(30)


def test_a_query_over_its_limit_is_ended_and_its_time_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.archive.engines.server._TOLD_SECONDS", 0.01)
    client, told = FakeClient(), []
    client._ask = waits(client)
    limits = Limits(2.5, told.append, map(float, count()).__next__)  # a clock that goes on by 1 s with each look
    with pytest.raises(Unreachable, match=r"Fake at h:1 did not answer within 2.5 s") as refused:
        Server(client, limits, "").rows("SELECT 1")
    assert "--engine-timeout" in refused.value.next_step
    assert client.ended.wait(30)
    assert told == [1, 2]


def test_the_limit_is_of_a_whole_answer_and_not_of_the_time_between_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.archive.engines.server._TOLD_SECONDS", 0.01)
    client, passed, looks, got = FakeClient(), [0.0], count(), []

    def ask(_: str) -> Any:
        for number in range(3):
            passed[0] += 20
            yield number
        passed.append(next(looks))
        client.ended.wait(30)

    client._ask = ask
    limits = Limits(100.0, clock=lambda: passed[0] + next(looks))
    for part in until_refused(Server(client, limits, "").batches("SELECT 1")):
        passed[0] += 1000
        got.append(part)
    assert got == [0, 1, 2]
    assert next(looks) - passed[1] < 50  # of the 100 looks that a limit of each part would take


def until_refused(parts: Iterator[Any]) -> Iterator[Any]:
    with pytest.raises(Unreachable, match="did not answer within 100 s"):
        yield from parts


def test_a_server_that_cannot_end_a_query_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herodyno.archive.engines.server._LEAVE_SECONDS", 0.1)
    client, goes_on, gone = FakeClient(), threading.Event(), []
    client._ask = lambda _: [(gone.append(goes_on.wait(30)),)]
    with pytest.raises(Unreachable):
        server(client, 0.1).rows("SELECT 1")
    assert not gone
    goes_on.set()


def test_a_library_that_ends_the_process_is_heard() -> None:
    def ends(_: str) -> list[tuple[Any, ...]]:
        raise SystemExit(-1)

    with pytest.raises(Refused, match="Fake at h:1 refused the query: -1"):
        server(FakeClient(ends), 5).rows("SELECT 1")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("down", Unreachable), ("slow", Unreachable), ("password", NotAuthenticated), ("events", NotFound),
        ("column", Refused), ("memory", Refused), ("", Refused),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_with_the_server_in_it(kind: str, expected: type[HerodynoError]) -> None:
    def fails(_: str) -> list[tuple[Any, ...]]:
        raise RuntimeError("\n  first line\nsecond line")

    with pytest.raises(expected) as refused:
        server(FakeClient(fails, kind=kind)).rows("SELECT 1")
    assert refused.value.message.startswith("Fake at h:1")
    assert "\n" not in refused.value.message
    assert "second line" not in refused.value.message
    assert kind == "password" or "first line" in refused.value.message
    assert type(refused.value) is expected


def test_the_columns_that_a_table_must_have_are_those_that_a_verdict_asks_for(tmp_path: Path) -> None:
    put(tmp_path / "archive", "".join(request(at, "web.1") + sample(at, "web.1", OLD, 300) for at in range(5)))
    asked.clear()
    whole = history(ListenedArchive(ArchiveFolder(tmp_path / "archive")), "")
    window = whole.between(whole.first_us + 2_000_000, None)
    diagnose(
        Log(logs=[window], year=NOON, counted=partial(WindowPass, whole, window, year=NOON)),
        app=App(name=APP), at=NOON, source=Source(kind="archive"), at_log_end=True,
    )  # fmt: skip
    words = set(re.findall(r"\w+", re.sub("'[^']*'|--.*", "", " ".join(text for text, _ in asked))))
    assert sorted(words & {*Row._fields, "filename", "file_row_number"}) == sorted(COLUMNS)


@pytest.mark.parametrize("path", ["", "/srv/logs"])
def test_columns_that_a_verdict_asks_for_and_are_not_there_are_named(path: str) -> None:
    client = FakeClient(columns=tuple(name for name in COLUMNS if name not in ("kind", "service_ms")))
    client.path = path
    with pytest.raises(Refused, match="Fake at h:1 has no kind, service_ms") as refused:
        ServerArchive(client, Limits()).require()
    assert client.texts == []
    assert ("archive verify" in refused.value.next_step, "a view" in refused.value.next_step) == (bool(path), not path)
    ServerArchive(FakeClient(columns=tuple(map(str.upper, Row._fields))), Limits()).require()


def test_a_newer_archive_is_told_before_its_columns() -> None:
    client = FakeClient(lambda _: [("1",), ("3",), ("2",)], columns=())
    client.versions = "SELECT version"
    with pytest.raises(
        Refused, match=r"a newer herodyno wrote days of /srv/logs on Fake at h:1 \(schema 2, 3\)"
    ) as told:
        ServerArchive(client, Limits()).require()
    assert (client.texts, "pip install -U" in told.value.next_step) == (["SELECT version"], True)
