"""The work of `herodyno diagnose`: fetch the inputs, judge them, show the diagnosis, keep a bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from herodyno.cli.diagnose.fetch import FIR_SECONDS, file_inputs, live_inputs
from herodyno.cli.diagnose.inputs import FilterOptions, Inputs, judged
from herodyno.cli.diagnose.options import DiagnoseOptions, DiagnoseRequest
from herodyno.cli.options import reads_archive
from herodyno.cli.session import Session
from herodyno.diagnosis.scope import Filter
from herodyno.render.text import line
from herodyno.units import count, zone_of

if TYPE_CHECKING:
    from herodyno.diagnosis.report.report import Diagnosis

# Runbooks of errors that are Heroku's own.
_OF_THE_PLATFORM = ("#h99-platform-error", "#r99-platform-error")
# Verdicts that say nothing where there is no log.
UNKNOWN = ("not_enough_data", "nothing_found")


def diagnose_and_show(session: Session, request: DiagnoseRequest) -> Diagnosis:
    """Fetch, judge and show, and write the files that flags name."""
    options = request.options
    if options.makes_report:
        from herodyno.cli.diagnose import report_files

        report_files.check(options)
    if options.from_report:
        return _show_again(session, options)
    if options.bundle_path:
        from herodyno.cli.diagnose.new_file import check_free

        check_free(options.bundle_path)
    with ExitStack() as stack:
        inputs, log_filter = _fetch(session, request, stack)
        is_live = not (options.files or options.from_bundle or reads_archive(options))
        if not options.bundle_path:
            found = judged(session, inputs, log_filter)
            if inputs.is_of_several_apps:
                from herodyno.cli.diagnose.apart import judged_apart, of_app

                if not options.app:
                    return _show_apart(session, options, inputs, judged_apart(session, inputs, options, log_filter))
                found = judged(session, of_app(inputs, options.app), log_filter)
            if is_live and options.shows_details:
                found = _with_status_page(session, found)
            if inputs.past is not None:
                found = inputs.past(found)
            _show_as(session, options, found, inputs)
            return _with_report(session, options, _unless_unknown(session, inputs, found))
        from herodyno.cli.diagnose.bundle import Bundle

        secrets = (session.credential.token,) if is_live else ()
        bundle = stack.enter_context(closing(Bundle(inputs, everything=not options.no_redact, secrets=secrets)))
        if inputs.is_of_several_apps:
            from herodyno.cli.diagnose.apart import of_app, only_app

            inputs = of_app(inputs, only_app(inputs, options))
            bundle = stack.enter_context(closing(Bundle(inputs, everything=not options.no_redact, secrets=secrets)))
        found = judged(session, bundle.inputs, log_filter)
        _show_as(session, options, found, inputs)
        bundle.write(options.bundle_path, found, log_filter)
        how = "not redacted, tokens left out" if options.no_redact else "redacted"
        session.output.note(f"bundle: {options.bundle_path} ({count(bundle.line_count, 'line')}, {how})")
        return _with_report(session, options, _unless_unknown(session, inputs, found))


def _show_again(session: Session, options: DiagnoseOptions) -> Diagnosis:
    """The diagnosis of a report. What is passed on of it is redacted again: the page may have been made without."""
    from herodyno.cli.diagnose import report_files

    report = report_files.read_report(Path(options.from_report))
    at = report.diagnosis.generated_at
    if at.astimezone(report.zone).utcoffset() != at.astimezone(zone_of(at, utc=session.output.utc)).utcoffset():
        session.output.note(f"times inside sentences are in {report.zone_name}, as when the report was made")
    passed_on = report_files.redacted(session, options, report)
    if options.output == "md":
        session.output.write(report_files.draft(passed_on))
    else:
        _show_as(session, options, report.diagnosis, None)
    report_files.write(session, options, passed_on)
    return report.diagnosis


def _with_report(session: Session, options: DiagnoseOptions, found: Diagnosis) -> Diagnosis:
    """The diagnosis, of which the files of a report were written."""
    if options.makes_report:
        from herodyno.cli.diagnose import report_files

        report_files.write(session, options, report_files.report_of(session, options, found))
    return found


def _show_apart(
    session: Session, options: DiagnoseOptions, inputs: Inputs, apart: list[tuple[str, Diagnosis]]
) -> Diagnosis:
    """Show the diagnosis of each app, and give the worst. Monitoring reads one line, that of the worst."""
    output = session.output
    if options.nagios:
        from herodyno.render.diagnosis.nagios import long_output, nagios_line

        word, _, rest = nagios_line(apart[0][1], **options.exit_rules).partition(": ")
        first = f"{word}: {apart[0][0]}, the worst of {len(apart)} apps, {rest}"
        output.lines([line(part) for part in (first, *long_output(apart[0][1]))])
        return apart[0][1]
    if options.output == "openmetrics":
        show_as_metrics(session, apart, options.file)
        return apart[0][1]
    from herodyno.render.diagnosis.document import diagnosis_document

    for place, (app, found) in enumerate(apart):
        if options.shows_details and output.wants_json:
            output.write(json.dumps(diagnosis_document(found), separators=(",", ":")) + "\n")
            continue
        if options.shows_details:
            output.lines([line("")] * (place > 0))
            output.lines([line(f"== {app}, app {place + 1} of {len(apart)} in this log, the worst first", "heading")])
        _show_as(session, options, found, inputs)
    return apart[0][1]


def _unless_unknown(session: Session, inputs: Inputs, found: Diagnosis) -> Diagnosis:
    """The diagnosis. Where the log could not be had and the API alone shows no trouble, raises the log's error."""
    if inputs.log_error is not None:
        if found.verdict.kind in UNKNOWN:
            raise inputs.log_error
        session.output.note(inputs.log_error.message)
    return found


