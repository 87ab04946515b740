"""Builds the compiled part with rustc, where there is one. Nothing is fetched: it is one crate without dependencies."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from herodyno.logs.scan.compiled.grammar import rust

_SOURCE = Path(__file__).parent / "src" / "lib.rs"
_MOST_SECONDS = 120


def build(made: Path) -> bool:
    """Build the compiled part as this file. False, and no file, where there is no rustc.

    Raises UnknownPattern, OSError, or subprocess.SubprocessError with what rustc says.
    """
    rustc = shutil.which("rustc")
    if rustc is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        grammar, new = Path(folder, "grammar.rs"), Path(folder, "compiled.so")
        grammar.write_text(rust(), encoding="ascii")
        subprocess.run(  # noqa: S603 - a program of this machine, no words of others
            [rustc, "--edition=2021", "--crate-type=cdylib", "--crate-name=herodyno_compiled", "-Copt-level=3",
             "-Cstrip=symbols", "-o", str(new), str(_SOURCE)],
            env={**os.environ, "HERODYNO_GRAMMAR": str(grammar), "RUSTUP_AUTO_INSTALL": "0"},
            check=True, capture_output=True, text=True, timeout=_MOST_SECONDS,
        )  # fmt: skip
        shutil.move(new, made)
    return True
