"""What helps a dyno short of memory: a restart where that would, a larger size with its price, fewer processes.

A restart gives back what grew. It gives back nothing where the level comes with the boot, where it is hardly over, or
where all dynos alike grow; and it is no advice where it takes the only dyno down.
"""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import on_app, suggestion
from herodyno.diagnosis.claims.restart import restart_one
from herodyno.diagnosis.report.report import Action
from herodyno.diagnosis.statistics.over_quota import times_over
from herodyno.dynos import DynoSize
from herodyno.units import count, megabytes, spoken_duration

# Ours. A level reached so soon after the boot comes back with the next one.
SOON_AFTER_BOOT_SECONDS = 120.0
# Ours. Below that a restart is not worth what it costs.
HARDLY_OVER = 1.05
_FEWER = "fewer processes or threads in a dyno often do it (WEB_CONCURRENCY); else a larger size"


def restart(dyno: IncarnationAnalysis, process_type: TypeAnalysis, analysis: Analysis) -> tuple[Action, ...]:
    """The advice to restart the dyno, unless that would not help or a successor has its name already."""
    if why_no_restart(dyno, process_type, analysis) or analysis.observations.is_replaced(dyno.incarnation):
        return ()
    return (restart_one(dyno, process_type, analysis),)


def why_no_restart(dyno: IncarnationAnalysis, process_type: TypeAnalysis, analysis: Analysis) -> str:
    """The sentence that says why a restart would not help, "" where it may."""
    spans = times_over(dyno.facts.memory, dyno.quota_mb)
    start = dyno.incarnation.start
    if spans and start is not None and 0 <= (after := next(iter(spans))[0] - start) <= SOON_AFTER_BOOT_SECONDS:
        return f"{dyno.name} was over it {spoken_duration(max(1.0, after))} after its boot: a restart brings it back."
    level = dyno.level
    if spans and level is not None and level.of_quota is not None and level.of_quota < HARDLY_OVER:
        return "Less than 5 % over: a restart costs more than it gives."
    if all_grow(process_type):
        return "All grow alike: a restart of one changes little, and it grows again."
    if max(len({other.name for other in process_type.running}), process_type.quantity.least) <= 1:
        only = process_type.quantity.only(process_type.name, analysis.observations.this_log)
        return f"{dyno.name} is {only}: a restart takes it down while it boots, so choose a quiet time."
    return ""


def all_grow(process_type: TypeAnalysis) -> bool:
    """Whether there are several dynos with a trend, and memory grows on all of them."""
    assessed = [dyno for dyno in process_type.running if dyno.trend.kind != "not_assessed"]
    return len(assessed) > 1 and all(dyno.trend.kind == "growing" for dyno in assessed)


def more_room(process_type: TypeAnalysis, analysis: Analysis, before: str = "") -> Action:
    """The next larger size with its price by the API, or the advice in words when prices are not known.

    `before` is the time by which it should be done, or "".
    """
    current = next((dyno.incarnation.size for dyno in process_type.running if dyno.incarnation.size), "")
    sizes = {size.name.casefold(): size for size in analysis.observations.sizes}
    own = sizes.get(current.casefold())
    running = len({dyno.name for dyno in process_type.running})
    text = f"before {before}: {_FEWER}" if before else _FEWER
    if own is None or own.memory_mb is None:
        return suggestion(text)
    larger = [size for size in analysis.observations.sizes if (size.memory_mb or 0) > own.memory_mb and _kin(size, own)]
    if not larger:
        return suggestion(text)
    size = min(larger, key=lambda s: (s.memory_mb or 0, s.cost_cents or 0, s.name))
    return suggestion(
        f"{text}, e.g. {size.name} ({megabytes(size.memory_mb or 0)}{_money(size, own, running)})",
        "herodyno", "scale", f"{process_type.name}={size.name.lower()}", "--dry-run", *on_app(analysis),
        effect="shows the plan and its price; sends nothing",
    )  # fmt: skip


def _kin(size: DynoSize, own: DynoSize) -> bool:
    """Whether a dyno may change from one size to the other. Eco, Basic, Standard and Performance are one family."""
    family = own.name.split("-")[0].casefold()
    other = size.name.split("-")[0].casefold()
    return other == family or {family, other} <= {"standard", "performance", "basic", "eco"}


def _money(size: DynoSize, own: DynoSize, running: int) -> str:
    if size.cost_cents is None or own.cost_cents is None or size.cost_unit != own.cost_unit:
        return ""
    more = (size.cost_cents - own.cost_cents) * running / 100
    sign = "-" if more < 0 else "+"
    return f"; {sign}${abs(more):,.0f}/{size.cost_unit or 'month'} for {count(running, 'dyno')}"
