"""The work of `herodyno diagnose`: gather, judge, show, keep a bundle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

from herodyno.cli.diagnose.fetch import FIR_SECONDS, live, offline
from herodyno.cli.diagnose.inputs import Inputs, Typed, judged
from herodyno.cli.diagnose.options import Wishes
from herodyno.cli.session import Session
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.scope import Filter
from herodyno.render.diagnosis.document import document
from herodyno.render.diagnosis.report import diagnosis_lines, verdict_again
from herodyno.render.text import line


def found_and_shown(session: Session, wishes: Wishes, app: str | None, remote: str | None) -> Diagnosis:
    """Gather, judge, show, and keep a bundle when one is wanted."""
    log_filter = wishes.log_filter.understood(session)
    if wishes.bundle:
        from herodyno.cli.diagnose.bundle import check_free

        check_free(wishes.bundle)
    with ExitStack() as stack:
        inputs, log_filter = _inputs(session, wishes, log_filter, app, remote, stack)
        is_live = not (wishes.files or wishes.from_bundle)
        if not wishes.bundle:
            found = judged(session, inputs, log_filter)
            return _shown(
                session, wishes, _with_herokus_word(session, found) if is_live and wishes.wants_details else found
            )
        from herodyno.cli.diagnose.bundle import Bundle

        secrets = (session.credential.token,) if is_live else ()
        bundle = stack.enter_context(closing(Bundle(inputs, everything=wishes.redact, secrets=secrets)))
        found = _shown(session, wishes, judged(session, bundle.inputs, log_filter))
        bundle.write(wishes.bundle, found, log_filter)
        how = "redacted" if wishes.redact else "not redacted, tokens left out"
        session.output.note(f"bundle: {wishes.bundle} ({bundle.line_count:,} lines, {how})")
        return found


def _with_herokus_word(session: Session, found: Diagnosis) -> Diagnosis:
    """With what Heroku's status page says, where the verdict rests on errors of Heroku's own."""
    if not (found.findings and found.findings[0].runbook.endswith(("#h99-platform-error", "#r99-platform-error"))):
        return found
    from herodyno.cli.diagnose.status_word import with_status_page

    return with_status_page(session, found)


def _inputs(
    session: Session, wishes: Wishes, log_filter: Filter, app: str | None, remote: str | None, stack: ExitStack
) -> tuple[Inputs, Filter]:
    if wishes.files:
        return offline(session, wishes.files, wishes.dynos_file, app or "", stack), log_filter
    if wishes.from_bundle:
        from herodyno.cli.diagnose.from_bundle import from_bundle

        unpacked = from_bundle(wishes.from_bundle)
        # What was asked for when it was made counts, until something else is.
        return unpacked.inputs, log_filter if wishes.log_filter != Typed() else unpacked.typed.understood(session)
    name = session.app_name(app, remote)
    return live(session, name, listen_seconds=wishes.listen_seconds, fir_seconds=FIR_SECONDS), log_filter


def _shown(session: Session, wishes: Wishes, found: Diagnosis) -> Diagnosis:
    output = session.output
    if wishes.nagios:
        from herodyno.render.diagnosis.nagios import nagios_line

        output.lines([line(nagios_line(found))])
    elif wishes.format == "jsonl":
        output.write("".join(json.dumps(record, separators=(",", ":")) + "\n" for record in _records(found)))
    else:
        show(session, found)
    return found


def _records(found: Diagnosis) -> Iterator[dict[str, Any]]:
    """`herodyno.finding/1`: the findings one by one, the verdict's own first."""
    told = document(found)
    for number, finding in enumerate(told["findings"]):
        yield {
            "schema": "herodyno.finding/1",
            "generated_at": told["generated_at"],
            "app": told["app"]["name"],
            "is_verdict": number == 0,
            **finding,
        }


def show(session: Session, found: Diagnosis) -> None:
    """The diagnosis as text or as JSON. Where a terminal is too low for it, its end says the verdict once more."""
    output = session.output
    if output.wants_json:
        output.json(document(found))
        return
    width = output.width if output.is_terminal else None
    lines = diagnosis_lines(found, width=width, utc=output.utc)
    if width is not None and len(lines) >= output.height:  # the prompt takes a line too
        lines += verdict_again(found, width=width)
    output.lines(lines)
