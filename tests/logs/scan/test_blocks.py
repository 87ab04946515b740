"""Blocks of a log of text hold the lines that the decoder gives, whatever stands before the first of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from herodyno.logs.decoding.lines import LineReader
from herodyno.logs.decoding.read import read_lines
from herodyno.logs.scan.blocks import is_text, line_blocks

STREAMS = sorted((Path(__file__).parents[1] / "streams").iterdir())
LAYOUT = b"\0 \t\r\n\v\f"


@pytest.mark.parametrize("size", [7, 512, 65536])
@pytest.mark.parametrize("path", [path for path in STREAMS if is_text(path.read_bytes())], ids=lambda path: path.name)
def test_blocks_hold_the_lines_of_the_decoder(path: Path, size: int) -> None:
    data = path.read_bytes()
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    lines = [line for block in line_blocks(chunks) for line in block.split(b"\n")[:-1] if line.strip(LAYOUT)]
    reader = LineReader(year=2026)
    assert [reader.line(line) for line in lines] == list(read_lines([data], year=2026))
