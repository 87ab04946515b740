"""Reports may be passed on: what identifies a person or opens a door does not travel with them."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.report.redaction import LogRedactor, redact, redact_path, redact_tokens

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


def test_in_a_log_that_is_judged_again_clients_stay_apart_and_lines_stay_readable() -> None:
    redacted = LogRedactor()
    lines = [
        f'2026-03-02T12:00:00.100000+00:00 heroku[router]: at=info method=GET path="/x?token={n}" host=a.b '
        f'fwd="203.0.113.{n}, 2001:db8:1:2:3:4:5:{n}" dyno=web.1 connect=0ms service=7ms status=200 bytes=1'
        for n in (7, 8, 7)
    ]
    first, second, third = (redacted(line) for line in lines)
    assert first == third != second
    assert 'fwd="203.x.x.2, [address-1]"' in first
    assert 'path="/x?[query]" host=a.b' in first
    assert redacted(first) == first
    assert redact(first) == first


def test_a_frame_of_2012_is_still_known_by_its_drain() -> None:
    frame = "<13>1 2012-11-30T06:45:29+00:00 heroku web.3 d.73ea7440-270a-435a-a0ea-adf50b4e5f5a - State changed"
    assert redact(frame) == "<13>1 2012-11-30T06:45:29+00:00 heroku web.3 d.[token-b8b7a3a0] - State changed"


def test_passwords_and_tokens_go_even_where_nothing_else_does() -> None:
    text = "ana@example.com 203.0.113.7 postgres://u:battery@db/x password=horse Bearer abcdefghijkl HRKU-0123456789"
    assert redact_tokens(text) == (
        "ana@example.com 203.0.113.7 postgres://[redacted]@db/x password=[redacted] [token] [token]"
    )


def test_the_mark_of_a_template_takes_no_words_with_it() -> None:
    template = "token=<secret> rejected because the server is away for <n>, password: <secret>"
    assert redact(template) == template
    assert redact("<secret>horse</secret> is <secret> horse </secret> here") == (
        "<secret>[redacted]</secret> is <secret>[redacted]</secret> here"
    )


def test_the_secret_beside_a_key_of_aws_goes_with_it() -> None:
    assert redact("key AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY bad") == "key [token] bad"
