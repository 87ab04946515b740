"""Stands for keyrings.alt in processes that tests start: a keyring that is a readable file (PLAIN_FILE)."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class PlaintextKeyring(KeyringBackend):
    priority = 0.5

    def _read(self) -> dict[str, str]:
        path = Path(os.environ["PLAIN_FILE"])
        return json.loads(path.read_text()) if path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        Path(os.environ["PLAIN_FILE"]).write_text(json.dumps({**self._read(), f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        left = {key: value for key, value in self._read().items() if key != f"{service}/{username}"}
        Path(os.environ["PLAIN_FILE"]).write_text(json.dumps(left))
