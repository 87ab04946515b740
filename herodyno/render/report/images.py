"""vl-convert, the one package behind the report: pictures as SVG and PNG, and the script that draws in a browser.

It is loaded by the first function that needs it. Its ready-made pages are not used: a log line can run code in them.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from herodyno.errors import ExtraMissing
from herodyno.render.report.style import Spec

if TYPE_CHECKING:
    from types import ModuleType

# Sharp on screens with two dots a pixel.
_SCALE = 2.0
_MARK = "herodyno"
_HEADER_BYTES = 33  # the signature and the chunk IHDR
_MOST_HEAD = 500
_SCRIPT = "window.vegaEmbed=vegaEmbed"


def require() -> None:
    """Raise ExtraMissing when vl-convert is not installed."""
    if find_spec("vl_convert") is None:
        raise ExtraMissing("pictures and pages need vl-convert", next_step="pip install 'herodyno[report]'")


def svg(spec: Spec) -> bytes:
    """The picture as SVG, marked as ours. No file and no address outside is read."""
    text: str = _vl_convert().vegalite_to_svg(spec, allowed_base_urls=[])
    return (text + f"<!-- {_MARK} -->\n").encode()


def png(spec: Spec) -> bytes:
    """The picture as PNG, marked as ours in a chunk of text."""
    raw: bytes = _vl_convert().vegalite_to_png(spec, scale=_SCALE, allowed_base_urls=[])
    text = b"tEXtSoftware\0" + _MARK.encode()
    chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
    return raw[:_HEADER_BYTES] + chunk + raw[_HEADER_BYTES:]


def script(cache: Path) -> str:
    """The script for the page: Vega, Vega-Lite and vega-embed. It takes seconds to make, so a copy is kept in `cache`.

    The first line of the copy is the hash of the rest. A copy that does not fit is made anew.
    """
    module = _vl_convert()
    kept = cache / f"vega-{module.__version__}.js"
    with suppress(OSError, UnicodeDecodeError):
        told, _, text = kept.read_text(encoding="utf-8").partition("\n")
        if told == _digest(text):
            return text
    made: str = module.javascript_bundle(_SCRIPT)
    assert "</script" not in made.lower(), "the script would end the element that it stands in"
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_text(f"{_digest(made)}\n{made}", encoding="utf-8", newline="\n")
        part.replace(kept)
    return made


def is_ours(path: Path) -> bool:
    """Whether a file is a picture or a page that herodyno made. Such a file may be replaced by a newer one."""
    mark = _MARK.encode()
    try:
        with path.open("rb") as file:
            head = file.read(_MOST_HEAD)
            file.seek(-min(_MOST_HEAD, path.stat().st_size), os.SEEK_END)
            tail = file.read(_MOST_HEAD)
    except OSError:
        return False
    return (
        (head[:8] == b"\x89PNG\r\n\x1a\n" and b"tEXtSoftware\0" + mark in head)
        or tail.endswith(b"<!-- " + mark + b" -->\n")
        or b'<meta name="generator" content="' + mark in head
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _vl_convert() -> ModuleType:
    require()
    import vl_convert

    return vl_convert
