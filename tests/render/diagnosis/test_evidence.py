"""A line of evidence begins with who says it, in Heroku's form, whatever stood around it."""

from __future__ import annotations

import pytest

from tests.conftest import Invoke

STAMP = "2026-06-01T10:00:%02d+00:00"
SAYS = "at=error code=H12 method=GET path=/a host=a.example.com dyno=web.1 service=30000ms status=503"
AROUND = {
    "its own stamp": f"{STAMP} heroku[router]: {SAYS}",
    "a page of Papertrail": f"Jun 01 10:00:%02d shop heroku/router: {SAYS}",
    "a table of Papertrail": "\t".join(
        ("10000000000000%02d", STAMP, STAMP, "1", "shop", "192.0.2.1", "Local7", "Info", "heroku/router", SAYS)
    ),
    "a frame": f"<158>1 {STAMP} host heroku router - {SAYS}",
}


@pytest.mark.parametrize("around", AROUND)
def test_what_stands_around_a_line_is_left_out(around: str, invoke: Invoke) -> None:
    form = AROUND[around]
    lines = "".join(form % ((n,) * form.count("%02d")) + "\n" for n in range(60))

    told = invoke("diagnose --from-file - -a shop", stdin=lines.encode(), environ={}).stdout

    (evidence,) = (line for line in told.splitlines() if line.startswith("EVIDENCE"))
    assert evidence.split()[1:4] == ["10:00:59", "heroku[router]:", "at=error"]


def test_an_app_that_prints_such_a_line_still_speaks_itself(invoke: Invoke) -> None:
    printed = f"{STAMP} app[web.1]: Traceback (most recent call last): x heroku[router]: {SAYS}\n"
    failed = f"{STAMP} heroku[router]: {SAYS}\n"
    lines = "".join((failed + printed) % (n, n) for n in range(60))

    told = invoke("diagnose --from-file -", stdin=lines.encode(), environ={}).stdout

    assert not [line for line in told.splitlines() if "Traceback" in line and "app[web.1]: Traceback" not in line]
