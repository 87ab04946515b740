"""What to do when the whole app fails: the release before, as many dynos as before, or what all dynos share."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import confirm_note, confirmed, on_app, suggestion
from herodyno.diagnosis.claims.ending import REACH_SECONDS
from herodyno.diagnosis.claims.rollback import rollback
from herodyno.diagnosis.report.report import Action
from herodyno.dynos import Release

# What to look at as long as nothing is known that the failures have in common.
WHAT_ALL_SHARE = "look at what all dynos share: database, upstream services, config"


def scale_back(process_type: TypeAnalysis, analysis: Analysis) -> tuple[Action, ...]:
    """As many dynos as before, where the errors began when dynos were scaled away."""
    began, wanted, app = process_type.errors_began, process_type.quantity.wanted, confirmed(analysis)
    everyone = analysis.types[process_type.name].dynos  # those scaled away may have no part in the claim
    if began is None or not wanted:
        return ()
    away = {
        dyno.name
        for dyno in everyone
        if dyno.incarnation.end_reason == "scaled_down"
        and dyno.incarnation.end is not None
        and abs(began - dyno.incarnation.end) <= REACH_SECONDS
        and not process_type.quantity.wants(dyno.name)
    }
    if not away:
        return ()
    name, before = process_type.name, wanted + len(away)
    return (
        Action(
            rank=0,
            argv=("herodyno", "scale", f"{name}={before}", *app),
            text=f"as many {name} dynos as before: {before}",
            effect="the load is shared by as many dynos as before the errors",
            risk="billed by the second",
            undo=f"herodyno scale {name}={wanted} {' '.join(app)}".rstrip(),
            notes=confirm_note(analysis),
            mutates=True,
        ),
    )


def actions_for(release: Release | None, analysis: Analysis, *, restarts_useless: bool = True) -> tuple[Action, ...]:
    """What to look at or go back to. `restarts_useless`: all dynos fail alike."""
    actions: list[Action] = []
    if release is not None:
        info = ("heroku", "releases:info", f"v{release.version}", *on_app(analysis))
        actions += [suggestion("look first", *info), *rollback(release.version, analysis)]
    else:
        actions.append(suggestion(WHAT_ALL_SHARE))
    if restarts_useless:
        actions.append(suggestion("not useful: restarting dynos (all are affected alike)"))
    return tuple(actions)
