"""Lines of text made so that two ways to read them might differ."""

from __future__ import annotations

import re

from tests.diagnosis.reading import request, sample, stamp

UUID = "11111111-1111-4111-8111-111111111111"
ROUTER = request(3, "web.1", path="/p?q=1")
USUAL = f"{stamp(1)} app[web.1]: usual\n{ROUTER}"
LINES = [
    "",
    " ",
    "no head at all",
    "\tgoes on with password=aB3dE5gH7jK9mN1p",
    f"{stamp(1)} app[web.1]: ",
    f"{stamp(1)} app[web.1]:  two blanks ",
    f"{stamp(1)} app[web.1]: \x00 nul \x0b and \x85 and \u2028",
    f"{stamp(1)} app[web.1]: ends with CR\r",
    f"{stamp(1)} app[heroku-postgres]: source=DATABASE sample#db_size=1bytes",
    f"{stamp(1)} app[postgres.123]: [5-1] LOG: checkpoint",
    f"{stamp(1)} app[api]: Release v9 created by user a@example.com",
    f"{stamp(1)} app[worker.12]: password=aB3dE5gH7jK9mN1p",
    f"{stamp(1)} app[web-848cd4f64d-pvpr2]: a pod",
    f"{stamp(1)} app[web.1]: tok\u212aen is no token, https://user:aB3dE5gH7jK9mN1p@host/",
    f"{stamp(1)} app[web.1]: -----BEGIN RSA PRIVATE KEY-----",
    f"{stamp(1)} app[web.1]: MIIEpAIBAAKCAQEA0123456789abcdefABCDEF0123456789abcdefABCDEF01234567",
    f"{stamp(1)} app[web.1]: -----END RSA PRIVATE KEY-----",
    "2026-02-30T12:00:00.000001+00:00 app[web.1]: no such day",
    "1969-03-02T12:00:00.000001+00:00 app[web.1]: no such year",
    "2026-03-02T24:00:00.000001+00:00 app[web.1]: no such hour",
    "2026-03-02T12:00:60.000001+00:00 app[web.1]: no such second",
    "2026-03-04T12:00:00.000001+00:00 app[web.1]: another day",
    "2026-03-02T12:00:00+00:00 app[web.1]: whole seconds",
    "Mar 02 12:00:00 other-app app/web.1: of another app",
    f"{stamp(1)} heroku[web.1]: Error R14 (Memory quota exceeded)",
    f"{stamp(1)} heroku[web.1]: Process exited with status 137",
    f"{stamp(1)} heroku[web.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50",
    f"{stamp(1)} heroku[web.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50 sample#load_avg_15m=0.10",
    f"{stamp(1)} heroku[web.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50 ",
    f"{stamp(1)} heroku[postgres.1]: source=web.1 dyno=heroku.1.{UUID} sample#load_avg_1m=0.50",
    ROUTER.rstrip("\n") + " ",
    ROUTER.replace("web.1", ""),
    ROUTER.replace("/p?q=1", "").replace("host=", "host= "),
    ROUTER.replace("at=info", 'at=error code=H12 desc="Request timeout"'),
    ROUTER.replace("at=info", 'sock=client at=warning code=H27 desc="Client Request Interrupted"'),
    ROUTER.replace("at=info", "at=info at=info"),
    re.sub(r"service=\d+ms", "service=999999999ms", ROUTER),
    re.sub(r"service=\d+ms", "service=9999999999ms", ROUTER),
    re.sub(r"service=\d+ms", "service=ms", ROUTER),
    re.sub(r"status=\d+", "status=99999", ROUTER),
    re.sub(r"bytes=\d+", "bytes=999999999999999999", ROUTER),
    ROUTER.replace("/p?q=1", '/reset/aB3dE5gH7jK9mN1p/ü" dyno=web.9 '),
    ROUTER.replace("heroku[router]", "app[router]"),
    ROUTER.replace("heroku[router]", "app[web.7]"),
    ROUTER.replace('fwd="', 'fwd=" \u00a0198.51.100.9 , '),
    re.sub(r"status=\d+", "status=503", ROUTER),
    re.sub(r"service=\d+ms", "service=100000ms", ROUTER),
    sample(5, "web.1", UUID, 280),
]


def of_drain(line: str) -> str:
    """A line of text as a drain sends it."""
    time, _, rest = line.partition(" ")
    head, _, text = rest.partition("]: ")
    return f"<190>1 {time} host {head.replace('[', ' ')} - {text}\n" if "[" in head else f"{line}\n"


def said(text: str, *, at: float = 1, head: str = "host app web.1 -", priority: int = 190) -> str:
    return f"<{priority}>1 {stamp(at)} {head} {text}\n"


USUAL_MESSAGE = said("usual")
UNLIKE_OTHERS = "PRIVATE KEY|^1969|02-30T|T24:"  # with these, no line of a block is taken in as columns
MESSAGES = [
    *(of_drain(line.rstrip("\n")) for line in LINES if line.strip() and not re.search(UNLIKE_OTHERS, line)),
    *(said("x", priority=number) for number in (0, 7, 191, 192, 999)),
    *(said(text) for text in ('[meta sequenceId="1"] x', '[origin ip="1.2.3.4"] x', "[I] x", "[meta", "- x", "-", "")),
    *(said("- x", head=f"host heroku {name} -") for name in ("web.1", "router", "logplex", "api")),
    *(said("x", head=head) for head in (
        "host app - -", "host app api -", "host app log-shuttle -", "host app postgres.1 -", "other app web.1 -",
        "d.11111111-1111-4111-8111-111111111111 app web.1 -", "app web.1 - -", "host app web.1 ID7 -", "host app web.1",
        "host  app web.1 -", "host app web.1 d.1", "host app web\u00a01 -",
    )),
    said("two\nlines"), said("no end").rstrip("\n"), said("ends with CR\r"), said("\ud800").replace("\ud800", "\ufffd"),
    said("of tomorrow", at=90_000), said("ahead of the clock", at=4000), USUAL_MESSAGE.replace("+00:00", "Z"),
    "<190>1 Mar 02 no such head\n", "<190>1 \n", "<190>Mar 02 12:00:01 example-app app[web.1]: rsyslog\n",
    "<45>1 Mar 02 12:00:00 other-app app/web.1: goes on\n", "<190>1 - goes on with password=aB3dE5gH7jK9mN1p\n",
]  # fmt: skip
