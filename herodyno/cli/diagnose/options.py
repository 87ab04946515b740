"""The flags of `diagnose`, each once, the values parsed from them, and flags that exclude one another."""

# No "annotations" from __future__ here: each of these annotations would be compiled on its own.
from pathlib import Path
from typing import Annotated, NamedTuple, TypedDict

import typer

from herodyno.cli.diagnose.inputs import FilterOptions
from herodyno.cli.options import (
    AppPatterns,
    Apps,
    AppsFile,
    ArchiveRead,
    Engine,
    EngineTimeout,
    MetricsFile,
    Pipeline,
    Remote,
    Stage,
    Team,
    is_for_several,
    only_app,
    option,
    reads_archive,
    switch,
)
from herodyno.cli.session import Session
from herodyno.diagnosis.report.exit_codes import FAIL_ON
from herodyno.diagnosis.report.series import Metric
from herodyno.diagnosis.scope import Filter
from herodyno.errors import UsageError
from herodyno.typed_values import parse_duration

FORMATS = ("text", "json", "jsonl", "md", "openmetrics")
NOT_ENOUGH = ("", "ok", "unknown")


class ExitRules(TypedDict):
    """The arguments of `exit_code` that flags give."""

    fail_on: str
    not_enough: str


class DiagnoseOptions(NamedTuple):
    """The flags of `diagnose`. `more_files` are words: --from-file takes several."""

    more_files: Annotated[list[str] | None, typer.Argument(metavar="[FILE]...", hidden=True)] = None
    app_names: Apps = None
    remote: Remote = None
    from_file: Annotated[
        list[str] | None, option("--from-file", metavar="FILE...", help="read logs from files (- is stdin), offline")
    ] = None
    dynos_file: Annotated[
        str | None, option("--dynos", metavar="FILE", help="with --from-file: the API's dynos, or a ps --json")
    ] = None
    archive: ArchiveRead = ""
    engine: Engine = ""
    engine_timeout: EngineTimeout = ""
    listen: Annotated[str, option("--listen", metavar="DURATION", help="follow the log that long (5m), then judge")] = (
        ""
    )
    watch: Annotated[
        str, option("--watch", metavar="[TIME]", help="follow the log and judge every 30s, or so often")
    ] = ""
    on: Annotated[
        str, option("--on", metavar="EVENT", help="run the command behind -- on each change, or when critical")
    ] = ""
    cooldown: Annotated[
        str, option("--cooldown", metavar="TIME", help="with --on: no second run so soon (10m), unless it is graver")
    ] = ""
    state: Annotated[
        str, option("--state", metavar="FILE.json", help="with --on: keep there what was seen and told")
    ] = ""
    since: Annotated[str, option("--since", metavar="WHEN", help="count lines since then: 10m, 02:30, a date")] = ""
    until: Annotated[str, option("--until", metavar="WHEN", help="count lines until then")] = ""
    type: Annotated[list[str] | None, option("--type", metavar="TYPE", help="look at this process type only")] = None
    dyno: Annotated[
        list[str] | None, option("--dyno", metavar="DYNO", help="judge this dyno (a name or id) beside its peers")
    ] = None
    apps: AppPatterns = None
    team: Team = ""
    pipeline: Pipeline = ""
    stage: Stage = ""
    apps_file: AppsFile = ""
    top: Annotated[int, typer.Option("--top", metavar="N", min=0, help="of several apps, open the N worst")] = 0
    full: Annotated[bool, switch("--full", help="on a terminal, the whole report and not its first screen")] = False
    plot: Annotated[
        Metric | None, typer.Option("--plot", help="draw this of each dyno over time", show_default=False)
    ] = None
    output: Annotated[
        str,
        option(
            "--output", "-o", metavar="FORMAT", help="text, json, jsonl: one finding a line, md: a draft, openmetrics"
        ),
    ] = ""
    file: MetricsFile = ""
    fail_on: Annotated[
        str, option("--fail-on", metavar="LEVEL", help="exit 0 below critical or warning; never: always")
    ] = ""
    not_enough: Annotated[
        str, option("--not-enough", metavar="STATE", help="count too little data as ok (exit 0) or as unknown")
    ] = ""
    nagios: Annotated[bool, switch("--nagios", help="one line for monitoring; exit code 0, 1, 2 or 3")] = False
    bundle: Annotated[
        str, option("--bundle", metavar="FILE.zip", help="also keep all this was judged from, redacted")
    ] = ""
    from_bundle: Annotated[str, option("--from-bundle", metavar="FILE.zip", help="judge a bundle again, offline")] = ""
    no_redact: Annotated[bool, switch("--no-redact", help="leave all but tokens as it is in files")] = False
    html: Annotated[str, option("--html", metavar="FILE.html", help="also write a page with pictures, redacted")] = ""
    png: Annotated[list[str] | None, option("--png", metavar="NAME", help="also draw: overview, errors, FILE.png")] = (
        None
    )
    svg: Annotated[list[str] | None, option("--svg", metavar="NAME", help="the same as SVG")] = None
    from_report: Annotated[str, option("--from-report", metavar="FILE.html", help="show a page's verdict again")] = ""

    @property
    def app(self) -> str | None:
        """The app of -a, where the flags are not for several."""
        return only_app(self)

    @property
    def files(self) -> tuple[str, ...]:
        """The files to read. Words are files only behind --from-file."""
        return (*self.from_file, *(self.more_files or ())) if self.from_file else ()

    @property
    def filter_options(self) -> FilterOptions:
        """The flags that a bundle keeps, too."""
        return FilterOptions(
            since=self.since, until=self.until, types=tuple(self.type or ()), dynos=tuple(self.dyno or ())
        )

    @property
    def bundle_path(self) -> Path | None:
        """The bundle to write."""
        return Path(self.bundle) if self.bundle else None

    @property
    def makes_report(self) -> bool:
        """Whether files are to be written beside the answer, of one app."""
        return bool(self.html or self.png or self.svg)

    @property
    def shows_details(self) -> bool:
        """Whether the verdict is shown with its sentences: neither as findings nor as a line for monitoring."""
        return self.output != "jsonl" and not self.nagios

    @property
    def exit_rules(self) -> ExitRules:
        """What the flags make of a verdict's exit code."""
        return {"fail_on": self.fail_on, "not_enough": self.not_enough}


