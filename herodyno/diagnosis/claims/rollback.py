"""Advice to go back to an earlier release: what the rollback does, what it risks, how to undo it."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.claims.claim import at_clock, confirm_note, confirmed, suggestion
from herodyno.diagnosis.releases import rollback_since, to_go_back_to
from herodyno.diagnosis.report.report import Action
from herodyno.dynos import Release, rolled_back_to
from herodyno.units import spoken_duration

# Ours. What begins so soon after a release is told with it first.
SOON_SECONDS = 600.0


def release_soon_before(began: float, analysis: Analysis) -> Release | None:
    """The newest release of the ten minutes before a crash, at seconds since 1970: one that came later is no cause."""
    release = analysis.observations.release_before(began, late=0.0)
    if release is None or release.created_at is None or began - release.created_at.timestamp() > SOON_SECONDS:
        return None
    return release


def after_release(release: Release, began: float, analysis: Analysis) -> str:
    """ "They began 40 s after release v413 (12:01); the order in time is no proof."."""
    assert release.created_at is not None
    gap = began - release.created_at.timestamp()
    relation = f"{spoken_duration(gap)} after" if gap >= 1 else "at the time of"
    at = at_clock(release.created_at.timestamp(), analysis)
    return f"They began {relation} release v{release.version} ({at}); the order in time is no proof."


def rollback(version: int, analysis: Analysis) -> tuple[Action, ...]:
    """`herodyno rollback v412 -a app --confirm app` for release v413. Empty when there is none to go back to.

    Where a rollback came since, and the trouble is still looked at, another one is no help.
    """
    known = analysis.observations.known_releases
    if (since := rollback_since(version, known)) is not None:
        went = f"release v{since.version} went back to v{rolled_back_to(since)} already"
        return (suggestion(f"not useful: another rollback ({went}, and dynos take a minute to follow)"),)
    target = to_go_back_to(version, known)
    if target is None:
        return ()
    return (
        Action(
            rank=0,
            argv=("herodyno", "rollback", f"v{target.version}", *confirmed(analysis)),
            text=f"go back to v{target.version}",
            effect=f"a new release with v{target.version}'s code and config; all dynos restart",
            risk="database migrations are not undone",
            undo=" ".join(("herodyno", "rollback", f"v{version}", *confirmed(analysis))),
            notes=confirm_note(analysis),
            mutates=True,
        ),
    )
