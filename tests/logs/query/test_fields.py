"""Fields: the router's, codes, metrics and pairs of apps, JSON; never another field's text."""

import pytest

from herodyno.logs.parsing.event import event_of
from herodyno.logs.query.fields import metrics_of, reader_of, router_fields
from tests.logs.log_lines import line, request

H12 = request(dyno="web.2", status=503, service=30000, code="H12", path="/a?status=1")
METRICS = (
    "heroku[web.1]: source=web.1 dyno=heroku.1.ea2fc07d-d807-4864-a2c3-5cac3531c914 "
    "sample#memory_total=906.01MB sample#memory_rss=835.69MB"
)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (H12, "status", "503"),
        (H12, "service", "30000ms"),
        (H12, "code", "H12"),
        (H12, "path", "/a?status=1"),
        (H12, "dyno", "web.2"),
        (H12, "type", "web"),
        (H12, "proc", "router"),
        (H12, "desc", "Request timeout"),
        (request(), "code", ""),
        ("heroku[web.1]: Error R14 (Memory quota exceeded)", "code", "R14"),
        ("heroku[web.1]: Process exited with status 137", "exit", "137"),
        ("heroku[web.1]: State changed from up to crashed", "state", "crashed"),
        ("heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 5 messages", "code", "L11"),
        (METRICS, "memory_total", "906.01MB"),
        (METRICS, "dyno", "web.1"),
        ("app[web.1]: measure#jobs.wait=12ms count#jobs=1", "jobs.wait", "12ms"),
        ("app[web.1]: measure#jobs.wait=12ms count#jobs=1", "jobs", "1"),
        ('app[web.1]: level=warn msg="two words" user=7', "msg", "two words"),
        ('app[web.1]: level=warn msg="two words" user=7', "user", "7"),
        ('app[web.1]: {"level":"warn","ms":12.5,"ok":true,"none":null}', "ms", "12.5"),
        ('app[web.1]: {"level":"warn","ms":12.5,"ok":true,"none":null}', "none", None),
        ("app[web.1]: superuser=7", "user", None),
        ("app[web.1]: at=error code=H12 exit=137 state=crashed", "code", None),
        ("app[web.1]: at=error code=H12 exit=137 state=crashed", "exit", None),
        ("app[web.1]: at=error code=H12 exit=137 state=crashed", "state", None),
        ("app[web.1]: at=error code=H12 exit=137 state=crashed", "app.code", "H12"),
        *(
            ("app[web.1]: at=info method=GET path=/x status=500 service=9ms bytes=1 dyno=web.9", name, None)
            for name in ("at", "method", "path", "status", "service", "bytes", "connect")
        ),
        ("app[web.1]: at=info method=GET path=/x status=500 service=9ms bytes=1 dyno=web.9", "dyno", "web.1"),
        ("app[web.1]: at=info method=GET path=/x status=500 service=9ms bytes=1 dyno=web.9", "app.status", "500"),
        ('app[web.1]: {"status":500}', "status", None),
        ('app[web.1]: {"status":500}', "app.status", "500"),
        ('app[web.1]: {"code":"H12"}', "code", None),
        ('app[web.1]: {"code":"H12"}', "app.code", "H12"),
        ('app[web.1]: {"app.code":"A7","code":"B8"}', "app.code", "A7"),
        ("app[web.1]: user=7", "app.user", "7"),
        ("app[log-shuttle]: Error L12: 5 messages dropped since 2026-01-01T00:00:00+00:00.", "code", "L12"),
        (H12, "app.code", None),
        ("app[web.1]: {broken", "broken", None),
        ("app[web.1]: plain words", "status", None),
        ("app[heroku-postgres]: source=DATABASE sample#load-avg-1m=0.06", "dyno", ""),
    ],
)
def test_a_field_is_found_by_its_name(text: str, name: str, value: str | None) -> None:
    assert reader_of(name)(event_of(line(text))) == value


def test_metrics_are_listed_with_their_units() -> None:
    assert metrics_of(event_of(line("app[web.1]: sample#a=1MB measure#b.c=2ms count#d=3 plain=4"))) == {
        "a": "1MB",
        "b.c": "2ms",
        "d": "3",
    }


def test_the_routers_fields_leave_out_what_is_empty() -> None:
    event = event_of(line(request()))
    fields = router_fields(event)  # type: ignore[arg-type] # a RouterRequest, as its line shows
    assert fields["status"] == "200"
    assert "code" not in fields
