"""Our own entries in the system's keyring: service "herodyno", user name the API's host, or host and account.

The backend is chosen here, from a list of known backends. keyring's own choice may silently pick a plain-text file,
and its config file may import any module, so neither is used. No call may take longer than three seconds: a D-Bus that
never answers would hold the command for minutes.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from herodyno.errors import NotAuthenticated

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "herodyno"
SECONDS = 3.0

# Backend class -> its name for people, in the order of the tries.
SAFE = {
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.libsecret.Keyring": "libsecret",
}
_MAC, _WINDOWS, _LINUX = list(SAFE)[:1], list(SAFE)[1:2], list(SAFE)[2:]
# Every program of this user can read it, and everybody who gets the disk or a backup.
PLAIN = {"keyrings.alt.file.PlaintextKeyring": "plain-text file of keyrings.alt"}

OTHER_WAYS = "without a keyring: HEROKU_API_KEY, an entry in ~/.netrc (mode 0600), or a login of the Heroku CLI"


def entry_name(host: str, account: str = "") -> str:
    """The entry of the API host's usual login, or of the login of one account more."""
    return f"{host}/{account}" if account else host


class NoKeyring(NotAuthenticated):
    """This machine has no usable keyring."""


class KeyringSilent(NotAuthenticated):
    """The keyring did not answer in time. Another question would wait as long again."""


class Keychain:
    """The system's keyring. `plain` allows storing into the plain-text backend too.

    `environ` may hold PYTHON_KEYRING_BACKEND, which must name a known backend, and the D-Bus session that the Linux
    backends need. `seconds` limits each public call. `backend` is the name of the backend in use.

    Every method raises NoKeyring without a usable keyring, KeyringSilent after the time limit, and NotAuthenticated
    when the keyring fails.
    """

    def __init__(
        self, environ: Mapping[str, str], *, plain: bool = False, seconds: float = SECONDS, platform: str = sys.platform
    ) -> None:
        self.environ = environ
        self.plain = plain
        self.seconds = seconds
        self.platform = platform
        self.backend = ""

    def read(self, entry: str) -> str:
        """The token stored in the entry, or ""."""
        # Only storing into a plain-text file is unsafe. A token in it was stored there on request.
        return self._in_time(lambda: self._open(plain=True).get_password(SERVICE, entry) or "")

    def probe(self) -> str:
        """Check before a login that a token can be kept: write, read and delete a random value. The backend's name."""
        return self._in_time(self._probe)

    def write(self, entry: str, token: str) -> str:
        """Store the token and read it back. Returns the backend's name."""
        return self._in_time(lambda: self._write(entry, token), secret=token)

    def delete(self, entry: str) -> bool:
        """Remove the entry; False when there was none."""
        return self._in_time(lambda: self._delete(entry))

    def _write(self, entry: str, token: str) -> str:
        backend = self._open(plain=self.plain)
        backend.set_password(SERVICE, entry, token)
        if backend.get_password(SERVICE, entry) != token:
            raise NotAuthenticated(f"{self.backend} did not keep what was stored", next_step=OTHER_WAYS)
        return self.backend

    def _probe(self) -> str:
        import secrets

        name, value = f"probe-{secrets.token_hex(4)}", secrets.token_hex(8)
        self._write(name, value)
        self._delete(name)
        return self.backend

    def _delete(self, entry: str) -> bool:
        backend = self._open(plain=True)
        if backend.get_password(SERVICE, entry) is None:
            return False
        backend.delete_password(SERVICE, entry)
        return True

    def _open(self, *, plain: bool) -> KeyringBackend:
        reasons = []
        for name in self._candidates(plain=plain):
            called = (SAFE | PLAIN)[name]
            module, _, cls = name.rpartition(".")
            try:
                found: type[KeyringBackend] = getattr(import_module(module), cls)
                found.priority  # noqa: B018 - the property opens the bus, and raises when no keyring is there
                self.backend = called
                return found()
            except Exception as error:  # backends raise whatever their libraries do
                if name not in PLAIN or self.plain:
                    reasons.append(f"{called}: {error}")
        raise NoKeyring(_joined("no keyring to be used on this machine", reasons), next_step=OTHER_WAYS)

    def _candidates(self, *, plain: bool) -> Sequence[str]:
        named = self.environ.get("PYTHON_KEYRING_BACKEND", "")
        if named in PLAIN and not plain:
            raise NoKeyring(
                f"{named} stores the token readable in a file: refused",
                next_step=f"--insecure-storage stores it all the same; {OTHER_WAYS}",
            )
        if named and named not in SAFE | PLAIN:
            raise NoKeyring(f"PYTHON_KEYRING_BACKEND names {named}, which is refused", next_step=OTHER_WAYS)
        if named:
            return [named]
        own = {"darwin": _MAC, "win32": _WINDOWS}.get(self.platform)
        if own is None:
            own = _LINUX if self.environ.get("DBUS_SESSION_BUS_ADDRESS") else []
        return [*own, *(PLAIN if plain else ())]

    def _in_time(self, call: Callable[[], T], *, secret: str = "") -> T:
        outcome: queue.SimpleQueue[T | Exception] = queue.SimpleQueue()

        def work() -> None:
            try:
                outcome.put(call())
            except Exception as error:
                outcome.put(error)

        # A daemon thread: a call that never returns must not keep the process from ending.
        threading.Thread(target=work, name="keyring", daemon=True).start()
        try:
            result = outcome.get(timeout=self.seconds)
        except queue.Empty:
            raise KeyringSilent(
                f"the keyring did not answer within {self.seconds:g} s",
                next_step=f"if it asks to be unlocked, unlock it and try again; {OTHER_WAYS}",
            ) from None
        if isinstance(result, NotAuthenticated):
            raise result
        if isinstance(result, Exception):
            raise _translated(result, self.backend, secret) from None
        return result


def _translated(error: Exception, backend: str, secret: str) -> NotAuthenticated:
    if type(error).__name__ in ("KeyringLocked", "PromptDismissedException", "LockedException"):
        return NotAuthenticated(
            f"{backend} is locked, and was not unlocked", next_step=f"unlock it and try again; {OTHER_WAYS}"
        )
    text = str(error).replace(secret, "…") if secret else str(error)
    return NotAuthenticated(f"{backend or 'the keyring'} failed: {type(error).__name__}: {text}", next_step=OTHER_WAYS)


def _joined(message: str, reasons: list[str]) -> str:
    return f"{message} ({'; '.join(reasons)})" if reasons else message
