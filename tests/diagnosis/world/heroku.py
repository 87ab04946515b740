"""A Heroku that answers in this process with an app's lists and its last 1,500 lines."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.diagnosis.world.app import App
from tests.diagnosis.world.formats import Form, written
from tests.diagnosis.world.lives import Life

KEPT_LINES = 1500
# (name, GB, cents a month)
SIZES = (("Eco", 0.5, 0), ("Basic", 0.5, 700), ("Standard-1X", 0.5, 2500), ("Standard-2X", 1, 5000),
         ("Performance-M", 2.5, 25000), ("Performance-L", 14, 50000))  # fmt: skip


def dynos_json(app: App) -> list[dict[str, Any]]:
    """The list of dynos at the end: one that stops has left it, one that crashed stays until it is replaced."""
    return [
        {
            "id": life.id, "name": life.name, "type": life.type, "size": life.size, "command": app.command,
            "state": "crashed" if life.gone < app.seconds else "up" if life.open <= app.seconds else "starting",
            "release": {"id": f"{life.release:08x}-0000-4000-8000-000000000000", "version": life.release},
            "created_at": _time(app, life.born - 0.5), "updated_at": _time(app, min(life.open, app.seconds)),
        }
        for name in dict.fromkeys(life.name for life in app.lives)
        for life in [max((each for each in app.lives if each.name == name and each.born < app.seconds), key=_born)]
        if life.shut >= app.seconds or life.ended == "crashed"
    ]  # fmt: skip


def formation_json(app: App) -> list[dict[str, Any]]:
    """The formation."""
    sizes = {life.type: life.size for life in app.lives}
    return [
        {"type": kind, "quantity": n, "size": sizes.get(kind, "Standard-1X"), "command": app.command}
        for kind, n in sorted(app.wanted.items())
    ]


def releases_json(app: App) -> list[dict[str, Any]]:
    """The releases, newest first; each deploy has a slug of its own, a rollback that of an older one."""
    told = [(41, -90_000.0, "Deploy 0badcafe", "succeeded"), *app.releases]
    current = max(version for version, _, _, status in told if status == "succeeded")
    return [
        {
            "id": f"{version:08x}-0000-4000-8000-000000000000", "version": version, "status": status,
            "description": why, "user": {"email": "dev@example.com"}, "current": version == current,
            "slug": {"id": f"{version:08x}-1111-4000-8000-000000000000"}, "created_at": _time(app, at),
        }
        for version, at, why, status in reversed(told)
    ]  # fmt: skip


def ps_document(app: App) -> bytes:
    """What `herodyno ps --json` keeps, for --dynos."""
    releases = releases_json(app)
    newest = next(each["version"] for each in releases if each["current"])
    document = {"schema": "herodyno.ps/1", "dynos": dynos_json(app), "formation": formation_json(app),
                "newest_release": newest}  # fmt: skip
    return json.dumps(document).encode()


def transport(app: App) -> httpx.MockTransport:
    """The API of this app, and the log session's host."""
    lists: dict[str, Any] = {
        "": {"id": "0a0a0a0a-0000-4000-8000-00000000000a", "name": app.name, "generation": {"name": "cedar"},
             "stack": {"name": "heroku-24"}, "maintenance": False, "released_at": _time(app, -90_000.0)},
        "/dynos": dynos_json(app), "/formation": formation_json(app), "/releases": releases_json(app),
        "/available-dyno-sizes": [
            {"name": name, "memory": gb, "compute": 1, "dedicated": False, "cost": {"cents": cents, "unit": "month"}}
            for name, gb, cents in SIZES
        ],
    }  # fmt: skip

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix(f"/apps/{app.name}")
        if path == "/log-sessions":
            return httpx.Response(201, json={"logplex_url": "https://logs-api.heroku.com/log"})
        if path == "/log":
            lines = sorted(app.lines, key=lambda line: line.arrived)[-KEPT_LINES:]
            return httpx.Response(
                200, content=written(lines, Form(), app=app.name), headers={"content-type": "text/plain"}
            )
        return httpx.Response(200, json=lists[path]) if path in lists else httpx.Response(404, json={"id": "not_found"})

    return httpx.MockTransport(answer)


def _born(life: Life) -> float:
    return life.born


def _time(app: App, at: float) -> str:
    return app.moment(at).strftime("%Y-%m-%dT%H:%M:%SZ")
