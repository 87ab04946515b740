"""`herodyno auth`: log in, log out, and which token commands use."""

from __future__ import annotations

from herodyno.cli.auth.login import login
from herodyno.cli.auth.logout import logout
from herodyno.cli.auth.status import status
from herodyno.cli.auth.token import token

COMMANDS = {"login": login, "logout": logout, "status": status, "token": token}
