"""Requests that were read one by one are counted at once as they are one by one."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from herodyno.diagnosis.counting import counter
from herodyno.diagnosis.counting.counter import Counting
from herodyno.logs.scan.scanner import Scanner
from tests.diagnosis.plain_values import plain

HEAD = "2026-03-02T12:{:02}:{:02}.{:06}+00:00 heroku[router]: "


def broken_line(random: Random, second: int) -> str:
    """A request in a layout that the scan's pattern does not know."""
    head = HEAD.format(second // 60, second % 60, random.randrange(10**6))
    pairs = [
        f"host={random.choice(('shop.example.com', ''))}",
        f'fwd="{random.choice(("203.0.113.7", " 203.0.113.8 , 10.0.0.1", ""))}"',
        f"dyno={random.choice(('web.1', 'web.2', 'worker.1', ''))}",
        f"service={random.choice(('12ms', '900ms', '200000ms', ''))}",
        f"status={random.choice(('200', '404', '101', '503', ''))}",
    ]
    code = random.choice(("", "", "", "code=H12 ", "code=H27 "))
    kept = [pair for pair in pairs if random.random() < 0.9]
    return f"{head}at=info {code}method=GET path=/orders/{random.randrange(9)}?page=2 {' '.join(kept)}"


def counted(text: str, block_lines: int) -> Any:
    lines = text.splitlines(keepends=True)
    scanner, counting = Scanner(year=2026), Counting()
    for at in range(0, len(lines), block_lines):
        counting.add(scanner.block("".join(lines[at : at + block_lines]).encode()), scanner.stamps)
    return plain(counting.closed(scanner))


@pytest.mark.parametrize("block_lines", [1, 7, 400])
@pytest.mark.parametrize("is_in_order", [True, False])
def test_at_once_and_one_by_one_is_the_same(
    monkeypatch: pytest.MonkeyPatch, block_lines: int, is_in_order: bool
) -> None:
    random = Random(block_lines)
    lines = [broken_line(random, second) for second in range(400)]
    if not is_in_order:
        random.shuffle(lines)
    for place in (60, 200):
        lines.insert(place, HEAD.format(place // 60, 0, 0).replace("router", "web.1") + "State changed from up to down")
    text = "".join(f"{line}\n" for line in lines)

    at_once = counted(text, block_lines)
    monkeypatch.setattr(counter, "is_good_request", lambda _: False)

    assert at_once == counted(text, block_lines)


def test_a_path_without_its_quote_is_read_once_and_counted_with_others(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[object] = []
    monkeypatch.setattr(Counting, "take", lambda _, event, **__: taken.append(event))
    line = HEAD.format(0, 1, 0) + 'at=info method=GET path="/orders/1 host=shop.example.com dyno=web.1\n'

    found = counted(line * 50, 20)

    assert taken == []
    assert found["facts"]["router_lines"] == found["segments"]["web.1", False][0]["incarnation"]["requests"] == 50
