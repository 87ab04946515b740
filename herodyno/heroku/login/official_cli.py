"""The token that the official Heroku CLI keeps in the system's keychain, read as that CLI reads it.

The entry has the service "heroku-cli" and the e-mail address as its account. The CLI notes the address in login.json of
its data folder. Without that file neither the CLI nor we ask the keychain. Nothing here writes.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from herodyno.heroku.login.keychain import SECONDS, KeyringSilent

SERVICE = "heroku-cli"
STORES = {"darwin": "macOS Keychain", "win32": "Windows PasswordVault"}

# The keyring package does not read this vault. The words travel as variables: nothing is pasted into code.
_VAULT = (
    "$ErrorActionPreference='Stop';"
    "[void][Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime];"
    "(New-Object Windows.Security.Credentials.PasswordVault)"
)
_POWERSHELL = ("powershell", "-NoProfile", "-NonInteractive", "-Command")
_RETRIEVED = ".Retrieve($env:HERODYNO_SERVICE,$env:HERODYNO_ACCOUNT).Password"
_ACCOUNTS = ".FindAllByResource($env:HERODYNO_SERVICE)|ForEach-Object{$_.UserName}"
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
    return str(account) if is_account(account) else ""


def is_account(name: object) -> bool:
    """Whether the name may be an account's: one printable word, no flag."""
    return isinstance(name, str) and name.isprintable() and not name.startswith("-") and len(name.split()) == 1


def keychain_token(
    account: str, environ: Mapping[str, str], *, platform: str = sys.platform, run: Run = subprocess.run
) -> str:
    """The Heroku CLI's token of the account, or "" when the keychain has none or cannot be asked.

    Raises KeyringSilent when the keychain does not answer in time. `run` stands in for subprocess.run in tests.
    """
    argv = {
        # The entry's access list trusts the program `security`, not Python.
        "darwin": ["security", "find-generic-password", "-a", account, "-s", SERVICE, "-w"],
        "win32": [*_POWERSHELL, _VAULT + _RETRIEVED],
    }.get(platform, ["secret-tool", "lookup", "service", SERVICE, "account", account])
    return _said(argv, account, environ, platform, run)[0].strip()


def keychain_accounts(
    environ: Mapping[str, str], *, platform: str = sys.platform, run: Run = subprocess.run
) -> list[str]:
    """The accounts that the Heroku CLI keeps a token of in the keychain, sorted; none when it cannot be asked."""
    argv = {
        "darwin": ["security", "dump-keychain"],  # attributes, no secrets
        "win32": [*_POWERSHELL, _VAULT + _ACCOUNTS],
    }.get(platform, ["secret-tool", "search", "--all", "service", SERVICE])
    try:
        text = "\n".join(_said(argv, "", environ, platform, run))
    except KeyringSilent:
        return []
    if platform == "win32":
        found = [line.strip() for line in text.splitlines()]
    elif platform == "darwin":
        entries = [each for each in text.split("keychain: ") if f'"svce"<blob>="{SERVICE}"' in each]
        found = [name for each in entries for name in re.findall(r'"acct"<blob>="([^"\n]*)"', each)]
    else:
        found = re.findall(r"^attribute\.account = (.*)$", text, re.MULTILINE)
    return sorted({each for each in found if is_account(each)})


def _said(argv: Sequence[str], account: str, environ: Mapping[str, str], platform: str, run: Run) -> tuple[str, str]:
    """What the program of the keychain wrote to stdout and stderr, ("", "") when it failed or is not there."""
    program = shutil.which(argv[0], path=environ.get("PATH"))
    if program is None:
        return "", ""
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
        return "", ""
    return (done.stdout, done.stderr) if done.returncode == 0 else ("", "")


def _data_folder(environ: Mapping[str, str], platform: str) -> Path:
    if environ.get("XDG_DATA_HOME"):
        return Path(environ["XDG_DATA_HOME"])
    if platform == "win32" and environ.get("LOCALAPPDATA"):
        return Path(environ["LOCALAPPDATA"])
    return Path(environ.get("HOME") or Path.home()) / ".local" / "share"