class DiagnoseRequest(NamedTuple):
    """The options, and the values parsed from them. `listen_seconds` is 0 without --listen."""

    options: DiagnoseOptions
    log_filter: Filter
    listen_seconds: float


def parse_request(session: Session, options: DiagnoseOptions) -> DiagnoseRequest:
    """The request. Raises UsageError for a value that has no meaning, and for flags that exclude one another."""
    listen_seconds = _check(options, wants_json=session.output.wants_json)
    log_filter = options.filter_options.parse(session)
    return DiagnoseRequest(options=options, log_filter=log_filter, listen_seconds=listen_seconds)


def _check(options: DiagnoseOptions, *, wants_json: bool) -> float:
    """Refuse flags that exclude one another. Returns the seconds of --listen."""
    is_stray = options.more_files and not options.from_file and not options.nagios
    if is_stray or (options.dynos_file and not options.files):
        raise UsageError("files are read with --from-file", next_step="herodyno diagnose --from-file app.log")
    listen_seconds = parse_duration(options.listen, flag="--listen") if options.listen else 0.0
    sources = [
        name
        for name, is_given in (
            ("--from-file", options.files),
            ("--from-bundle", options.from_bundle),
            ("--from-report", options.from_report),
            ("--archive" if options.archive else "--engine", reads_archive(options)),
            ("--listen", listen_seconds),
            ("--watch", options.watch),
        )
        if is_given
    ]
    if len(sources) > 1:
        raise UsageError(f"{' and '.join(sources)} are two sources", next_step="leave one out")
    _refuse_beside_watch(options)
    _refuse_beside_alerts(options)
    if options.top and not is_for_several(options):
        raise UsageError("--top opens the worst of several apps", next_step="name them: --apps PATTERN, --team NAME")
    if options.from_bundle and (options.app or options.remote):
        raise UsageError("a bundle names its own app", next_step="leave out --app and --remote")
    judged_already = {
        "--bundle": options.bundle,
        "--app": options.app,
        "--remote": options.remote,
        "--since": options.since,
        "--until": options.until,
        "--type": options.type,
        "--dyno": options.dyno,
    }
    if options.from_report and (flag := next((flag for flag, given in judged_already.items() if given), "")):
        raise UsageError(f"a report is judged already, so {flag} cannot change it", next_step=f"leave out {flag}")
    output = options.output or ("json" if wants_json else "text")
    if output not in FORMATS:
        raise UsageError(f"--output {output!r} is no format", next_step=f"one of {', '.join(FORMATS)}")
    if options.fail_on not in FAIL_ON:
        raise UsageError(f"--fail-on {options.fail_on!r} is no level", next_step="one of critical, warning, never")
    if options.not_enough not in NOT_ENOUGH:
        raise UsageError(f"--not-enough {options.not_enough!r} is no state", next_step="one of ok, unknown")
    if options.nagios and output != "text":
        raise UsageError("--nagios has a line of its own", next_step="leave out --json and -o")
    if options.plot and (output != "text" or options.nagios or options.full):
        raise UsageError("--plot draws; its numbers stand in --json", next_step="leave out one of them")
    if wants_json and output == "md":
        raise UsageError("--json and -o md are two formats", next_step="leave one out")
    if options.no_redact and not (options.bundle or options.makes_report or output == "md" or options.on):
        raise UsageError("--no-redact is for what is passed on: a bundle, a page, a picture, a draft, an alert")
    return listen_seconds


