"""The journal: what was sent is kept with its outcome, whatever tears a line, for its owner only, without secrets."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from herodyno.operations import journal as module
from herodyno.operations.actor import Actor
from herodyno.operations.journal import Journal, JournalEntry, new_key

AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def entry(**changes: object) -> JournalEntry:
    plain = JournalEntry(
        key=new_key(), at=AT, app="example-app", verb="restart", call="DELETE /apps/example-app/dynos/web.1",
        before=("web.1 (6f1c02ab)",),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type] # names of JournalEntry's fields


def test_an_intent_and_its_outcome_are_one_entry(tmp_path: Path) -> None:
    journal, sent = Journal(tmp_path), entry()
    journal.intend(sent)
    assert journal.entries() == [sent]
    journal.settle(sent.key, "done", request_id="req-1")
    assert journal.entries() == [replace(sent, outcome="done", request_id="req-1")]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "state")
    journal.intend(entry())
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_a_torn_line_costs_that_line_alone(tmp_path: Path) -> None:
    journal, first, second = Journal(tmp_path), entry(), entry()
    journal.intend(first)
    with journal.path.open("ab") as file:
        file.write(b'{"key": "torn", "at": "2026-')
    journal.intend(second)
    with journal.path.open("ab") as file:
        file.write(b'[1]\n{"key": 3}\n\xff\n{"key": "x", "at": "never"}\n')
    assert journal.entries() == [first, second]


def test_entries_can_be_asked_for_one_app(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.intend(entry(app="other-app"))
    journal.intend(entry())
    assert [each.app for each in journal.entries(app="example-app")] == ["example-app"]


def test_restarts_are_counted_by_dyno_and_refused_ones_are_not(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for outcome, before in [("done", 3), ("refused", 1), ("not sent", 1), ("unclear", 1), ("", 1)]:
        sent = entry(before=tuple(f"web.{n}" for n in range(before)))
        journal.intend(sent)
        if outcome:
            journal.settle(sent.key, outcome)
    journal.intend(entry(verb="stop"))
    journal.intend(entry(at=AT - timedelta(hours=2)))
    assert journal.restarts_since("example-app", AT - timedelta(hours=1)) == 5


def test_rehearsals_are_counted_apart_from_what_was_done_on_heroku(tmp_path: Path) -> None:
    journal, hour = Journal(tmp_path), timedelta(hours=1)
    journal.intend(entry(before=("web.1", "web.2"), is_rehearsal=True))
    journal.intend(entry())
    assert journal.restarts_since("example-app", AT - hour) == 1
    assert journal.restarts_since("example-app", AT - hour, rehearsals=True) == 2


def test_who_is_kept_and_what_the_answer_tells_is_added(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    who = Actor(token_source="HEROKU_API_KEY", user="deploy", machine="ci-7", api_host="api.heroku.com")
    sent = entry(verb="run", actor=who, is_rehearsal=True)
    journal.intend(sent)
    journal.settle(sent.key, "done", request_id="req-1", account="ann@example.com", after=("run.1 (6f1c02ab)",))
    told = replace(sent, outcome="done", request_id="req-1", after=("run.1 (6f1c02ab)",))
    assert journal.entries() == [replace(told, actor=replace(who, account="ann@example.com"))]


def test_entries_can_be_asked_for_from_a_time_on(tmp_path: Path) -> None:
    journal, old, new = Journal(tmp_path), entry(at=AT - timedelta(days=1)), entry()
    journal.intend(old)
    journal.intend(new)
    assert journal.entries(since=AT) == [new]


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(_: int) -> None:
        journal, sent = Journal(tmp_path), entry()
        journal.intend(sent)
        journal.settle(sent.key, "done")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    assert [each.outcome for each in Journal(tmp_path).entries()] == ["done"] * 80


def test_it_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 2_000)
    journal = Journal(tmp_path)
    for _ in range(40):
        journal.intend(entry())
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 5_000
    assert len(journal.entries()) >= 7
    assert {path.name for path in tmp_path.iterdir()} == {"journal.jsonl", "journal.1.jsonl", "journal.lock"}


def test_many_writers_that_find_it_full_lose_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for turn in range(10):
        journal, kept = Journal(tmp_path / str(turn)), [entry() for _ in range(20)]
        for each in kept:
            journal.intend(each)
        monkeypatch.setattr(module, "MOST_BYTES", 2_000)
        news = [entry() for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(journal.intend, news))
        assert {each.key for each in journal.entries()} == {each.key for each in [*kept, *news]}
        monkeypatch.undo()


def test_a_journal_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    journal = Journal(tmp_path)
    journal.path.symlink_to(tmp_path / "elsewhere")
    for use in (lambda: journal.intend(entry()), journal.require_writable, journal.entries):
        with pytest.raises(OSError, match="a link"):
            use()
    assert (tmp_path / "elsewhere").read_text() == "precious"


def test_times_that_no_clock_shows_are_skipped(tmp_path: Path) -> None:
    journal, good = Journal(tmp_path), entry()
    journal.intend(good)
    for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        with journal.path.open("a") as file:
            file.write(json.dumps(asdict(entry()) | {"at": at}) + "\n")
    with journal.path.open("a") as file:
        file.write("[" * 100_000 + "\n")
    assert journal.entries() == [good]
    assert journal.restarts_since("example-app", AT - timedelta(hours=1)) == 1
