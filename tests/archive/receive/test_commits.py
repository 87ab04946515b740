"""Frames are written in groups, each sender waits for its own, and a repeated frame waits for the first."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from herodyno.archive.receive import commits as commits_module
from herodyno.archive.receive.commits import Commits, NotKept
from herodyno.archive.receive.remembered import Remembered
from herodyno.archive.records import Frame


def frame(number: int) -> Frame:
    return Frame(number, "example-app", "d.1", f"{number:032x}", b"body")


def test_what_comes_while_the_disk_is_at_work_is_one_group() -> None:
    groups: list[list[int]] = []
    is_free = threading.Event()

    def write(frames: Sequence[Frame]) -> None:
        groups.append([each.received_us for each in frames])
        is_free.wait(5)

    async def main() -> list[bool]:
        commits = Commits(write, Remembered(), pytest.fail)
        asyncio.get_running_loop().call_later(0.05, is_free.set)
        return await asyncio.gather(*(_after(0.001 * number, commits, number) for number in range(9)))

    async def _after(seconds: float, commits: Commits, number: int) -> bool:
        await asyncio.sleep(seconds)
        return await commits.keep(frame(number))

    assert asyncio.run(main()) == [True] * 9
    assert groups == [[0], list(range(1, 9))]


def test_a_frame_that_comes_again_while_the_first_is_written_is_written_once() -> None:
    written: list[Frame] = []

    async def main() -> list[bool]:
        commits = Commits(written.extend, Remembered(), pytest.fail)
        return await asyncio.gather(*(commits.keep(frame(1)) for _ in range(3)), commits.keep(frame(2)))

    assert asyncio.run(main()) == [True, False, False, True]
    assert written == [frame(1), frame(2)]


def test_a_sender_that_hangs_up_takes_the_frame_from_nobody() -> None:
    async def main() -> bool:
        commits = Commits(lambda frames: None, Remembered(), pytest.fail)
        first = asyncio.create_task(commits.keep(frame(1)))
        second = asyncio.create_task(commits.keep(frame(1)))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(main()) is False


def test_after_a_failure_the_same_frame_may_come_again() -> None:
    faults: list[Exception] = [OSError(28, "No space left on device"), ValueError("a bug")]
    told: list[Exception] = []
    written: list[Frame] = []

    def write(frames: Sequence[Frame]) -> None:
        if faults:
            raise faults.pop(0)
        written.extend(frames)

    async def main() -> bool:
        commits = Commits(write, Remembered(), told.append)
        for _ in range(2):
            with pytest.raises(NotKept):
                await commits.keep(frame(1))
        return await commits.keep(frame(1))

    assert asyncio.run(main()) is True
    assert len(told) == 2
    assert written == [frame(1)]


def test_a_frame_without_an_id_is_always_new() -> None:
    written: list[Frame] = []
    unnamed = frame(1)._replace(frame_id="")

    async def main() -> list[bool]:
        commits = Commits(written.extend, Remembered(), pytest.fail)
        return [await commits.keep(unnamed), await commits.keep(unnamed)]

    assert asyncio.run(main()) == [True, True]
    assert written == [unnamed, unnamed]


def test_what_waits_for_a_disk_that_hangs_is_bounded_and_frames_come_again_when_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commits_module, "MOST_WAITING_BYTES", 3 * len(frame(0).body))
    written: list[Frame] = []
    told: list[Exception] = []
    goes_on = threading.Event()

    def write(frames: Sequence[Frame]) -> None:
        goes_on.wait(30)
        written.extend(frames)

    async def main() -> list[bool]:
        commits = Commits(write, Remembered(), told.append)
        kept = [asyncio.create_task(commits.keep(frame(number))) for number in range(3)]
        await asyncio.sleep(0)
        for number in range(3, 9):
            with pytest.raises(NotKept):
                await commits.keep(frame(number))
        assert commits.is_full
        goes_on.set()
        return [*await asyncio.gather(*kept), await commits.keep(frame(9))]

    assert asyncio.run(main()) == [True] * 4
    assert written == [frame(number) for number in (0, 1, 2, 9)]
    assert len(told) == 6