def _fetch(session: Session, request: DiagnoseRequest, stack: ExitStack) -> tuple[Inputs, Filter]:
    options, log_filter = request.options, request.log_filter
    if options.files:
        return file_inputs(session, options.files, options.dynos_file, options.app or "", stack), log_filter
    if reads_archive(options):
        from herodyno.cli.archive.engine import archive_of
        from herodyno.cli.diagnose.archived import archive_inputs

        archive = stack.enter_context(archive_of(session, options))
        return archive_inputs(session, archive, options.app or "", log_filter), log_filter
    if options.from_bundle:
        from herodyno.cli.diagnose.from_bundle import from_bundle

        unpacked = from_bundle(Path(options.from_bundle))
        # Without filters of its own, a bundle is judged with the filters it was made with.
        is_filtered = options.filter_options != FilterOptions()
        return unpacked.inputs, log_filter if is_filtered else unpacked.filter_options.parse(session)
    name = session.app_name(options.app, options.remote)
    return live_inputs(session, name, listen_seconds=request.listen_seconds, fir_seconds=FIR_SECONDS), log_filter


def _with_status_page(session: Session, found: Diagnosis) -> Diagnosis:
    """The diagnosis with a sentence of Heroku's status page, when the verdict rests on errors of Heroku's own."""
    if not (found.findings and found.findings[0].runbook.endswith(_OF_THE_PLATFORM)):
        return found
    from herodyno.heroku.status_page import page_of, status_sentence

    page = page_of(session.environ, session.api_url)
    if not page:
        return found
    sentence = status_sentence(page, httpx_transport=session.httpx_transport)
    return replace(found, verdict=replace(found.verdict, details=(*found.verdict.details, sentence)))


def _show_as(session: Session, options: DiagnoseOptions, found: Diagnosis, inputs: Inputs | None) -> None:
    output = session.output
    if options.nagios and inputs and inputs.log_error is not None and found.verdict.kind in UNKNOWN:
        return  # monitoring reads one line: the error's
    if options.nagios:
        from herodyno.render.diagnosis.nagios import long_output, nagios_line

        output.lines([line(part) for part in (nagios_line(found, **options.exit_rules), *long_output(found))])
    elif options.output == "md":
        from herodyno.cli.diagnose import report_files

        output.write(report_files.draft(report_files.report_of(session, options, found)))
    elif options.plot:
        from herodyno.render.diagnosis.plot import plot_lines

        height = output.height if output.is_terminal else None
        signs, utc = output.signs, output.utc
        output.lines(plot_lines(found, options.plot, width=output.width, height=height, utc=utc, signs=signs))
    elif options.output == "jsonl":
        output.write(findings_lines(found))
    elif options.output == "openmetrics":
        show_as_metrics(session, [(found.app.name, found)], options.file)
    else:
        show(session, found, in_full=options.full)


def show_as_metrics(session: Session, apps: Sequence[tuple[str, Diagnosis | None]], file: str) -> None:
    """The diagnoses, None for an app without one, as one text of OpenMetrics, on stdout or in a file."""
    from herodyno.cli.fleet.metrics import show_metrics
    from herodyno.render.fleet.metrics.diagnosis import diagnosis_samples

    show_metrics(session, diagnosis_samples(apps), file)


def findings_lines(found: Diagnosis) -> str:
    """The findings as `herodyno.finding/2`, a line each."""
    return "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in _records(found))


def _records(found: Diagnosis) -> Iterator[dict[str, Any]]:
    """`herodyno.finding/2`: the findings one by one, the verdict's own first."""
    from herodyno.render.diagnosis.document import diagnosis_document

    whole = diagnosis_document(found)
    for number, finding in enumerate(whole["findings"]):
        yield {
            "schema": "herodyno.finding/2",
            "generated_at": whole["generated_at"],
            "app": whole["app"]["name"],
            "is_verdict": number == 0,
            **finding,
        }


def show(session: Session, found: Diagnosis, *, in_full: bool = False) -> None:
    """The diagnosis as JSON, as the first screen of a terminal, or in full: with `in_full`, and where no person reads.

    When the full text is longer than the terminal, its end repeats the verdict.
    """
    output = session.output
    if output.wants_json:
        from herodyno.render.diagnosis.document import diagnosis_document

        output.json(diagnosis_document(found))
        return
    if output.is_terminal and not in_full:
        from herodyno.render.diagnosis.first_screen import first_screen

        width, height = output.width, output.height
        output.lines(first_screen(found, width=width, height=height, utc=output.utc, signs=output.signs))
        return
    from herodyno.render.diagnosis.report import diagnosis_lines, verdict_again

    width_or_none = output.width if output.is_terminal else None
    lines = diagnosis_lines(found, width=width_or_none, utc=output.utc)
    if width_or_none is not None and len(lines) >= output.height:  # the prompt takes a line too
        lines += verdict_again(found, width=width_or_none)
    output.lines(lines)
