"""Crashes: which dynos exited by themselves, with what status, how often, and whether a dyno runs now."""

from __future__ import annotations

from herodyno.diagnosis.analysis import Analysis, IncarnationAnalysis, TypeAnalysis
from herodyno.diagnosis.claims.claim import Claim, at_clock, at_clocks
from herodyno.diagnosis.claims.crashes.advice import TELLING, actions_for, began_at, code_of
from herodyno.diagnosis.claims.crashes.last_words import last_words
from herodyno.diagnosis.claims.over import last_seen, together
from herodyno.diagnosis.claims.printed import before_exit
from herodyno.diagnosis.claims.rollback import after_release, release_soon_before
from herodyno.diagnosis.counting.facts import EvidenceLine
from herodyno.diagnosis.report.phrases import all_of, end_gloss, listed, named
from herodyno.diagnosis.report.report import Severity
from herodyno.diagnosis.statistics.crash_tense import crash_tense
from herodyno.diagnosis.statistics.tense import Tense
from herodyno.logs.codes.table import CODES
from herodyno.units import count, spoken_duration


def claims(analysis: Analysis) -> list[Claim]:
    """At most one claim a process type: all its dynos are down, some crash, or one crashed and came back."""
    found = []
    for process_type in analysis.types.values():
        crashed = [dyno for dyno in process_type.dynos if dyno.incarnation.crashed and dyno.in_focus]
        down = [
            name
            for name in _down_now(process_type, analysis)
            if analysis.observations.scope.shows_name(name) and process_type.quantity.wants(name)
        ]
        if crashed or down:
            found.append(_claim(process_type, crashed, down, analysis))
    return found


def all_down(claim: Claim) -> bool:
    """Whether a claim says that every dyno of a type is down, as far as the log shows."""
    return claim.label in ("ALL DOWN", "DOWN")


def _down_now(process_type: TypeAnalysis, analysis: Analysis) -> list[str]:
    """The names under which no dyno runs: by the API if it was asked, else by the last incarnation in the log."""
    if analysis.observations.dynos is not None:
        return sorted(
            d.name for d in analysis.observations.dynos if d.type == process_type.name and d.state == "crashed"
        )
    last: dict[str, IncarnationAnalysis] = {dyno.name: dyno for dyno in process_type.dynos}
    return [name for name, dyno in last.items() if dyno.incarnation.crashed]


def _claim(
    process_type: TypeAnalysis, crashed: list[IncarnationAnalysis], down: list[str], analysis: Analysis
) -> Claim:
    listed_now = {d.name for d in analysis.observations.dynos or () if d.type == process_type.name} or {
        dyno.name for dyno in process_type.dynos if not dyno.over or dyno.incarnation.crashed
    }
    quantity = process_type.quantity
    everything = bool(down) and listed_now <= set(down) and len(down) >= quantity.least
    names = sorted({dyno.name for dyno in crashed} | set(down))
    crashed = sorted(crashed, key=lambda dyno: dyno.incarnation.end or 0.0)
    last = crashed[-1] if crashed else None
    never_ran = bool(crashed) and all(dyno.incarnation.never_ran for dyno in crashed)
    crash = f"could not be started: {code_of(crashed)} ({CODES[code_of(crashed)].title})" if never_ran else "crashed"
    h10 = analysis.observations.facts.no_dyno.by_code.get("H10", 0)
    is_known = quantity.wanted is not None or analysis.observations.dynos is not None
    is_wanted = any(quantity.wants(name) for name in names)
    severity: Severity
    tense = _tense(names, [name for name in down if quantity.wants(name)], analysis)
    if everything:
        label, severity = "ALL DOWN" if is_known else "DOWN", "critical"
        here = "" if is_known else f" in {analysis.observations.this_log}"
        which = (
            f"{all_of(len(down))} {process_type.name} dynos{here}"
            if len(down) > 1
            else f"{down[0]}, {quantity.only(process_type.name, analysis.observations.this_log)},"
        )
        summary = f"{which} {crash}{_status(last)}"
    elif len(crashed) > 1 or down:
        label, severity = "CRASHES", "critical" if h10 else "warning"
        often = "once" if len(crashed) == 1 else count(len(crashed), "time")
        times = f"{crash}, {often}" if never_ran else f"crashed {often}"
        summary = f"{listed(names)} {times}{_status(last)}" if crashed else f"{listed(names)} crashed"
    else:
        label, severity = "CRASH", "warning"
        assert last is not None
        again = " and was started again" if is_wanted else ""
        once = f"once {crash}" if never_ran else f"crashed once{again}"
        summary = f"{named(last.incarnation)} {once}{_status(last)}"
    if not is_wanted:
        severity = "info"
        tense = Tense(False, tense.newest, quantity.scaled_at if quantity.scaled_at is not None else tense.newest)
        since = f" at {at_clock(quantity.scaled_at, analysis)}" if quantity.scaled_at is not None else ""
        summary += f"; {process_type.name} was scaled to {quantity.wanted}{since}"
    return Claim(
        kind="crash",
        severity=severity,
        confidence="high" if last is not None and last.incarnation.is_crash_told else "medium",
        label=label,
        summary=summary + last_seen(tense, analysis, "crash"),
        details=tuple(_details(process_type, crashed, h10, tense, analysis, is_wanted=is_wanted)),
        not_claimed=(
            "why Heroku could not start it" if never_ran else "why the process exits, beyond what it printed",
        ),
        actions=actions_for(process_type, crashed, down, analysis, everything=everything and is_known),
        dyno=last.name if last else names[0],
        dyno_id=last.id if last else None,
        evidence=tuple(_evidence(crashed)),
        runbook=code_of(crashed) or ("H10" if h10 else ""),
        replaced=not is_wanted,
        tense=tense,
        ended_with=None if is_wanted else "scale",
        sides=last_words(crashed, process_type.dynos),
    )


