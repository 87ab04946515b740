"""`diagnose` for several apps: a line each, the worst first; the worst in full where that is asked for."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from operator import itemgetter

from herodyno.cli.diagnose.apart import Rank, rank
from herodyno.cli.diagnose.fetch import FIR_SECONDS, live_inputs
from herodyno.cli.diagnose.inputs import judged
from herodyno.cli.diagnose.options import DiagnoseOptions, parse_request, refuse_beside_several
from herodyno.cli.diagnose.work import UNKNOWN, findings_lines, show, show_as_metrics
from herodyno.cli.fleet.asking import apps_of, each_app, failure_of
from herodyno.cli.session import Session
from herodyno.diagnosis.report.exit_codes import exit_code
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.heroku.api.side_by_side import Answer
from herodyno.heroku.which_apps import SelectedApp
from herodyno.render.fleet.diagnose import AppVerdict, verdicts_blocks, verdicts_document
from herodyno.render.text import line
from herodyno.units import zone_of

# The app, dynos, formation, releases, sizes, the log session.
CALLS_OF_AN_APP = 6
# Where an app without an answer stands: below critical and warning.
_NO_ANSWER: Rank = (2, False, False, -1.0)


def diagnose_several(session: Session, options: DiagnoseOptions) -> int:
    """Judge and show the apps. Returns the worst exit code: 20, 10, 30, 0.

    Raises the error of apps that gave no answer, after the others were shown, unless a verdict is worse.
    """
    refuse_beside_several(options)
    log_filter = parse_request(session, options).log_filter
    apps = apps_of(session, options)
    if options.html:
        from herodyno.cli.fleet.pages import check_pages

        check_pages(options.html, [selected.name for selected in apps])

    def judge(selected: SelectedApp) -> Diagnosis:
        inputs = live_inputs(session, selected.name, fir_seconds=FIR_SECONDS)
        found = judged(session, inputs, log_filter)
        if inputs.log_error is not None and found.verdict.kind in UNKNOWN:
            raise inputs.log_error
        return found

    rows = _worst_first(each_app(session, apps, judge, calls_each=CALLS_OF_AN_APP), options)
    _show(session, options, rows)
    if options.html:
        from herodyno.cli.fleet.pages import write_pages

        write_pages(session, options, rows)
    codes = {exit_code(row.found, **options.exit_rules) for row in rows if row.found}
    failed = failure_of([row.error for row in rows if row.error], len(rows))
    worst = next((code for code in (20, 10, 30) if code in codes), 0)
    if failed and worst not in (20, 10):
        raise failed
    if failed:
        session.output.note(f"{failed.message}{failed.next_step and f'; {failed.next_step}'}")
    return worst


def _worst_first(
    answers: Iterable[tuple[SelectedApp, Answer[Diagnosis]]], options: DiagnoseOptions
) -> list[AppVerdict]:
    """The rows in their order. Only those that will be shown in full stay whole: the others are small."""
    is_for_all = options.html or options.output in ("jsonl", "openmetrics")
    answered: list[tuple[Rank, AppVerdict]] = []
    unanswered: list[tuple[Rank, AppVerdict]] = []
    for selected, answer in answers:
        row = AppVerdict(selected.name, answer.value, answer.error)
        if row.found is None:
            unanswered.append((_NO_ANSWER, row))
            continue
        grave = rank(row.found, not_enough=options.not_enough)
        place = bisect(answered, grave, key=itemgetter(0))
        answered.insert(place, (grave, row))
        if not is_for_all and (place := max(place, options.top)) < len(answered):
            answered[place] = (answered[place][0], answered[place][1].light)
    return [row for _, row in sorted([*answered, *unanswered], key=itemgetter(0))]


def _show(session: Session, options: DiagnoseOptions, rows: list[AppVerdict]) -> None:
    output, now = session.output, session.now()
    if options.output == "jsonl":
        for row in rows:
            output.write(findings_lines(row.found) if row.found else "")
        return
    if options.output == "openmetrics":
        show_as_metrics(session, [(row.name, row.found) for row in rows], options.file)
        return
    if output.wants_json:
        left = session.platform.rate_limit_remaining
        output.json(verdicts_document(rows, now=now, calls_left=left, **options.exit_rules))
        return
    output.show(*verdicts_blocks(rows, now=now, zone=zone_of(now, utc=output.utc)))
    opened = [(row.name, row.found) for row in rows if row.found][: options.top]
    for place, (name, found) in enumerate(opened, start=1):
        output.lines([line(""), line(f"== {name}, {place} of the {len(opened)} worst", "heading")])
        show(session, found, in_full=options.full)
