"""Keyring backends for tests, each with one habit of the real ones."""

from __future__ import annotations

import threading
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Kept(KeyringBackend):
    """Keeps what it is given, for all of the process."""

    priority = 1.0
    store: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.store.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.store[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.store[service, username]


class Forgetful(Kept):
    """Says yes and keeps nothing, as keyring.backends.null does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Silent(Kept):
    """A bus that authenticated and never answers; a test sets `end` when it is over."""

    end = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.end.wait(60)
        return None

    set_password = get_password


class Locked(Kept):
    """The person closed the unlock dialog."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


class Leaky(Kept):
    """Puts what it could not store into its complaint."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError(f"cannot store {password}")
