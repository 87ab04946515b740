"""The flags of `logs`, each once."""

# No "annotations" from __future__ here: each of these annotations would be compiled on its own.
from typing import Annotated, NamedTuple

import typer

from herodyno.cli.options import (
    AppPatterns,
    Apps,
    AppsFile,
    ArchiveRead,
    Engine,
    EngineTimeout,
    Pipeline,
    Remote,
    Stage,
    Team,
    argument,
    only_app,
    option,
    reads_archive,
    switch,
)


class LogOptions(NamedTuple):
    """The flags of `logs`. Help hides the Heroku CLI's `dyno` to `force_colors`."""

    words: Annotated[list[str] | None, argument("[DYNO|TYPE|SOURCE|ID|FIELD=VALUE]...")] = None
    app_names: Apps = None
    remote: Remote = None
    tail: Annotated[bool, switch("--tail", "-t", help="follow the log")] = False
    num: Annotated[
        int | None, option("--num", "-n", metavar="N", help="the last N lines that fit, the first N patterns")
    ] = None
    since: Annotated[str, option("--since", metavar="WHEN", help="10m, 14:30, yesterday, 2026-11-23T02:00Z")] = ""
    until: Annotated[str, option("--until", metavar="WHEN", help="the same forms; ends --tail")] = ""
    grep: Annotated[list[str] | None, option("--grep", "-g", metavar="REGEX", help="text to be found")] = None
    exclude: Annotated[list[str] | None, option("--exclude", metavar="REGEX", help="text to be left out")] = None
    highlight: Annotated[list[str] | None, option("--highlight", metavar="REGEX", help="text to stand out")] = None
    without: Annotated[list[str] | None, option("--not", metavar="TARGET", help="dyno, type, source to leave out")] = (
        None
    )
    request_id: Annotated[str, option("--request-id", metavar="ID", help="one request, router and app lines")] = ""
    speaker: Annotated[bool, switch("--speaker", help="words mean who speaks, not of whom the router speaks")] = False
    previous: Annotated[bool, switch("--previous", help="the last lines of dynos that ended")] = False
    output: Annotated[
        str, option("--output", "-o", metavar="FORMAT", help="text, json, jsonl, logfmt, csv, combined, plain, raw")
    ] = ""
    template: Annotated[str, option("--template", metavar="TEXT", help="'{time} {dyno} {service} {text}'")] = ""
    table: Annotated[str, option("--table", metavar="FIELDS", help="'dyno,code,service,path': fields as columns")] = ""
    time: Annotated[str, option("--time", metavar="HOW", help="local, utc, relative, delta, none")] = ""
    stats: Annotated[str, option("--stats", metavar="WHAT", help="'count,p95(service) by dyno,code', or by 1m")] = ""
    plot: Annotated[bool, switch("--plot", help="draw --stats by time")] = False
    patterns: Annotated[bool, switch("--patterns", help="lines alike as one pattern, the commonest first")] = False
    since_release: Annotated[
        bool, switch("--since-release", help="patterns that changed with the release, or with vN")
    ] = False
    against: Annotated[
        str, option("--against", metavar="WHEN", help="patterns: what changed from WHEN on, against before")
    ] = ""
    by: Annotated[str, option("--by", metavar="WHAT", help="patterns by lines or bytes")] = ""
    gaps: Annotated[str, option("--gaps", metavar="TIME", help="mark silences at least that long (30s)")] = ""
    fuse: Annotated[str, option("--fuse", metavar="TIME", help="fuse lines alike within that time (5s)")] = ""
    long: Annotated[bool, switch("--long", help="router lines whole; an example of each pattern")] = False
    redact: Annotated[bool, switch("--redact", help="mask addresses, mails, queries, passwords, tokens")] = False
    apps: AppPatterns = None
    team: Team = ""
    pipeline: Pipeline = ""
    stage: Stage = ""
    apps_file: AppsFile = ""
    dyno: Annotated[list[str] | None, typer.Option("--dyno-name", "--dyno", "-d", hidden=True)] = None
    process_type: Annotated[list[str] | None, typer.Option("--process-type", "--ps", "-p", hidden=True)] = None
    source: Annotated[list[str] | None, typer.Option("--source", "-s", hidden=True)] = None
    force_colors: Annotated[bool, typer.Option("--force-colors", hidden=True)] = False
    from_file: Annotated[
        list[str] | None, option("--from-file", metavar="FILE", help="read a file (gz, zst; - is stdin), offline")
    ] = None
    archive: ArchiveRead = ""
    engine: Engine = ""
    engine_timeout: EngineTimeout = ""

    @property
    def app(self) -> str | None:
        """The app of -a, where the flags are not for several."""
        return only_app(self)

    @property
    def all_words(self) -> list[str]:
        """The words, those in the Heroku CLI's flags too."""
        return [*(self.words or ()), *(self.dyno or ()), *(self.process_type or ()), *(self.source or ())]

    @property
    def means_speaker(self) -> bool:
        """Whether the words name who speaks alone. The Heroku CLI's -d and -p do, there and here."""
        return self.speaker or bool(self.dyno or self.process_type)

    @property
    def is_offline(self) -> bool:
        """Whether the lines come from files or an archive, which may reach back further than Heroku's window."""
        return bool(self.from_file) or reads_archive(self)

    @property
    def is_about_patterns(self) -> bool:
        """Whether a flag is about patterns."""
        return bool(self.patterns or self.against or self.since_release or self.by)

    @property
    def is_plain(self) -> bool:
        """Whether no line is filtered, marked or counted."""
        return not (
            self.all_words or self.without or self.grep or self.exclude or self.highlight or self.since or self.until
            or self.request_id or self.table or self.stats or self.plot or self.gaps or self.fuse
            or self.is_about_patterns
        )  # fmt: skip
