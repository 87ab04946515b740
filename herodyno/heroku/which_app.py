"""Which app a command is for, and which of -a, -r, HEROKU_APP or the git remotes named it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from herodyno.errors import UsageError
from herodyno.heroku.net.paths import is_app

if TYPE_CHECKING:
    from herodyno.heroku.git_remotes import GitRemotes

WAYS = (
    "give it in one of these ways: -a APP · -r REMOTE (a git remote of the app) · HEROKU_APP=APP"
    " · in a checkout with one Heroku remote (of several: git config heroku.remote NAME)"
)


class AppChoice(NamedTuple):
    """An app's name (or id), and the origin that is shown before a write: "-a", "HEROKU_APP", "git remote heroku"."""

    name: str
    origin: str


def which_app(
    flag: str | None,
    remote: str | None,
    environ: Mapping[str, str],
    *,
    api_host: str = "api.heroku.com",
    git_config: Callable[[], bytes] | None = None,
) -> AppChoice:
    """The app by -a (`flag`), then -r (`remote`), then HEROKU_APP, then the git remotes. None means not given.

    `git_config` reads git's config (`read_git_config` by default), and is called only when it is needed. Raises
    UsageError when two sources name different apps, when a name cannot be an app's, and when nothing names an app.
    """
    variable = environ.get("HEROKU_APP")
    if flag is not None and remote is not None:
        raise UsageError(f"-a {flag} and -r {remote} both name an app; give one of them")
    if flag is not None:
        return AppChoice(checked_app_name(flag, origin="-a"), "-a")
    if remote is None and variable is not None:
        return AppChoice(checked_app_name(variable, origin="HEROKU_APP"), "HEROKU_APP")
    from herodyno.heroku.git_remotes import git_hosts, git_remotes, read_git_config

    config = (git_config or read_git_config)()
    choice = _by_git(git_remotes(config, git_hosts(api_host, environ)), remote)
    if variable is not None and variable != choice.name:
        raise UsageError(
            f"-r {remote} means {choice.name}, and HEROKU_APP says {variable!r}: two different apps",
            next_step=f"type -a {choice.name}, or unset HEROKU_APP",
        )
    return choice


def checked_app_name(name: str, *, origin: str) -> str:
    """The name, when it can be an app's name or id. Raises UsageError, naming the origin, for any other text."""
    if not name:
        raise UsageError(f"the app is empty; it comes from {origin}", next_step=WAYS)
    if not is_app(name):
        raise UsageError(
            f"{name[:80]!r} (from {origin}) cannot be an app's name; nothing was sent",
            next_step="a name has 3 to 30 small letters, digits and hyphens, first a letter; an app's id works too",
        )
    return name


def _by_git(remotes: GitRemotes, remote: str | None) -> AppChoice:
    wanted, word = (remote, "-r") if remote is not None else (remotes.preferred, "git config heroku.remote")
    if wanted or remote is not None:
        if wanted not in remotes.apps:
            known = ", ".join(f"{name} ({app})" for name, app in remotes.apps.items()) or "none"
            raise UsageError(
                f"{word} names {wanted!r}, which is no Heroku remote here; there are: {known}", next_step=WAYS
            )
        origin = f"git remote {wanted}" + ("" if remote is not None else ", from git config heroku.remote")
        return AppChoice(checked_app_name(remotes.apps[wanted], origin=origin), origin)
    apps = set(remotes.apps.values())
    if len(apps) == 1:
        origin = f"git remote {next(iter(remotes.apps))}"
        return AppChoice(checked_app_name(apps.pop(), origin=origin), origin)
    if apps:
        listed = ", ".join(f"-r {name} is {app}" for name, app in remotes.apps.items())
        raise UsageError(f"the git remotes point at {len(apps)} apps: {listed}", next_step=WAYS)
    raise UsageError("no app given", next_step=WAYS)
