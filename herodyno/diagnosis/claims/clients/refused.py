"""An app that refuses half of its requests or more with one status of 4xx. These are no server errors."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import Claim, on_app, suggestion
from herodyno.diagnosis.counting.tallies import Tally
from herodyno.diagnosis.report.redaction import redact, redact_path
from herodyno.dynos import Release
from herodyno.units import count

# An app that refuses half of its requests is worth a word.
MIN_REFUSED = 20
MIN_REFUSED_RATE = 0.5
# Of one path, or of one client: this part of the refused requests and of all others.
_NEARLY_ALL = 0.9
_ENDED_BY_CLIENT = 499  # the router's status of H27 and H28


def claims(analysis: Analysis) -> list[Claim]:
    """Half of the requests or more answered with one status of 4xx."""
    facts = analysis.observations.facts
    statuses = facts.shared.good.get("status", Tally())
    top = [(int(status), n) for status, n in statuses if status.startswith("4") and status != str(_ENDED_BY_CLIENT)]
    if not top or top[0][1] < MIN_REFUSED or top[0][1] / facts.router_lines < MIN_REFUSED_RATE:
        return []
    from http import HTTPStatus  # few logs need it

    status, n = top[0]
    phrase = next((f" ({known.phrase})" for known in HTTPStatus if known == status), "")
    shown = {"path": redact_path, "client": redact}
    mostly = [
        f"{key} {shown[key](value)}: {count(times)} of {count(facts.router_lines, 'request')}"
        for key in shown
        for value, times in facts.shared.good.get(key, Tally()).top(1)
        if value and times >= _NEARLY_ALL * facts.router_lines
    ]
    release = _release_in_window(analysis) if status != HTTPStatus.TOO_MANY_REQUESTS else None
    return [
        Claim(
            kind="refused",
            severity="warning" if release else "info",
            confidence="high",
            label="REFUSED",
            summary="; ".join(
                [f"{count(n)} of {count(facts.router_lines, 'request')} were answered with {status}{phrase}", *mostly]
            ),
            details=(
                *(
                    (f"Release v{release.version} came in this time; whether they began with it is not shown.",)
                    if release
                    else ()
                ),
                "The app answers so: they are not counted as server errors.",
            ),
            not_claimed=("whether it is meant to",),
            actions=(suggestion("look first", "heroku", "releases:info", f"v{release.version}", *on_app(analysis)),)
            if release
            else (),
        )
    ]


def _release_in_window(analysis: Analysis) -> Release | None:
    """The newest release of the window that took effect."""
    window = analysis.observations
    return next(
        (
            release
            for release in window.known_releases
            if release.status != "failed"
            and release.created_at is not None
            and window.start <= release.created_at.timestamp() <= window.end
        ),
        None,
    )
