"""An engine's address is understood whole or refused before anything is sent."""

from __future__ import annotations

import pytest

from herodyno.archive.engines.url import parse_engine
from herodyno.errors import UsageError


@pytest.mark.parametrize(
    ("text", "address", "account"),
    [
        ("quack://box", "box:9494", "quack://box:9494"),
        ("quack://127.0.0.1:1", "127.0.0.1:1", "quack://127.0.0.1:1"),
        ("sc://spark.example.com", "spark.example.com:15002", "sc://spark.example.com:15002"),
        ("clickhouse://reader@ch/logs?events=v", "ch:8123", "clickhouse://reader@ch:8123"),
        ("clickhouse://ch?secure=1&events=v", "ch:8443", "clickhouse://ch:8443"),
        ("chdb:", ":0", "chdb://:0"),
        ("chdb://", ":0", "chdb://:0"),
        ("quack://[::1]:9", "[::1]:9", "quack://[::1]:9"),
    ],
)
def test_an_address(text: str, address: str, account: str) -> None:
    assert (parse_engine(text).address, parse_engine(text).account) == (address, account)


def test_its_parts() -> None:
    url = parse_engine("clickhouse://reader@ch:9000/logs?events=team.heroku_events&secure=1")
    assert (url.host, url.port, url.user, url.database) == ("ch", 9000, "reader", "logs")
    assert (url.events, url.is_secure) == ("team.heroku_events", True)


@pytest.mark.parametrize(
    "text",
    ["postgres://h/db", "quack:", "quack://", "host:9494", "sc://h:port", "sc://h:99999", "chdb://host", "quack://h#x",
     "clickhouse://h?events=a b", "clickhouse://h?events=x;drop table y", "quack://h?memory=1", "sc://h?secure=yes"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(UsageError, match="--engine"):
        parse_engine(text)


@pytest.mark.parametrize("text", ["clickhouse://u:geheim12@h", "sc://h?token=geheim12", "sc://h?password=geheim12"])
def test_a_password_in_the_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_engine(text)
    assert "geheim12" not in refused.value.message + refused.value.next_step
    assert "HERODYNO_ENGINE_PASSWORD" in refused.value.next_step
