"""Masks: what varies or is private leaves a line, what says what happened stays."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from herodyno.logs.patterns import masks
from herodyno.logs.patterns.masks import MOST_WORDS, masked, masked_zeroed

LINES = {
    "waiting for a connection (pool of 5 exhausted)": "waiting for a connection (pool of <n> exhausted)",
    "KeyError: 'basket:17'": "KeyError: 'basket:<id>'",
    '[4f0c1234abcd5678] Started GET "/orders/12" for 203.0.113.7': '[<id>] Started GET "<text>" for <ip>',
    "level=info path=/orders/12 duration=12.3ms user=37": "level=info path=/orders/<n> duration=<n>ms user=<n>",
    "2026-11-30T09:00:19.123Z 4 INFO up": "<time> <n> INFO up",
    "[30/Nov/2026:09:00:19 +0000] up": "[<time>] up",
    "password=hunter token: abcdef": "password=<secret> token: <secret>",
    "Authorization: Bearer abcdEFGH next": "Authorization: <secret> next",
    "authorization=Basic abcdEFGH next": "authorization=<secret> <secret> next",
    "sent bearer abcdEFGH next": "sent bearer <secret> next",
    "postgres://u:pw@db.example.com:5432/shop refused": "postgres://<secret>/shop refused",
    "user a.b@example.com asked for 2001:db8::1": "user <email> asked for <ip>",
    "worker.3 took 12ms (75%) of v12": "worker.<n> took <n>ms (<n>%) of v<n>",
    "ids 1, 2, 3, 4": "ids <n>",
    '{"level":"error","msg":"pool of 5 is empty","user":"ann","took":3}': (
        "level: error msg: pool of <n> is empty user=<text> took=<n>"
    ),
    "ActiveRecord::ConnectionTimeoutError: none free": "ActiveRecord::ConnectionTimeoutError: none free",
    "\x1b[32minfo\x1b[0m: up": "info: up",
    "  ": "",
    'level=info msg="pool exhausted, gave up" dur=12ms': 'level=info msg="pool exhausted, gave up" dur=<n>ms',
    'time="2026-11-30T09:00:19Z" msg="dial 10.0.0.1:6379 failed"': 'time="<time>" msg="dial <ip> failed"',
    'msg="user \\"ann\\" is gone"': 'msg="user "<text>" is gone"',
    'msg="token: abcdefgh" user="Ann Smith"': 'msg="token: <secret> user="<text>"',
    '{"log.level":"warn","error.message":"pool is empty","user.name":"ann"}': (
        "log.level: warn error.message: pool is empty user.name=<text>"
    ),
    'event="payment failed" user="ann lee"': 'event="payment failed" user="<text>"',
    "E: 'connection refused' for 'ann'": "E: 'connection refused' for '<text>'",
    "passphrase: 'correct horse'": "passphrase: <secret>",
    "password='correct horse' bad": "password=<secret>' bad",
    "WARNING:shop:{'event': 'pool', 'state': 'exhausted', 'user': 'ann'}": (
        "WARNING:shop:{'event': 'pool', 'state': 'exhausted', 'user': '<text>'}"
    ),
    '{"level":"info","outcome":"timeout","msg":"no \\"orders\\""}': ('level: info outcome: timeout msg: no "<text>"'),
    "エラー: miaさんの注文12の処理中にデータベース接続が切断されました": (
        "エラー: mia さんの注文<n>の処理中にデータベース接続が切断されました"
    ),
    "오류: 사용자3의 DB연결2개가 끊어졌습니다": "오류: 사용자<n>의 DB 연결<n>개가 끊어졌습니다",
    "ожидают Пользователь2, переподключение": "ожидают Пользователь<n>, переподключение",
    "secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY bad": "secret <id> bad",
    "customer cus_NffrFeUfNV2Hib not found": "customer <id> not found",
    "session abcdefghijklmnopqrstuvwxyzabcdef lost": "session <id> lost",
    "\x1b]0;a title\x07up": "up",
    "refused <secret>abc def</secret> at <b>once</b>": "refused <secret><secret></secret> at <b>once</b>",
    "an app's own <*>": "an app's own <text>",
}


ZERO = str.maketrans("123456789", "000000000")


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_masked(line: str) -> None:
    assert " ".join(masked(line)) == LINES[line]


@pytest.mark.parametrize("line", LINES)
def test_the_value_of_a_digit_does_not_matter(line: str) -> None:
    assert masked(line) == masked("".join("7" if letter.isdigit() else letter for letter in line))


def test_a_line_of_any_length_has_few_words() -> None:
    assert len(masked("word " * 100_000)) == MOST_WORDS
    assert len(masked("x" * 100_000)[0]) < 100


FIRSTS = (
    "",
    "info",
    "[4f0c1234abcd5678]",
    "4f0c1234abcd5678",
    "x\ty",
    "<b>",
    "[token]",
    "\x1b[1mup",
    "token:",
    "'a",
    "\0",
)


@given(st.sampled_from(FIRSTS), st.lists(st.sampled_from((*FIRSTS, *LINES, "</b>")), max_size=3))
@example("<b>", ["up", "</b>"])
@example("[token]", ["up"])
def test_a_line_is_masked_alike_whatever_lines_came_before(first: str, words: list[str]) -> None:
    rest = " ".join(words)
    masks._known_rests.clear()
    alone = masked(f"{first} {rest}")
    for other in FIRSTS:
        masked(f"{other} {rest}")
    assert masked(f"{first} {rest}") == alone


def test_of_lines_that_differ_in_an_id_the_rest_is_split_once() -> None:
    def words(at: int) -> tuple[str, ...]:
        return masked_zeroed(f"[{at:016x}] Started GET /orders in {'many words ' * 10}".translate(ZERO))

    assert all(words(at) is words(0) for at in range(0xABCDEF, 0xABCDEF + 100))


def test_what_is_remembered_of_lines_is_bounded() -> None:
    for at in range(5_000):
        letters = f"{at:04d}".translate(str.maketrans("0123456789", "qwertzuiop"))
        masked(f"{letters} {letters} {'x' * 300}")
    assert len(masks._known_rests) <= 1_000
    assert len(masks._known_firsts) <= 1_000
