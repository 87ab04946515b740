"""The TLS context: certificates of SSL_CERT_FILE and SSL_CERT_DIR, else of the system's hashed folder, else certifi."""

from __future__ import annotations

import functools
import os
import re
import ssl
from collections.abc import Mapping

from herodyno.errors import Unreachable

# File names that OpenSSL looks up one by one. Such a folder loads in 2 ms, a bundle in 24 to 36 ms.
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
# The next step after an untrusted certificate. There is no switch that accepts any certificate.
OTHER_AUTHORITY = "set SSL_CERT_FILE to your network's CA certificates (PEM)"
_SYSTEM_FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs")


@functools.cache
def shared_context() -> ssl.SSLContext:
    """The context of this process, made by the first call."""
    return make_context(os.environ)


def make_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """A verifying context. Raises Unreachable, naming the variable and its path, when a variable cannot be used."""
    file, folder = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    if file or folder:
        return _from_environment(file, folder)
    hashed = next((path for path in _system_folders() if _is_hashed(path)), None)
    if hashed:
        return ssl.create_default_context(capath=hashed)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _from_environment(file: str, folder: str) -> ssl.SSLContext:
    if file and not os.path.isfile(file):  # noqa: PTH113 - Path.is_file raises where a folder above is closed to us
        raise Unreachable(f"SSL_CERT_FILE names no file: {file}", next_step="correct it or unset it")
    if folder and not os.path.isdir(folder):  # noqa: PTH112 - see above
        raise Unreachable(f"SSL_CERT_DIR names no folder: {folder}", next_step="correct it or unset it")
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError:
        raise Unreachable(f"SSL_CERT_FILE holds no certificates: {file}", next_step="it must be PEM text") from None


def _system_folders() -> tuple[str, ...]:
    default = ssl.get_default_verify_paths().capath
    return (default, *_SYSTEM_FOLDERS) if default else _SYSTEM_FOLDERS


def _is_hashed(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(_HASHED.fullmatch(entry.name) for entry in entries)
    except OSError:
        return False
