"""Three real shells in a pseudo-terminal: what they make of a typed line when TAB is pressed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pexpect

from tests.real_parts import need

SETUP = {
    "bash": (["--norc", "--noprofile", "-i"], """
PS1='> '; bind 'set show-all-if-ambiguous on'; bind 'set enable-bracketed-paste off'
herodyno() { printf 'GOT[%s]\\n' "$*"; }
source {script}
"""),
    "zsh": (["-f", "-i"], """
PS1='> '; unsetopt beep; autoload -U compinit; compinit -u -D; unset zle_bracketed_paste
herodyno() { printf 'GOT[%s]\\n' "$*" }
source {script}
"""),
    "fish": (["--no-config", "-i"], """
function fish_prompt; echo '> '; end; set -g fish_autosuggestion_enabled 0
function herodyno; echo "GOT[$argv]"; end
source {script}
"""),
}  # fmt: skip


def of_this_machine(shell: str) -> str:
    """The path of a shell, which must be installed."""
    need(shell, install=f"the Debian package {shell}")
    return shutil.which(shell) or ""


class Shell:
    """An interactive shell that knows the completion script; herodyno itself only says which words it got."""

    def __init__(self, shell: str, script: Path, environ: dict[str, str], folder: Path) -> None:
        arguments, setup = SETUP[shell]
        env = environ | {"TERM": "vt100", "LC_ALL": "C.UTF-8", "LINES": "40", "COLUMNS": "200"}
        file = folder / f"setup.{shell}"
        file.write_text(setup.replace("{script}", str(script)), encoding="utf-8")
        self._child = pexpect.spawn(
            of_this_machine(shell),
            arguments,
            env=env,
            cwd=str(folder),
            encoding="utf-8",
            dimensions=(40, 200),
            timeout=20,
        )
        self._child.delaybeforesend = None
        self._child.sendline(f"source {file}; echo REA''DY")
        self._child.expect("READY")

    def words(self, typed: str) -> str:
        """The words that herodyno gets when `typed`, TAB and Enter are pressed."""
        self._child.send(f"herodyno {typed}\t")
        self._child.send("\r")
        self._child.expect(r"GOT\[([^\]]*)\]")
        return str(self._child.match.group(1))

    def offers(self, typed: str, end: str) -> str:
        """What is on the screen after TAB, up to the text `end`; the line is thrown away."""
        self._child.send(f"herodyno {typed}\t")
        self._child.expect_exact(end)
        text = str(self._child.before) + end
        self._child.sendcontrol("c")
        return text

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *_: Any) -> None:
        self._child.close(force=True)
