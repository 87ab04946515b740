"""`help --json`, `help man`, `help schemas`: the manual for programs, for man(1), and the schemas by command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from herodyno.cli.help.man_page import man_page
from herodyno.cli.help.manual import manual
from herodyno.cli.help.schemas import schema_rows, schemas_of
from herodyno.cli.tree import Entry
from herodyno.errors import UsageError
from herodyno.render.output import Output
from herodyno.render.text import line


def show_manual(output: Output, sections: Mapping[str, tuple[Entry, ...]], words: Sequence[str]) -> None:
    """Show what the words behind `help` ask for. Raises UsageError for words that are no command."""
    topic, rest = words[0] if words else "", " ".join(words[1:])
    if topic == "schemas":
        _show_schemas(output, rest)
        return
    if topic == "man" and not rest:
        output.lines(line(text) for text in man_page(manual(sections)))
        return
    document = manual(sections, " ".join(words))
    if not document["commands"]:
        raise UsageError(f"there is no command {' '.join(words)!r}", next_step="all commands: herodyno --help")
    output.json(document)


def _show_schemas(output: Output, word: str) -> None:
    if word:
        found = schemas_of(word)
        if not found:
            raise UsageError(f"no JSON document is of {word!r}", next_step="all of them: herodyno help schemas")
        output.json(found)
    elif output.wants_json:
        rows = [{"name": name, "meaning": by} for name, by in schema_rows()]
        output.json({"schema": "herodyno.topic/1", "topic": "schemas", "rows": rows})
    else:
        output.lines(line(f"{name:<30}  {by}") for name, by in schema_rows())
