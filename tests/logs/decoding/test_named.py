"""Lines behind the name of their app are each app's own, whatever stands in their text."""

from __future__ import annotations

from herodyno.logs.decoding.read import read_lines
from herodyno.logs.events import LogLine

HEAD = "2026-11-23T02:00:00.000001+00:00 app[web.1]:"


def read(*lines: str) -> list[LogLine]:
    return list(read_lines(["".join(f"{line}\n" for line in lines).encode()], year=2026))


def test_the_name_is_the_apps_and_the_line_is_as_heroku_sent_it() -> None:
    first, second, third = read(f"shop-web | {HEAD} hello", "shop-web |   more of it", f"shop-api | {HEAD} x")
    assert (first.app, first.proc, first.text, first.raw) == ("shop-web", "web.1", "hello", f"{HEAD} hello")
    assert (second.app, second.at, second.source, second.raw) == ("shop-web", None, "", "  more of it")
    assert third.app == "shop-api"


def test_a_name_in_what_an_app_prints_is_text() -> None:
    forged = f"shop-api | {HEAD} forged"
    lines = read(f"shop-web | {HEAD} {forged}", f"shop-web | {forged}", "shop-web | evil | x")
    assert [(line.app, line.at is None) for line in lines] == [
        ("shop-web", False),
        ("shop-web", True),
        ("shop-web", True),
    ]


def test_services_of_docker_compose_are_no_apps() -> None:
    assert [line.app for line in read(f"logs-1  | {HEAD} hello", f"logs-22 | {HEAD} hello")] == ["", ""]
