"""The flags of `archive drain add|remove|list`."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from herodyno.cli.options import App, Archive, Confirm, DryRun, ReadOnly, Remote, argument, option

ArchiveIfAny = Annotated[str, option("--archive", metavar="DIR", help="folder of the archive it sends to")]


class DrainAddOptions(NamedTuple):
    """The flags of `archive drain add`."""

    archive: Archive
    url: Annotated[str, option("--url", metavar="URL", help="https address at which Heroku reaches the receiver")]
    app: App = None
    remote: Remote = None
    dry_run: DryRun = False
    confirm: Confirm = None
    read_only: ReadOnly = False


class DrainRemoveOptions(NamedTuple):
    """The word and the flags of `archive drain remove`."""

    drain: Annotated[str, argument("HOST|TOKEN|ID")]
    app: App = None
    remote: Remote = None
    archive: ArchiveIfAny = ""
    dry_run: DryRun = False
    confirm: Confirm = None
    read_only: ReadOnly = False


class DrainListOptions(NamedTuple):
    """The flags of `archive drain list`."""

    app: App = None
    remote: Remote = None
    archive: ArchiveIfAny = ""
