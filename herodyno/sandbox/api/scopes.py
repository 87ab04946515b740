"""What a token may do by the scopes of its OAuth authorization, in Heroku's words.

Dev Center, "OAuth" (July 2024): `global` is everything. `identity` reads the account. `read` and `write` are for all
apps, without the account and config vars. `read-protected` and `write-protected` are the same with config vars.
"""

from __future__ import annotations

from collections.abc import Collection

SCOPES = ("global", "identity", "read", "write", "read-protected", "write-protected")
# Id "forbidden", status 403: heroku3.py, issue 120 (January 2022); tests of JupiterOne's Heroku integration.
NOT_ALLOWED = "The scope of this OAuth authorization does not allow access to this resource."


def allows(scopes: Collection[str], method: str, path: str) -> bool:
    """Whether a token of these scopes may make the call of a route.

    Heroku publishes no list by call. Here every call but GET is a write, POST /apps/{}/log-sessions too.
    """
    return "global" in scopes or bool(_needed(method, path) & set(scopes))


def _needed(method: str, path: str) -> set[str]:
    """The scopes of which one is enough, `global` aside."""
    if path.startswith("/oauth/"):
        return set()  # heroku/cli: `heroku authorizations` is refused to a token of another scope
    if path.startswith("/account"):
        return {"identity"} if method == "GET" else set()
    kind = "read" if method == "GET" else "write"
    return {f"{kind}-protected"} | (set() if path.endswith("/config-vars") else {kind})
