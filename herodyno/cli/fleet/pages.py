"""`diagnose --html` of several apps: a page of all, and beside it a folder with the report of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from herodyno.cli.diagnose import report_files
from herodyno.cli.diagnose.new_file import check_free, write_new
from herodyno.cli.diagnose.options import DiagnoseOptions
from herodyno.cli.session import Session
from herodyno.diagnosis.report.redaction import redact, redact_tokens
from herodyno.errors import Refused
from herodyno.folders import cache_folder
from herodyno.heroku.net.paths import is_app
from herodyno.render.fleet.diagnose import AppVerdict
from herodyno.render.fleet.page import page_of_apps
from herodyno.render.report import images
from herodyno.units import count, zone_of


def check_pages(html: str, apps: Sequence[str]) -> None:
    """Refuse, before any app is asked, what could not be written: a missing extra, a name that is taken."""
    images.require()
    path, folder = Path(html), _folder_of(html)
    check_free(path, images.is_ours)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Refused(f"there is a {folder} already, and it is no folder; nothing was written")
    for name in apps:
        if folder.is_dir() and is_app(name):
            check_free(folder / f"{name}.html", images.is_ours)


def write_pages(session: Session, options: DiagnoseOptions, rows: Sequence[AppVerdict]) -> None:
    """Write the report of each app that was judged, then the page that leads to them."""
    path, folder = Path(options.html), _folder_of(options.html)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror or error}") from None
    script, mask = images.script(cache_folder()), redact_tokens if options.no_redact else redact
    reports: dict[str, str] = {}
    shown: list[AppVerdict] = []
    for row in rows:
        found = row.found
        if found is not None and is_app(row.name):
            report = report_files.report_of(session, options, found)
            own = folder / f"{row.name}.html"
            report_files.write_page(own, report, script)
            reports[row.name], found = f"{folder.name}/{own.name}", report.diagnosis
        failed = Refused(mask(session.output.masked(row.error.message))) if row.error else None
        shown.append(AppVerdict(row.name, found, failed))
    now = session.now()
    zone = zone_of(now, utc=session.output.utc or session.output.wants_json)
    text = page_of_apps(shown, reports, now=now, zone=zone).encode("utf-8", "backslashreplace")
    write_new(path, lambda file: file.write(text), images.is_ours)
    how = "not redacted, tokens left out" if options.no_redact else "redacted"
    session.output.note(f"page: {path}, with {count(len(reports), 'report')} in {folder} ({how})")


def _folder_of(html: str) -> Path:
    path = Path(html)
    return path.with_name(f"{path.stem}-apps")
