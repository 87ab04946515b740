"""The token that the official Heroku CLI keeps in the system's keychain, read as that CLI reads it.

The entry has the service "heroku-cli" and the e-mail address as its account. The CLI notes the address in login.json of
its data folder. Without that file neither the CLI nor we ask the keychain. Nothing here writes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from herodyno.heroku.login.keychain import SECONDS, KeyringSilent

SERVICE = "heroku-cli"
STORES = {"darwin": "macOS Keychain", "win32": "Windows PasswordVault"}

# The keyring package does not read this vault. The words travel as variables: nothing is pasted into code.
_POWERSHELL = (
    "$ErrorActionPreference='Stop';"
    "[void][Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime];"
    "(New-Object Windows.Security.Credentials.PasswordVault)"
    ".Retrieve($env:HERODYNO_SERVICE,$env:HERODYNO_ACCOUNT).Password"
)
_POWERSHELL_SECONDS = 10.0  # PowerShell may take four seconds to start

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def login_account(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """The e-mail address in the Heroku CLI's login.json, or "" when it has no keychain login."""
    if environ.get("HEROKU_NETRC_WRITE", "").lower() == "true":  # the CLI's switch for netrc only
        return ""
    folder = _data_folder(environ, platform)
    try:
        document = json.loads((folder / "heroku" / "login.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    account = document.get("account") if isinstance(document, dict) else None
    if not isinstance(account, str) or not account.isprintable() or account.startswith("-"):
        return ""
    return account


def keychain_token(
    account: str, environ: Mapping[str, str], *, platform: str = sys.platform, run: Run = subprocess.run
) -> str:
    """The Heroku CLI's token of the account, or "" when the keychain has none or cannot be asked.

    Raises KeyringSilent when the keychain does not answer in time. `run` stands in for subprocess.run in tests.
    """
    argv = _argv(account, platform)
    program = shutil.which(argv[0], path=environ.get("PATH"))
    if program is None:
        return ""
    seconds = _POWERSHELL_SECONDS if platform == "win32" else SECONDS
    words = {"HERODYNO_SERVICE": SERVICE, "HERODYNO_ACCOUNT": account} if platform == "win32" else {}
    try:
        done = run(
            [program, *argv[1:]], capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL,
            env={**environ, **words}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise KeyringSilent(
            f"the Heroku CLI's keychain entry was not answered within {seconds:g} s",
            next_step="if the keychain asks for permission, allow it and try again, or set HEROKU_API_KEY",
        ) from None
    except (OSError, ValueError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _argv(account: str, platform: str) -> Sequence[str]:
    if platform == "darwin":
        # The entry's access list trusts the program `security`, not Python.
        return ["security", "find-generic-password", "-a", account, "-s", SERVICE, "-w"]
    if platform == "win32":
        return ["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL]
    return ["secret-tool", "lookup", "service", SERVICE, "account", account]


def _data_folder(environ: Mapping[str, str], platform: str) -> Path:
    if environ.get("XDG_DATA_HOME"):
        return Path(environ["XDG_DATA_HOME"])
    if platform == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"])
    return Path(environ.get("HOME") or Path.home()) / ".local" / "share"
