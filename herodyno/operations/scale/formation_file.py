"""A formation as a TOML file, for `scale --save` and `scale --file`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from herodyno.dynos import Formation
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.scale.grammar import ScaleWord, parse_scale_word

MOST_BYTES = 1_000_000  # a larger file is no formation
MOST_DYNOS = 100_000  # ours; Heroku's own limits are far below


def formation_toml(app: str, formation: Iterable[Formation]) -> str:
    """The formation as TOML, sorted by type: equal formations give equal text, so a diff shows changes only."""
    parts = [f"app = {_quoted(app)}"]
    parts += [
        f"[formation.{_quoted(each.type)}]\nquantity = {each.quantity}\nsize = {_quoted(each.size)}"
        for each in sorted(formation, key=lambda each: each.type)
    ]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    """A TOML string. Names come from the API: a quote or a line end in one must not change the document."""
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


def save_formation(path: Path, app: str, formation: Iterable[Formation]) -> None:
    """Write the file whole or not at all, through PATH.new. Raises Refused when the file cannot be written."""
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(formation_toml(app, formation), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}") from error


def read_formation_file(path: Path) -> tuple[str, tuple[ScaleWord, ...]]:
    """The app that the file was saved from ("" when it names none), and the quantity and size of each type.

    Raises NotFound when there is no such file, UsageError when it cannot be read or is not a formation.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is too big to be a formation; nothing was sent.")
        return parse_formation_toml(path.read_text(encoding="utf-8"), name=str(path))
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}", next_step=f"Make one with: herodyno scale --save {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}; nothing was sent.") from error


def parse_formation_toml(text: str, *, name: str) -> tuple[str, tuple[ScaleWord, ...]]:
    """As `read_formation_file`, from the file's text; errors quote it as `name`.

    Anything unknown in the document is an error, so that a formation is never applied in part.
    """
    import tomllib  # imported here: `scale` seldom reads a file

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not TOML: {error}; nothing was sent.") from error
    app, types = document.pop("app", ""), document.pop("formation", None)
    if not isinstance(app, str) or not isinstance(types, dict) or not types or document:
        raise UsageError(
            f"{name} must hold app and [formation.TYPE] tables, and nothing else; nothing was sent.",
            next_step="See one with: herodyno scale --save FILE",
        )
    return app, tuple(_word(process_type, wanted, name) for process_type, wanted in types.items())


def _word(process_type: str, wanted: Any, name: str) -> ScaleWord:
    where = f"{name}: formation.{process_type}"
    if not isinstance(wanted, dict) or not wanted or wanted.keys() - {"quantity", "size"}:
        raise UsageError(f"{where} must hold quantity, size or both; nothing was sent.")
    quantity, size = wanted.get("quantity"), wanted.get("size")
    if "quantity" in wanted and (type(quantity) is not int or not 0 <= quantity <= MOST_DYNOS):
        raise UsageError(f"{where}.quantity must be a whole number from 0 to {MOST_DYNOS:,}; nothing was sent.")
    if "size" in wanted and not (isinstance(size, str) and size):
        raise UsageError(f"{where}.size must be the name of a dyno size; nothing was sent.")
    count = "" if quantity is None else str(quantity)
    try:
        return parse_scale_word(f"{process_type}={count}{f':{size}' if size else ''}")
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}", next_step=error.next_step) from error
