"""`herodyno archive`: the table of its sub-commands, in the order in which a person needs them."""

from __future__ import annotations

from herodyno.cli.archive.compact import compact
from herodyno.cli.archive.drain import drain_add, drain_list, drain_remove
from herodyno.cli.archive.export import export
from herodyno.cli.archive.importing import import_files
from herodyno.cli.archive.password import password
from herodyno.cli.archive.prune import prune
from herodyno.cli.archive.receive import receive
from herodyno.cli.archive.status import status
from herodyno.cli.archive.verify import verify

COMMANDS = {
    "drain add": drain_add,
    "receive": receive,
    "compact": compact,
    "import": import_files,
    "status": status,
    "verify": verify,
    "prune": prune,
    "export": export,
    "drain list": drain_list,
    "drain remove": drain_remove,
    "password": password,
}
