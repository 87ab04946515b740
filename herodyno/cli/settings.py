"""The config file: a few keys that say what this person's apps need. Only this module reads the file.

::

    protected = ["example-app", "*-db"]  # asks for the app's name before every write
    production = ["*-prod", "*-live"]    # the same
    price_step = 100                     # dollars per month: scaling that adds more asks too
    time_zone = "Europe/Paris"           # for display; --utc and TZ win
    color = "auto"                       # auto, always, never; --color, NO_COLOR … win
    log_hosts = ["logs.example.com"]     # log sessions are read from these hosts beside Heroku's own
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from herodyno.errors import UsageError
from herodyno.folders import config_folder

# A name with a dot: neither an address of a network nor a whole top-level domain.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)

_MOST_DOLLARS = 1_000_000_000  # Ours: a larger number is a typing mistake.


class Settings(NamedTuple):
    """What the config file says. A key that is not in the file has its default."""

    protected: tuple[str, ...] = ()
    production: tuple[str, ...] = ()
    price_step: float = 100
    time_zone: str = ""
    color: Literal["auto", "always", "never"] = "auto"
    log_hosts: tuple[str, ...] = ()

    @property
    def price_step_cents(self) -> int:
        """The US cents per month that scaling may add unasked."""
        return round(self.price_step * 100)

    def protection_of(self, app: str) -> str:
        """Why the app is protected ("the app is production (its name matches *-prod …)"); "" when nothing protects it.

        Both keys take names and patterns alike.
        """
        if not (self.protected or self.production):
            return ""
        from herodyno.operations.app_patterns import matching

        for mark, patterns in (("protected", self.protected), ("production", self.production)):
            if pattern := matching(app, patterns):
                why = "it is listed" if pattern == app else f"its name matches {pattern}"
                return f"the app is {mark} ({why} in the config file)"
        return ""


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


def _apps(value: object) -> str | None:
    """A pattern that fits no app would leave the app that is meant unprotected."""
    if wrong := _names(value):
        return wrong
    from herodyno.operations.app_patterns import can_match

    assert isinstance(value, list)
    none = next((pattern for pattern in value if not can_match(pattern)), None)
    if none is None:
        return None
    return (
        f"names and patterns of apps (a-z, 0-9 and dashes, 3 to 30 of them, a letter first); {_shown(none)} fits none"
    )


def _dollars(value: object) -> str | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST_DOLLARS
    return None if good else "dollars per month, as in 100"


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


_EXPECTED = {
    "protected": _apps, "production": _apps, "price_step": _dollars, "time_zone": _zone, "color": _color,
    "log_hosts": _hosts,
}  # fmt: skip
