"""Lists of dynos are written down one by one, and read as dynos with their first, last and missing list."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from herodyno.archive.dyno_lists import DynoLists
from herodyno.diagnosis.timeline.listed import ListedDyno
from herodyno.dynos import Dyno
from tests.diagnosis.reading import NOON

APP = "example-app"
ONE, TWO = "aaaaaaaa-1111-4111-8111-111111111111", "bbbbbbbb-1111-4111-8111-111111111111"
AT = NOON.timestamp()
NIGHT = 12 * 3600  # seconds after noon at which the next day begins


def web(dyno_id: str, state: str = "up") -> Dyno:
    made = NOON - timedelta(hours=1, microseconds=7)
    return Dyno("web.1", dyno_id, "web", state, "Standard-1X", "bin/web --key s3cret", 7, made)


def add(lists: DynoLists, seconds: float, *dynos: Dyno) -> None:
    lists.add(APP, dynos, round((AT + seconds) * 1e6))


def read(lists: DynoLists) -> dict[str, tuple[float, float, float | None]]:
    """id -> first, last, gone in seconds after noon."""

    def told(each: ListedDyno) -> tuple[float, float, float | None]:
        return each.first - AT, each.last - AT, None if each.gone is None else each.gone - AT

    return {each.dyno.id: told(each) for each in lists.read(APP)}


def test_a_list_without_a_dyno_is_when_it_had_gone(tmp_path: Path) -> None:
    lists = DynoLists(tmp_path)
    for minute in range(3):
        add(lists, 60 * minute, web(ONE))
    add(lists, 180, web(TWO, "starting"))
    add(lists, 240, web(TWO))
    assert read(lists) == {ONE: (0, 120, 180), TWO: (180, 240, None)}
    (found,) = (each.dyno for each in DynoLists(tmp_path).read(APP) if each.dyno.id == TWO)
    assert found == web(TWO)._replace(command="")


def test_a_list_that_is_as_the_one_before_takes_a_few_bytes_and_a_command_is_not_kept(tmp_path: Path) -> None:
    lists = DynoLists(tmp_path)
    add(lists, 0, web(ONE))
    add(lists, 60, web(ONE))
    path = lists.of_day("2026-03-02") / f"{APP}.jsonl"
    whole, short = path.read_text().splitlines()
    assert json.loads(short) == {"at_us": round((AT + 60) * 1e6)}
    assert "s3cret" not in whole
    assert path.stat().st_mode & 0o777 == 0o600
    assert lists.size("2026-03-02") == path.stat().st_size


def test_a_day_and_a_process_begin_with_a_whole_list_and_a_dyno_goes_on_over_both(tmp_path: Path) -> None:
    add(lists := DynoLists(tmp_path), NIGHT - 60, web(ONE))
    add(lists, NIGHT, web(ONE))
    add(DynoLists(tmp_path), NIGHT + 60, web(ONE))
    assert lists.days() == ["2026-03-02", "2026-03-03"]
    assert [len(path.read_text().splitlines()) for path in sorted(tmp_path.rglob("*.jsonl"))] == [1, 2]
    assert all("dynos" in line for path in tmp_path.rglob("*.jsonl") for line in path.read_text().splitlines())
    assert read(lists) == {ONE: (NIGHT - 60, NIGHT + 60, None)}
    assert [each.first - AT for each in lists.read(APP, "2026-03-03")] == [NIGHT]
    assert [each.last - AT for each in lists.read(APP, until_us=round((AT + NIGHT) * 1e6))] == [NIGHT]


@pytest.mark.parametrize("half", ['{"at_us":1772', '{"at_us":"x"}\n', "[]\n", '{"at_us":1,"dynos":[{}]}\n', "\x00\n"])
def test_what_cannot_be_read_costs_that_list_alone(tmp_path: Path, half: str) -> None:
    add(DynoLists(tmp_path), 0, web(ONE))
    with (tmp_path / "dynos/day=2026-03-02" / f"{APP}.jsonl").open("a") as file:
        file.write(half)
    add(lists := DynoLists(tmp_path), 120, web(ONE))
    assert read(lists) == {ONE: (0, 120, None)}


def test_a_list_after_one_that_could_not_be_written_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    add(lists := DynoLists(tmp_path), 0, web(ONE))
    with monkeypatch.context() as disk:
        disk.setattr("herodyno.archive.dyno_lists.write_all", full)
        with pytest.raises(OSError, match="No space"):
            add(lists, 60, web(TWO))
    add(lists, 120, web(TWO))
    assert read(lists) == {ONE: (0, 0, 120), TWO: (120, 120, None)}


def test_an_archive_without_lists_has_none(tmp_path: Path) -> None:
    assert DynoLists(tmp_path).read(APP) == []
    assert (DynoLists(tmp_path).days(), DynoLists(tmp_path).size("2026-03-02")) == ([], 0)
