"""The status page of Heroku, as `heroku status` reads it."""

from __future__ import annotations

from herodyno.sandbox.api.handlers.json_fields import fixed_id, time
from herodyno.sandbox.api.messages import Call, Json, Reply


def current_status(call: Call) -> Reply:
    """All systems and open incidents. Apps is yellow while the world has a `notice`."""
    world = call.world
    incidents: list[Json] = []
    if world.notice is not None:
        title, since = world.notice
        number = int(fixed_id("incidents", title)[:4], 16)
        update = {"contents": "Engineers are investigating.", "update_type": "issue", "updated_at": time(since)}
        incidents.append(
            {
                "created_at": time(since),
                "full_url": f"https://status.heroku.com/incidents/{number}",
                "id": number,
                "state": "open",
                "title": title,
                "updates": [update],
            }
        )
    colours = {"Apps": "yellow" if incidents else "green", "Data": "green", "Tools": "green"}
    systems = [{"system": system, "status": colour} for system, colour in colours.items()]
    return Reply(body={"status": systems, "incidents": incidents, "scheduled": []})
