"""The TLS context, and whose certificate authorities it trusts.

SSL_CERT_FILE and SSL_CERT_DIR win, and then nothing else counts. Without them, people who set up another tool for their
network's authorities need not do so again. REQUESTS_CA_BUNDLE (of Python's requests) replaces the usual authorities.
NODE_EXTRA_CA_CERTS (of Node, and so of the Heroku CLI) adds to them. The usual ones are those of the system's hashed
folder, else certifi's.
"""

from __future__ import annotations

import functools
import os
import re
import ssl
from collections.abc import Mapping
from typing import NamedTuple

from herodyno.errors import Unreachable

# File names that OpenSSL looks up one by one. Such a folder loads in 2 ms, a bundle in 24 to 36 ms.
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
# The next step after an untrusted certificate. There is no switch that accepts any certificate.
OTHER_AUTHORITY = (
    "set SSL_CERT_FILE (or REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS) to your network's CA certificates (PEM)"
)
_SYSTEM_FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs")


class Trust(NamedTuple):
    """A verifying context. `notes` name the variables of other tools that it honours or leaves out."""

    context: ssl.SSLContext
    notes: tuple[str, ...] = ()


@functools.cache
def shared_trust() -> Trust:
    """What this process trusts, made by the first call."""
    return make_trust(os.environ)


def shared_context() -> ssl.SSLContext:
    """The context of this process."""
    return shared_trust().context


def make_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """The context of `make_trust`."""
    return make_trust(environ).context


def make_trust(environ: Mapping[str, str]) -> Trust:
    """What this environment trusts. Raises Unreachable, naming the variable and its path, when one cannot be used.

    NODE_EXTRA_CA_CERTS that cannot be used is left out with a note, as Node leaves it out: it only adds.
    """
    file, folder = environ.get("SSL_CERT_FILE", ""), environ.get("SSL_CERT_DIR", "")
    if file or folder:
        return Trust(_from_environment("SSL_CERT_FILE", file, "SSL_CERT_DIR", folder))
    notes: list[str] = []
    if bundle := environ.get("REQUESTS_CA_BUNDLE", ""):
        is_folder = os.path.isdir(bundle)  # noqa: PTH112 - Path.is_dir raises where a folder above is closed to us
        one = ("", bundle) if is_folder else (bundle, "")
        context = _from_environment("REQUESTS_CA_BUNDLE", one[0], "REQUESTS_CA_BUNDLE", one[1])
        notes.append(f"trusting the certificate authorities of REQUESTS_CA_BUNDLE ({bundle})")
    else:
        context = _usual_context()
    if extra := environ.get("NODE_EXTRA_CA_CERTS", ""):
        try:
            context.load_verify_locations(cafile=extra)
        except OSError:
            notes.append(f"NODE_EXTRA_CA_CERTS is left out: no certificates can be read from {extra}")
        else:
            notes.append(f"trusting the certificate authorities of NODE_EXTRA_CA_CERTS too ({extra})")
    return Trust(context, tuple(notes))


def _usual_context() -> ssl.SSLContext:
    hashed = next((path for path in _system_folders() if _is_hashed(path)), None)
    if hashed:
        return ssl.create_default_context(capath=hashed)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _from_environment(file_variable: str, file: str, folder_variable: str, folder: str) -> ssl.SSLContext:
    if file and not os.path.isfile(file):  # noqa: PTH113 - Path.is_file raises where a folder above is closed to us
        raise Unreachable(f"{file_variable} names no file: {file}", next_step="correct it or unset it")
    if folder and not os.path.isdir(folder):  # noqa: PTH112 - see above
        raise Unreachable(f"{folder_variable} names no folder: {folder}", next_step="correct it or unset it")
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError:
        raise Unreachable(f"{file_variable} holds no certificates: {file}", next_step="it must be PEM text") from None


def _system_folders() -> tuple[str, ...]:
    default = ssl.get_default_verify_paths().capath
    return (default, *_SYSTEM_FOLDERS) if default else _SYSTEM_FOLDERS


def _is_hashed(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(_HASHED.fullmatch(entry.name) for entry in entries)
    except OSError:
        return False