def _tense(names: list[str], down: list[str], analysis: Analysis) -> Tense:
    """Whether any of these names goes on crashing. It is over when it is over for each of them."""
    observations = analysis.observations
    return together(
        [
            crash_tense(
                observations.times.incarnations.get(name, ()),
                observations.start,
                observations.present,
                is_down=name in down,
            )
            for name in names
        ]
    )


def _status(last: IncarnationAnalysis | None) -> str:
    if last is None or last.incarnation.never_ran:
        return ""
    status, gloss = last.incarnation.exit_status, end_gloss(last.incarnation, last.facts)
    if status is None:
        return f": {gloss}" if gloss else ""
    return f", exit status {status}" + (f" ({gloss})" if gloss else "")


def _details(
    process_type: TypeAnalysis,
    crashed: list[IncarnationAnalysis],
    h10: int,
    tense: Tense,
    analysis: Analysis,
    *,
    is_wanted: bool,
) -> list[str]:
    began = began_at(crashed)
    release = release_soon_before(began, analysis) if began is not None else None
    sentences = [after_release(release, began, analysis)] if release is not None and began is not None else []
    ends = [
        dyno.incarnation.end for dyno in crashed if dyno.incarnation.end is not None and not dyno.incarnation.never_ran
    ]
    if len(ends) > 1:
        statuses = sorted(
            {str(dyno.incarnation.exit_status) for dyno in crashed if dyno.incarnation.exit_status is not None}
        )
        first, newest = at_clocks(ends[0], ends[-1], analysis)
        when = f"at {first}" if first == newest else f"between {first} and {newest}"
        lasted = spoken_duration(ends[-1] - ends[0])
        status = f"; status {listed(statuses)}" if statuses else ""
        sentences.append(f"{count(len(ends), 'exit')} {when} ({lasted}){status}.")
    code = code_of(crashed)
    if code in ("R17", "R99"):
        sentences.append(CODES[code].meaning)
    elif code and code not in crashed[-1].incarnation.codes:
        sentences.append(f"{code} ({CODES[code].title}) was logged with it.")
    if any("R14" in dyno.facts.codes and code == "R10" for dyno in crashed):
        sentences.append("R14 came before the R10: it ran out of memory while booting.")
    symptoms = sum(analysis.observations.facts.symptoms.get(dyno.key, 0) for dyno in crashed)
    if symptoms:
        codes = "/".join(code for code in ("H13", "H18") if any(dyno.facts.errors.by_code[code] for dyno in crashed))
        sentences.append(
            f"{count(symptoms, f'{codes} line')} came just before an exit: a sign of it, not another fault."
        )
    if h10:
        say, name = ("says", "it names") if h10 == 1 else ("say", "they name")
        sentences.append(f"{count(h10, 'H10 line')} only {say} that no {process_type.name} dyno ran; {name} none.")
    if printed := before_exit(crashed):
        sentences.append(printed.sentence(at_clock(printed.at, analysis)))
    if crashed and is_wanted and tense.ongoing is not False:
        sentences.append(
            "Heroku restarts a crashed dyno at once, then after growing waits; a manual restart skips the wait."
        )
    return sentences


def _evidence(crashed: list[IncarnationAnalysis]) -> list[EvidenceLine]:
    lines = [line for dyno in crashed for line in dyno.facts.evidence.of("exit", *TELLING, "exception", "H13")]
    return sorted(lines, reverse=True)[:4]
