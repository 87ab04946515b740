"""Who sends a write: the account and its token's source, the user and the machine, the host that is asked."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who, as far as that is known without asking Heroku.

    `account` is the e-mail address that belongs to the token's source: the login in a netrc, the account that the
    Heroku CLI or herodyno logged in. It is "" where there is none, since a token alone does not tell it.
    `token_source` is what `auth status` calls the source, never the token. `user` and `machine` are this system's
    names. `api_host` has the port of HEROKU_HOST.
    """

    account: str = ""
    token_source: str = ""
    user: str = ""
    machine: str = ""
    api_host: str = ""


NOBODY = Actor()


def system_user() -> str:
    """The name of the user whose rights this process has; the number where the system has no name for it."""
    try:
        import pwd
    except ImportError:  # Windows
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container's user without an entry
        return str(os.geteuid())


def machine_name() -> str:
    """The machine's name, as it calls itself."""
    return socket.gethostname()
