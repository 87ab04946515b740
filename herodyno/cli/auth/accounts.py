"""The account of each login of herodyno's, kept beside the journal: the token in the keyring does not tell it."""

from __future__ import annotations

import json
from contextlib import suppress

from herodyno.folders import state_folder
from herodyno.operations.state_files import make_folder, read_file, replace_file

_NAME = "accounts.json"


def login_account_at(host: str) -> str:
    """The account that logged in last for the API's host, "" where that is not known."""
    return _accounts().get(host, "")


def keep_login_account(host: str, account: str) -> None:
    """Keep the account of a login; "" forgets it. A folder that cannot be written keeps none."""
    accounts = {**_accounts(), host: account}
    with suppress(OSError):
        make_folder(state_folder())
        kept = {name: value for name, value in accounts.items() if value}
        replace_file(state_folder() / _NAME, json.dumps(kept).encode())


def _accounts() -> dict[str, str]:
    try:
        found = json.loads(read_file(state_folder() / _NAME))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}
