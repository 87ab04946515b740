"""`herodyno archive`: the table of its sub-commands, in the order in which a person needs them."""

from __future__ import annotations

from herodyno.cli.archive.password import password
from herodyno.cli.archive.receive import receive

COMMANDS = {"password": password, "receive": receive}
