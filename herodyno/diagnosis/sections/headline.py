"""The headline of a report: a line for each process type, with its sizes and the release that its dynos run."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis
from herodyno.diagnosis.observations import Observations
from herodyno.diagnosis.quantity import Quantity
from herodyno.diagnosis.report.phrases import clock_near, listed
from herodyno.dynos import newest_release
from herodyno.units import spoken_duration


def headline(analysis: Analysis) -> tuple[str, ...]:
    """Lines such as "web: 4 x Standard-1X, release v412 (all dynos on it)"."""
    lines = []
    newest, this_log = _newest(analysis.observations), analysis.observations.this_log
    for process_type in analysis.types.values():
        running = {dyno.name: dyno.incarnation for dyno in process_type.running}
        sizes = sorted({incarnation.size for incarnation in running.values() if incarnation.size})
        releases = sorted({incarnation.release for incarnation in running.values() if incarnation.release is not None})
        size = f" x {listed(sizes)}" if sizes else ""
        release = ""
        if len(releases) == 1:
            when = _deployed(releases[0], analysis.observations)
            release = f", release v{releases[0]} ({f'{when}; all on it' if when else 'all dynos on it'})"
        elif releases:
            behind = [name for name, incarnation in running.items() if incarnation.release != releases[-1]]
            release = f", release v{releases[-1]} (not yet on {listed(sorted(behind))})"
        lines.append(
            f"{process_type.name}: {_how_many(len(running), process_type.quantity, size, this_log)}{release}{newest}"
        )
    return tuple(lines)


def _newest(observations: Observations) -> str:
    """ "; v413 failed" or "; v413 pending": no dyno runs the newest release then."""
    newest = newest_release(observations.known_releases)
    if newest is None or newest.release.status not in ("failed", "pending"):
        return ""
    return f"; v{newest.release.version} {newest.release.status}"


def _how_many(running: int, quantity: Quantity, size: str, this_log: str) -> str:
    """ "4 x Standard-1X"; "3 of 4 x Standard-1X"; "1 in this file, at least 3 wanted"."""
    if quantity.wanted == 0 and not running:
        return "none wanted"
    if quantity.wanted is None:
        more = f", at least {quantity.least} wanted" if quantity.least > running else ""
        return f"{running or 'none running'}{size} in {this_log}{more}"
    here = f" in {this_log}" if quantity.source == "scale line" and running < quantity.wanted else ""
    if not running:
        return f"none of {quantity.wanted} running{here}"
    return f"{running}{f' of {quantity.wanted}' if running < quantity.wanted else ''}{size}{here}"


def _deployed(version: int, observations: Observations) -> str:
    """ "deployed Sat 21:05, 1 d 6 h ago". Empty when the API gives no time for the release."""
    at = next((r.created_at for r in observations.releases if r.version == version and r.created_at is not None), None)
    if at is None:
        return ""
    when = clock_near(at.timestamp(), observations.zone, near=observations.now)
    return f"deployed {when}, {spoken_duration(60 * round((observations.at - at).total_seconds() / 60))} ago"
