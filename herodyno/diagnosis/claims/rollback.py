"""Advice to go back to an earlier release: what the rollback does, what it risks, how to undo it."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import on_app
from herodyno.diagnosis.releases import to_go_back_to
from herodyno.diagnosis.report.report import Action


def rollback(version: int, analysis: Analysis) -> tuple[Action, ...]:
    """`heroku rollback v412 -a app` for release v413. Empty when there is none to go back to."""
    app = on_app(analysis)
    target = to_go_back_to(version, analysis.observations.known_releases)
    if target is None:
        return ()
    return (
        Action(
            rank=0,
            argv=("heroku", "rollback", f"v{target.version}", *app),
            text=f"go back to v{target.version}",
            effect=f"a new release with v{target.version}'s code and config; all dynos restart",
            risk="database migrations are not undone",
            undo=f"heroku rollback v{version} {' '.join(app)}".rstrip(),
            mutates=True,
        ),
    )
