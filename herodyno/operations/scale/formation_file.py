"""A formation as a file (TOML): saved, compared, applied."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from herodyno.dynos import Formation
from herodyno.errors import NotFound, Refused, UsageError
from herodyno.operations.scale.grammar import ScaleWord, parse_scale_word

MOST_BYTES = 1_000_000


def formation_toml(app: str, formation: Iterable[Formation]) -> str:
    """The formation as TOML, by type: the same formation gives the same text, so a diff shows changes only."""
    parts = [f"app = {_quoted(app)}"]
    parts += [
        f"[formation.{_quoted(each.type)}]\nquantity = {each.quantity}\nsize = {_quoted(each.size)}"
        for each in sorted(formation, key=lambda each: each.type)
    ]
    return "\n\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    """A TOML string. The API's words are foreign: a quote or a line end would make other TOML of it."""
    return '"' + "".join(it if it.isprintable() and it not in '"\\' else f"\\U{ord(it):08x}" for it in text) + '"'


def save_formation(path: Path, app: str, formation: Iterable[Formation]) -> None:
    """Write the file whole or not at all. Raises Refused when it cannot be written."""
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(formation_toml(app, formation), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror or error}") from error


def read_formation_file(path: Path) -> tuple[str, tuple[ScaleWord, ...]]:
    """The app a file was saved from ("" when it names none) and what it wants of each type."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is too big to be a formation; nothing was sent.")
        return parse_formation_toml(path.read_text(encoding="utf-8"), name=str(path))
    except FileNotFoundError as error:
        raise NotFound(f"there is no file {path}", next_step=f"Make one with: herodyno scale --save {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}; nothing was sent.") from error


def parse_formation_toml(text: str, *, name: str) -> tuple[str, tuple[ScaleWord, ...]]:
    """As `read_formation_file`, of a text. Whatever is not understood is an error: nothing is half-applied."""
    import tomllib  # not for every start of `scale`

    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{name} is not TOML: {error}; nothing was sent.") from error
    app, types = document.pop("app", ""), document.pop("formation", None)
    if not isinstance(app, str) or not isinstance(types, dict) or not types or document:
        raise UsageError(
            f"{name} must hold app and [formation.TYPE] tables, and nothing else; nothing was sent.",
            next_step="See one with: herodyno scale --save FILE",
        )
    return app, tuple(_word(process_type, wish, name) for process_type, wish in types.items())


def _word(process_type: str, wish: Any, name: str) -> ScaleWord:
    where = f"{name}: formation.{process_type}"
    if not isinstance(wish, dict) or not wish or wish.keys() - {"quantity", "size"}:
        raise UsageError(f"{where} must hold quantity, size or both; nothing was sent.")
    quantity, size = wish.get("quantity"), wish.get("size")
    if "quantity" in wish and (type(quantity) is not int or quantity < 0):
        raise UsageError(f"{where}.quantity must be a whole number from 0; nothing was sent.")
    if "size" in wish and not (isinstance(size, str) and size):
        raise UsageError(f"{where}.size must be the name of a dyno size; nothing was sent.")
    count = "" if quantity is None else str(quantity)
    try:
        return parse_scale_word(f"{process_type}={count}{f':{size}' if size else ''}")
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}", next_step=error.next_step) from error
