"""What of a diagnosis may happen again: dynos that failed, were over their quota or crashed, and how a type failed.

An occurrence has the fingerprint of an incident: its kind, the process type, the code. Its paths and the line that only
it printed are kept beside it: two of one fingerprint are the same trouble once more, unless these tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from herodyno.diagnosis.report.past import Occurrence
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.diagnosis.report.row import IncarnationRow

# Kinds of verdicts that accuse no dyno.
_OF_A_TYPE = frozenset({"whole_app", "single_dyno", "one_client_or_path", "not_served", "no_dyno_named", "clients"})
_MOST_PATHS = 3
# Ours. Trouble of a type that goes on at midnight is the same trouble on the next day.
_SAME_SECONDS = 3600.0
_FIRST_CELLS = 2


def occurrences(diagnosis: Diagnosis) -> list[Occurrence]:
    """All that a diagnosis shows, in order of time."""
    found = [one for row in diagnosis.incarnations for one in _of_dyno(row, diagnosis)]
    return sorted([*found, *_of_type(diagnosis)], key=lambda one: (one.began, one.fingerprint, one.dyno))


def each_once(found: Iterable[Occurrence]) -> list[Occurrence]:
    """Occurrences of several windows, each once: a dyno that ran on in the next window is the same."""
    kept: dict[object, Occurrence] = {}
    last: dict[object, Occurrence] = {}
    for one in sorted(found, key=lambda one: one.began):
        before = last.get((one.fingerprint, one.dyno))
        key = (one.fingerprint, one.dyno, one.dyno_id or one.began)
        if one.dyno_id is None and before is not None and _goes_on(before, one):
            key = (one.fingerprint, one.dyno, before.began)
        first = kept.setdefault(key, one)
        kept[key] = replace(
            first,
            ended=one.ended,
            end_reason=one.end_reason,
            paths=one.paths or first.paths,
            template=one.template or first.template,
        )
        last[one.fingerprint, one.dyno] = kept[key]
    return sorted(kept.values(), key=lambda one: one.began)


def _goes_on(before: Occurrence, one: Occurrence) -> bool:
    return one.began - (before.began if before.ended is None else before.ended) < _SAME_SECONDS


def _of_dyno(row: IncarnationRow, diagnosis: Diagnosis) -> Iterator[Occurrence]:
    if row.outlier.verdict == "outlier" and row.errors.by_code:
        code = max(row.errors.by_code, key=lambda pair: (pair[1], pair[0]))[0]
        paths = tuple(path for path, _ in row.errors.paths[:_MOST_PATHS])
        template = next((one.template for one in diagnosis.only_here.lines), "") if diagnosis.only_here else ""
        yield from _begun(row, diagnosis, "one_dyno", code, _first(row.series.errors), paths, template)
    if row.memory.r14 or row.memory.r15:
        code = "R15" if row.memory.r15 else "R14"
        yield from _begun(
            row, diagnosis, "memory", code, row.series.r14[0] - row.series.first if row.series.r14 else None
        )
    if row.end_reason == "crashed" and row.end is not None:
        codes = [code for code, _ in row.codes if code in ("R10", "R11", "R12", "R15")]
        code = codes[0] if codes else "" if row.exit_status is None else f"exit status {row.exit_status}"
        at = row.end.timestamp()
        yield _occurrence(row, "crash", code, at)


def _begun(
    row: IncarnationRow,
    diagnosis: Diagnosis,
    kind: str,
    code: str,
    cell: int | None,
    paths: tuple[str, ...] = (),
    template: str = "",
) -> Iterator[Occurrence]:
    if cell is not None and diagnosis.clock is not None:
        began = diagnosis.clock.start.timestamp() + (row.series.first + cell) * diagnosis.clock.seconds
        one = replace(_occurrence(row, kind, code, began), paths=paths, template=template)
        opened = diagnosis.clock.start.timestamp()
        ran_before = row.start is None or row.start.timestamp() < opened
        # It may have begun before the window, so its age then is not known.
        is_early = ran_before and began - opened <= _FIRST_CELLS * diagnosis.clock.seconds
        yield replace(one, age_h=None) if is_early else one


def _occurrence(row: IncarnationRow, kind: str, code: str, began: float) -> Occurrence:
    return Occurrence(
        kind=kind,
        type=row.type,
        code=code,
        dyno=row.dyno,
        dyno_id=row.id,
        began=began,
        age_h=None if row.start is None else max(0.0, began - row.start.timestamp()) / 3600,
        ended=row.end.timestamp() if row.end else row.outlier.ended_at.timestamp() if row.outlier.ended_at else None,
        end_reason=row.end_reason,
    )


def _first(values: Iterable[int]) -> int | None:
    return next((place for place, value in enumerate(values) if value), None)


def _of_type(diagnosis: Diagnosis) -> Iterator[Occurrence]:
    verdict, clock = diagnosis.verdict, diagnosis.clock
    if verdict.kind not in _OF_A_TYPE or clock is None:
        return
    told = [change.at.timestamp() for change in diagnosis.changes if change.kind == "errors" and not change.dyno]
    cells = [
        row.series.first + cell for row in diagnosis.incarnations if (cell := _first(row.series.errors)) is not None
    ]
    cells += [cell for cell in [_first(diagnosis.without_dyno.errors)] if cell is not None]
    if not (told or cells):
        return
    codes: dict[str, int] = {}
    for by_code in (*(row.errors.by_code for row in diagnosis.incarnations), diagnosis.unattributed.by_code):
        for code, n in by_code:
            codes[code] = codes.get(code, 0) + n
    yield Occurrence(
        kind=verdict.kind,
        type="web",
        code=max(codes, key=lambda code: (codes[code], code)) if codes else "",
        dyno="",
        dyno_id=None,
        began=min(told) if told else clock.start.timestamp() + min(cells) * clock.seconds,
        age_h=None,
        ended=verdict.ended_at.timestamp() if verdict.ended_at else None,
        end_reason=None,
    )
