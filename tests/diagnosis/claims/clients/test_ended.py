"""Clients that leave are told with the page that most of them left."""

from __future__ import annotations

import pytest

from tests.diagnosis.reading import judged, request


def test_the_page_that_most_clients_leave_is_named() -> None:
    lines = [request(i * 2.0, f"web.{1 + i % 3}", client=f"192.0.2.{i % 60}", path=f"/p{i % 9}") for i in range(300)]
    lines += [
        request(i * 9.0, f"web.{1 + i % 3}", code="H27", status=499, service=14000, path="/search" if i % 5 else "/")
        for i in range(60)
    ]
    answer = judged("".join(lines))

    assert answer.verdict.kind == "clients"
    assert "Most of them left /search (48 of 60)." in answer.verdict.details
    assert answer.actions[0].text.startswith("look at /search (48 of 60): ")


def test_pages_that_are_left_alike_are_not_named() -> None:
    lines = [request(i * 2.0, f"web.{1 + i % 3}", client=f"192.0.2.{i % 60}", path=f"/p{i % 9}") for i in range(300)]
    lines += [
        request(i * 9.0, f"web.{1 + i % 3}", code="H27", status=499, service=14000, path=f"/p{i % 9}")
        for i in range(60)
    ]

    assert judged("".join(lines)).actions[0].text.startswith("look at the slowest pages: ")


@pytest.mark.parametrize(("dyno", "dynos"), [("web.3", 4), ("web.1", 2), ("web.2", 6)])
def test_a_dyno_that_clients_leave_far_more_often_is_told_with_its_share(dyno: str, dynos: int) -> None:
    lines = [
        request(i * 1.5, f"web.{1 + i % dynos}", client=f"192.0.2.{i % 60}", path=f"/p{i % 9}") for i in range(600)
    ]
    lines += [request(i * 11.0, dyno, code="H27", status=499, service=14000, path=f"/p{i % 9}") for i in range(80)]
    answer = judged("".join(lines))

    assert (answer.verdict.kind, answer.verdict.severity) == ("clients", "warning")
    assert f"80 of them on {dyno} " in answer.verdict.summary
    assert any("a slow dyno, rather than a slow page" in sentence for sentence in answer.verdict.details)
    assert [action.argv[2] for action in answer.actions if action.mutates] == [dyno]


def test_a_dyno_that_clients_leave_at_once_is_not_called_slow() -> None:
    lines = [request(i * 1.5, f"web.{1 + i % 4}", client=f"192.0.2.{i % 60}") for i in range(600)]
    lines += [request(i * 11.0, "web.2", code="H27", status=499, service=40) for i in range(80)]
    answer = judged("".join(lines))

    assert "80 of them on web.2 " in answer.verdict.summary
    assert not any(action.mutates for action in answer.actions)


def test_an_app_that_refuses_most_requests_is_told_with_path_and_client() -> None:
    flood = "".join(request(i, "web.1", status=429, path="/api/events", client="203.0.113.9") for i in range(60))
    (found,) = [each for each in judged(flood).findings if each.kind == "refused"]

    assert found.severity == "info"
    assert found.sentence == (
        "60 of 60 requests were answered with 429 (Too Many Requests); path /api/events: 60 of 60 requests; "
        "client 203.x.x.x: 60 of 60 requests"
    )


def test_some_pages_that_are_not_found_are_not_worth_a_word() -> None:
    lines = [request(i, "web.1", status=404 if i % 4 == 0 else 200, client=f"192.0.2.{i % 60}") for i in range(200)]
    assert not any(each.kind == "refused" for each in judged("".join(lines)).findings)
