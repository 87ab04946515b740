"""Reports may be passed on: what identifies a person or opens a door does not travel with them."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.redaction import redact, redact_path

SECRETS = [
    ('path="/reset?token=abc123&mail=x"', "abc123"),
    ('fwd="203.0.113.77,198.51.100.4"', "113.77"),
    ("Deploy 1ab2c3d by user someone.else@example.com", "someone.else"),
    ("Authorization: Bearer 0123456789abcdef", "0123456789abcdef"),
    ("key HRKU-AAaabbccDDee_ff0123456789", "AAaabbccDDee"),
    ("postgres://user:hunter2@db.example.com/x", "hunter2"),
    ("DATABASE_PASSWORD=hunter2 next", "hunter2"),
    ('api_key: "hunter2"', "hunter2"),
    ("drain d.efe51fd5-8fdb-4153-b094-f5e9f7df3058 dropped", "efe51fd5-8fdb"),
    ("client 2001:db8:85a3:8d3:1319:8a2e:370:7348 left", "370:7348"),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_the_secret_is_gone_and_stays_gone(text: str, secret: str) -> None:
    once = redact(text)
    assert secret not in once
    assert redact(once) == once


def test_what_a_verdict_is_made_of_stays() -> None:
    line = (
        "2026-03-02T12:00:00.100000+00:00 heroku[router]: at=error code=H12 path=/cart dyno=web.2 service=30001ms "
        "status=503 request_id=4f0c1d2e-0000-4000-8000-000000000001"
    )
    assert redact(line) == line
    metrics = "source=web.2 dyno=heroku.123456789.aaaaaaaa-1111-4111-8111-111111111111 sample#memory_total=781.21MB"
    assert redact(metrics) == metrics


def test_a_path_loses_its_query() -> None:
    assert redact_path("/search?q=private") == "/search"
