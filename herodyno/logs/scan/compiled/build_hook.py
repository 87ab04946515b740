"""Hatchling's hook: a wheel that is made where rustc is has the compiled part. Elsewhere it is pure, without a word."""

from __future__ import annotations

import sys
import sysconfig
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_ROOT = Path(__file__).parents[4]
_PATH = "herodyno/logs/scan/compiled/_compiled.so"  # as library.py looks for it


class CompiledPartHook(BuildHookInterface[Any]):
    """Adds the compiled part to a wheel, or puts it beside this file for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is made."""
        place = _ROOT / _PATH
        if version == "editable":
            place.unlink(missing_ok=True)  # it may be of an older source
        self._folder = tempfile.TemporaryDirectory()
        made = place if version == "editable" else Path(self._folder.name, place.name)
        sys.path.insert(0, str(_ROOT))
        with suppress(Exception):  # whatever it is: a package that installs, and is slower, is better than none
            from herodyno.logs.scan.compiled.rustc import build

            build(made)
        sys.path.remove(str(_ROOT))
        if not made.exists():
            return
        if version != "editable":
            build_data["force_include"][str(made)] = _PATH
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is made."""
        self._folder.cleanup()
