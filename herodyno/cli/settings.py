"""The config file: a few keys that say what this person's apps need. Only this module reads the file.

::

    protected = ["example-app"]          # asks for the app's name before every write
    production = ["*-prod", "*-live"]    # the same, by pattern
    time_zone = "Europe/Paris"           # for display; --utc and TZ win
    color = "auto"                       # auto, always, never; --color, NO_COLOR … win
    log_hosts = ["logs.example.com"]     # log sessions are read from these hosts beside Heroku's own
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, NamedTuple

from herodyno.errors import UsageError
from herodyno.folders import config_folder

# A name with a dot: neither an address of a network nor a whole top-level domain.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)


class Settings(NamedTuple):
    """What the config file says. A key that is not in the file has its default."""

    protected: tuple[str, ...] = ()
    production: tuple[str, ...] = ()
    time_zone: str = ""
    color: Literal["auto", "always", "never"] = "auto"
    log_hosts: tuple[str, ...] = ()

    def protection_of(self, app: str) -> str:
        """Why the app is protected ("its name matches *-prod in the config file"); "" when nothing protects it."""
        if app in self.protected:
            return "it is listed as protected in the config file"
        pattern = next((pattern for pattern in self.production if fnmatchcase(app, pattern)), "")
        return f"its name matches {pattern} in the config file" if pattern else ""


def settings_path() -> Path:
    """config.toml in this user's folder."""
    return config_folder() / "config.toml"


def read_settings(path: Path) -> Settings:
    """The settings in the file, or the defaults when there is none.

    Raises UsageError for an unknown key, a wrong type or broken TOML. A misspelt "protected" must not leave an app
    unprotected.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", next_step=f"ls -l {path}") from None
    import tomllib

    try:
        document = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:  # not TOML, not UTF-8, or too deep
        raise UsageError(f"{path} is not TOML: {error}", next_step=f"correct {path}") from None
    return settings_from(document, source=str(path))


def adopt_time_zone(name: str) -> None:
    """Make this zone the process's local time zone. Windows cannot do so."""
    import time

    os.environ["TZ"] = name
    if hasattr(time, "tzset"):
        time.tzset()


def settings_from(document: Mapping[str, Any], *, source: str) -> Settings:
    """Settings from the decoded file. `source` names the file in the UsageError."""
    known = Settings._fields
    for key, value in document.items():
        if key not in known:
            raise UsageError(f"{source} has an unknown key {key!r}", next_step=f"the keys are: {', '.join(known)}")
        if (expected := _EXPECTED[key](value)) is not None:
            raise UsageError(f"{source}: {key} must be {expected}, not {_shown(value)}", next_step=f"correct {source}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document.items()
    }
    return Settings(**values)


def _shown(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # Python writes out no number of more than 4,300 digits
        return "a huge number"


def _names(value: object) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return None if good else 'a list of names, as in ["example-app"]'


def _hosts(value: object) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, str) and _HOST.fullmatch(item) for item in value)
    return None if good else 'a list of host names in lower case, as in ["logs.example.com"]'


def _zone(value: object) -> str | None:
    import zoneinfo

    try:
        return None if isinstance(value, str) and zoneinfo.ZoneInfo(value) else 'a time zone, as in "Europe/Paris"'
    except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError):
        return 'a time zone, as in "Europe/Paris"'


def _color(value: object) -> str | None:
    return None if value in ("auto", "always", "never") else '"auto", "always" or "never"'


_EXPECTED = {"protected": _names, "production": _names, "time_zone": _zone, "color": _color, "log_hosts": _hosts}
