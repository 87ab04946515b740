"""Drains as Heroku's API has them: on Cedar and on Fir, without their secrets where they are shown."""

from __future__ import annotations

import pytest

from herodyno.dynos import LogDrain
from herodyno.heroku.api.drain_calls import _drain_from


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://user:secret@logs.example.com/", "https://logs.example.com"),
        ("https://logs.example.com:8443/bulk/KEY?k=KEY", "https://logs.example.com:8443/…"),
        ("syslog+tls://logs.example.com:514", "syslog+tls://logs.example.com:514"),
        ("https://[::1", "an address that cannot be read"),
        ("https://h:99999999/", "an address that cannot be read"),
        ("", "://"),
    ],
)
def test_a_place_shows_no_secret_of_the_address(url: str, place: str) -> None:
    drain = LogDrain(id="1", url=url)
    assert drain.place == place
    assert repr(drain) == f"LogDrain('1', {place!r})"


def test_both_kinds_of_drains_are_read() -> None:
    cedar = {"id": "1", "url": "https://x/", "token": "d.1", "addon": {"name": "papertrail"}, "created_at": None}
    assert _drain_from(cedar) == LogDrain(id="1", url="https://x/", token="d.1", addon="papertrail")
    fir = {"id": "2", "exporter": {"endpoint": "https://y/", "headers": {}}, "signals": ["logs"], "addon": None}
    assert _drain_from(fir) == LogDrain(id="2", url="https://y/", signals=("logs",))
