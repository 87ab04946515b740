"""The completion scripts as they are shipped: files generated from the command tree."""

# `__main__` imports this module before all others: importing pathlib would take longer than all its other work.
# ruff: noqa: PTH113, PTH118, PTH120, PTH123

import os

SCRIPTS = {"bash": "herodyno.bash", "zsh": "_herodyno", "fish": "herodyno.fish"}
MARK = "Generated from the command tree."


def script(shell: str) -> str:
    """The script for a shell in SCRIPTS. Raises KeyError for another shell, FileNotFoundError without its file."""
    package = os.path.dirname(os.path.dirname(__file__))
    # In a wheel the scripts lie inside the package, in a checkout beside it.
    for above in (package, os.path.dirname(package)):
        path = os.path.join(above, "completions", SCRIPTS[shell])
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    raise FileNotFoundError(2, "the completion scripts are missing from this installation", SCRIPTS[shell])
