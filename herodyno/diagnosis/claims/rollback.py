"""Advice to go back to an earlier release: what the rollback does, what it risks, how to undo it."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import on_app
from herodyno.diagnosis.report.report import Action


def rollback(version: int, analysis: Analysis) -> tuple[Action, ...]:
    """`heroku rollback v412 -a app` for release v413. Empty when no earlier release is known."""
    app = on_app(analysis)
    earlier = max(
        (release.version for release in analysis.observations.releases if release.version < version), default=None
    )
    if earlier is None:
        return ()
    return (
        Action(
            rank=0,
            argv=("heroku", "rollback", f"v{earlier}", *app),
            text=f"go back to v{earlier}",
            effect=f"a new release with v{earlier}'s code and config; all dynos restart",
            risk="database migrations are not undone",
            undo=f"heroku rollback v{version} {' '.join(app)}".rstrip(),
            mutates=True,
        ),
    )
