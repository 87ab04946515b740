"""The inputs of a verdict on a running app: the API's last answers and the lines held."""

from __future__ import annotations

from datetime import timedelta

from herodyno.cli.diagnose.inputs import Inputs
from herodyno.cli.live.answers import Answers
from herodyno.cli.live.held_log import Held
from herodyno.cli.session import Session
from herodyno.diagnosis.counting.one_pass import log_of
from herodyno.diagnosis.observations import Source
from herodyno.units import clock, zone_of

# Ours. Younger answers of the API still say which dynos run.
STALE = timedelta(seconds=90)


def live_inputs_of(session: Session, answers: Answers, held: Held) -> Inputs:
    """The inputs now; while no log arrives, as of the moment when it was lost: silence is no sign of health.

    When the API has not answered for long, its dynos are left out: an id of then is not the id of a later line.
    """
    now = session.now()
    at = held.lost_at or now
    is_stale = now - answers.at > STALE
    remarks = held.remarks
    zone = zone_of(now, utc=session.output.utc or session.output.wants_json)
    if is_stale:
        since = clock(answers.at, zone, today=now)
        remarks = (*remarks, f"the API has not answered since {since}: which dynos run now is not known")
    if held.lost_at is not None:
        remarks = (*remarks, f"no log has arrived since {clock(held.lost_at, zone, today=now)}")
    platform = session.platform
    return Inputs(
        log=log_of(held.lines, year=now),
        app=answers.app,
        at=at,
        source=Source(kind="log-session", cap=None, complete=held.lost_at is None),
        year=now,
        dynos=None if is_stale else answers.dynos,
        formation=answers.formation,
        releases=answers.releases,
        sizes=answers.sizes,
        api_calls=platform.calls,
        rate_limit_remaining=platform.rate_limit_remaining,
        remarks=remarks,
    )
