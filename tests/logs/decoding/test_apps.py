"""The app of a record: Papertrail's host, a drain's token; nothing else is taken for an app."""

from __future__ import annotations

import pytest

from herodyno.logs.decoding.apps import app_of, is_drain_token

TOKEN = "d.8f7a4b11-c323-4764-a74f-89bf4c1100ab"


@pytest.mark.parametrize(("raw", "app"), [
    ("Jun 01 10:00:00 alpha heroku/router: at=info", "alpha"),
    ("Jun  1 10:00:00 alpha-2 app/web.1:  hello", "alpha-2"),
    ("7000001\t2026-06-09 16:13:38 +0000\t\t1\tbeta\t\tLocal7\tInfo\theroku/router\tat=", "beta"),
    (f"<158>1 2026-06-09T16:13:38.140819+00:00 {TOKEN} heroku router - - at=info", TOKEN),
    (f"83 <40>1 2012-11-30T06:45:29+00:00 {TOKEN} app web.3 - - State changed", TOKEN),
    (f"<40>1 2012-11-30T06:45:29+00:00 app web.3 {TOKEN} - hello", TOKEN),
    ("<158>1 2026-06-09T16:13:38.140819+00:00 host heroku router - at=info", ""),
    ("<158>1 2026-06-09T16:13:38.140819+00:00 ip-10-0-0-1 heroku router - at=info", ""),
    ("2026-06-09T16:13:38.140819+00:00 app[web.1]: Jun 01 10:00:00 beta heroku/router: at=info", ""),
    (f"<190>1 2026-06-09T16:13:38.140819+00:00 host app web.1 - said <158>1 T {TOKEN} heroku router", ""),
    ("Jun 01 10:00:00 alpha sshd: no program of Heroku", ""),
    ('{"hostname": "gamma", "program": "heroku/router", "message": "at=info"}', "gamma"),
    ('{"hostname": "gamma", "program": "sshd", "message": "at=info"}', ""),
    ('{"hostname": "gamma", "program": "heroku/rou', ""),
    ("", ""),
])  # fmt: skip
def test_the_app_of_a_record(raw: str, app: str) -> None:
    assert app_of(raw) == app


def test_a_token_is_no_name_of_an_app() -> None:
    assert is_drain_token(TOKEN)
    assert not is_drain_token("d-alpha")
