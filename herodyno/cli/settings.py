"""The config file: a few keys that say what this person's apps need. It is read here and nowhere else.

::

    protected = ["example-app"]          # asks for the app's name before every write
    production = ["*-prod", "*-live"]    # the same, by pattern
    time_zone = "Europe/Paris"           # for display; --utc and TZ win
    color = "auto"                       # auto, always, never; --color, NO_COLOR … win
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, NamedTuple

from herodyno.errors import UsageError


class Settings(NamedTuple):
    """What the config file says; the defaults where it is silent."""

    protected: tuple[str, ...] = ()
    production: tuple[str, ...] = ()
    time_zone: str = ""
    color: Literal["auto", "always", "never"] = "auto"

    def protection_of(self, app: str) -> str:
        """Why the app is protected, in words ("its name matches *-prod"), or "" when it is not."""
        if app in self.protected:
            return "it is listed as protected in the config file"
        pattern = next((pattern for pattern in self.production if fnmatchcase(app, pattern)), "")
        return f"its name matches {pattern} in the config file" if pattern else ""


def settings_path(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """config.toml in the platform's folder for this user: XDG_CONFIG_HOME, Application Support, AppData."""
    if platform not in ("darwin", "win32"):
        # platformdirs answers the same here, and importing it is a tenth of a fast command's time.
        folder = environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME") or Path.home()) / ".config"
        return Path(folder) / "herodyno" / "config.toml"
    import platformdirs

    return platformdirs.user_config_path("herodyno", appauthor=False, roaming=True) / "config.toml"


def read_settings(path: Path) -> Settings:
    """The settings in the file, or the defaults when there is none.

    Raises UsageError for an unknown key, a wrong type or broken TOML: a misspelt "protected" must not
    leave an app open.
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
    except ValueError as error:  # not TOML, or not UTF-8
        raise UsageError(f"{path} is not TOML: {error}", next_step=f"correct {path}") from None
    return settings_from(document, source=str(path))


def adopt_time_zone(name: str) -> None:
    """Make it this process's local time zone, where the system can (not on Windows)."""
    import time

    os.environ["TZ"] = name
    if hasattr(time, "tzset"):
        time.tzset()


def settings_from(document: Mapping[str, Any], *, source: str) -> Settings:
    """Settings from the decoded file; `source` names it in the UsageError."""
    known = Settings._fields
    for key, value in document.items():
        if key not in known:
            raise UsageError(f"{source} has an unknown key {key!r}", next_step=f"the keys are: {', '.join(known)}")
        if (wanted := _WANTED[key](value)) is not None:
            raise UsageError(f"{source}: {key} must be {wanted}, not {value!r}", next_step=f"correct {source}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in document.items()
    }
    return Settings(**values)


def _names(value: object) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return None if good else 'a list of names, as in ["example-app"]'


def _zone(value: object) -> str | None:
    import zoneinfo

    try:
        return None if isinstance(value, str) and zoneinfo.ZoneInfo(value) else 'a time zone, as in "Europe/Paris"'
    except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError):
        return 'a time zone, as in "Europe/Paris"'


def _color(value: object) -> str | None:
    return None if value in ("auto", "always", "never") else '"auto", "always" or "never"'


_WANTED = {"protected": _names, "production": _names, "time_zone": _zone, "color": _color}
