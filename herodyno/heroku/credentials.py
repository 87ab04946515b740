"""Which token to use, and where it came from: the first source that has one wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from herodyno.errors import NotAuthenticated

WAYS = (
    "Log in with one of: herodyno auth login · HEROKU_API_KEY=… · herodyno auth login --token-stdin < file"
    " · an entry for {host} in ~/.netrc (mode 0600)."
)


@dataclass(frozen=True, slots=True)
class Credential:
    """A token and the source it came from. The token is never part of the repr."""

    token: str = field(repr=False)
    source: str


def find_token(
    environ: Mapping[str, str], host: str, *, note: Callable[[str], object] = lambda text: None
) -> Credential:
    """The token for the API host ("api.heroku.com", "127.0.0.1:8971": with its port).

    Raises NotAuthenticated when there is none, or when the one that wins cannot be a token.
    """
    key = environ.get("HEROKU_API_KEY")
    if key is not None and not key.strip():
        note("HEROKU_API_KEY is empty and treated as unset.")
    elif key is not None:
        return Credential(checked(key, source="HEROKU_API_KEY"), "HEROKU_API_KEY")
    raise NotAuthenticated(f"No Heroku token for {host}.", next_step=WAYS.format(host=host))


def checked(token: str, *, source: str) -> str:
    """The token without white space around it; raises NotAuthenticated, never showing it, when it cannot be one.

    A header can carry visible ASCII only: httpx would name the whole header in its exception.
    """
    token = token.strip()
    if not token or not all("!" <= letter <= "~" for letter in token):
        raise NotAuthenticated(
            f"The token from {source} cannot be one: it has blanks, control characters or letters outside ASCII.",
            next_step="Copy it again; a Heroku token is one word of letters, digits, - and _.",
        )
    return token
