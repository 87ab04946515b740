"""This user's folders for herodyno's files. platformdirs knows each system's rule: XDG, Library, AppData.

platformdirs is imported by the command that needs a folder: help and `explain` load faster without.
"""

from __future__ import annotations

from pathlib import Path

NAME = "herodyno"


def config_folder() -> Path:
    """The folder of config.toml."""
    from platformdirs import user_config_path

    return user_config_path(NAME, appauthor=False, roaming=True)


def state_folder() -> Path:
    """The folder of the journal and of interrupted rolls."""
    from platformdirs import user_state_path

    return user_state_path(NAME, appauthor=False)


def cache_folder() -> Path:
    """The folder of the names that TAB proposes. The completion scripts look in the same folder."""
    from platformdirs import user_cache_path

    return user_cache_path(NAME, appauthor=False)


def xdg_data_home() -> Path:
    """Where bash and zsh look for data of a user. Both follow XDG on macOS too."""
    from platformdirs.unix import Unix

    return Unix().user_data_path


def xdg_config_home() -> Path:
    """Where fish looks for its configuration. fish follows XDG on macOS too."""
    from platformdirs.unix import Unix

    return Unix().user_config_path