def about_one(options: DiagnoseOptions) -> str:
    """The first flag about one app, or that names another source than the log of now; "" without one."""
    flags = {
        "--from-file": options.files,
        "--from-bundle": options.from_bundle,
        "--from-report": options.from_report,
        "--archive": reads_archive(options),
        "--listen": options.listen,
        "--watch": options.watch,
        "--on": options.on,
        "--bundle": options.bundle,
        "--png": options.png,
        "--svg": options.svg,
        "--plot": options.plot,
        "--nagios": options.nagios,
        "-o md": options.output == "md",
        "--dyno": options.dyno,
    }
    return next((flag for flag, given in flags.items() if given), "")


def refuse_beside_several(options: DiagnoseOptions) -> None:
    """Several apps have a line each: flags about one of them, and other sources, have no place there."""
    if flag := about_one(options):
        raise UsageError(f"{flag} is for one app; several have a line each", next_step="leave one out")
    if options.full and not options.top:
        raise UsageError("--full is for the apps that --top opens", next_step="add --top N, or leave out --full")
    if options.top and options.output in ("json", "jsonl", "openmetrics"):
        raise UsageError("--top is for people", next_step="the whole of one app: herodyno diagnose --json --app NAME")


def _refuse_beside_watch(options: DiagnoseOptions) -> None:
    """A watch has no end, so no exit code and no file; it shows the verdict, in its own lines."""
    others = {
        "--nagios": options.nagios,
        "--bundle": options.bundle,
        "--html, --png or --svg": options.makes_report,
        "--plot": options.plot,
        f"-o {options.output}": options.output in ("jsonl", "md", "openmetrics"),
        "--fail-on": options.fail_on,
        "--not-enough": options.not_enough,
    }
    if options.watch and (flag := next((flag for flag, given in others.items() if given), "")):
        raise UsageError(f"--watch goes on until Ctrl-C, so {flag} has no place there", next_step="leave one out")


def _refuse_beside_alerts(options: DiagnoseOptions) -> None:
    """--on looks at a verdict that is new at each run. Flags that belong to it mean nothing without it."""
    if not options.on and (flag := "--cooldown" if options.cooldown else "--state" if options.state else ""):
        raise UsageError(f"{flag} goes with --on", next_step="herodyno diagnose --on change -- ./notify.sh")
    others = {
        "--nagios": options.nagios,
        "--from-bundle": options.from_bundle,
        "--from-report": options.from_report,
    }
    if options.on and (flag := next((flag for flag, given in others.items() if given), "")):
        raise UsageError(f"--on and {flag} do not go together", next_step="leave one out")
