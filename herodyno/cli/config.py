"""`herodyno config`: each setting, and its origin: a flag, the environment, the config file or the default."""

from __future__ import annotations

from typing import NamedTuple

import typer

from herodyno.cli.options import AppOptions
from herodyno.cli.session import Session
from herodyno.cli.settings import settings_path
from herodyno.errors import UsageError
from herodyno.render.text import Column, Span, Table, line

FILE = "config file"
_COLOR_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR")  # the first that is set counts


class Row(NamedTuple):
    """One setting: its value as text, and where the value comes from."""

    key: str
    value: str | tuple[str, ...]
    origin: str


def config(ctx: typer.Context, options: AppOptions) -> None:
    """Show each setting, its value, and where it comes from.

    Examples:
      herodyno config --app example-app

    A flag beats the environment, which beats the file.
    The file is TOML; every key may be left out:
      protected = ["example-app"]      ask for the app's name before every write
      production = ["*-prod"]          the same, for apps whose name matches
      time_zone = "Europe/Paris"       for display
      color = "auto"                   auto, always, never
    """
    session = Session.of(ctx)
    path = settings_path()
    rows = [_app(session, options), *_rows(session)]
    if session.output.wants_json:
        session.output.json({
            "schema": "herodyno.config/1",
            "file": str(path),
            "file_exists": path.exists(),
            "settings": [row._asdict() for row in rows],
        })  # fmt: skip
        return
    columns = (Column(heading="SETTING"), Column(heading="VALUE"), Column(heading="FROM"))
    cells = ((row.key, ", ".join(row.value) if isinstance(row.value, tuple) else row.value, row.origin) for row in rows)
    table = Table(columns=columns, rows=tuple(tuple(Span(cell or "-") for cell in row) for row in cells))
    session.output.show([line(f"{path}{'' if path.exists() else ' (no such file: defaults)'}")], table)


def _app(session: Session, options: AppOptions) -> Row:
    try:
        choice = session.app_choice(options.app, options.remote)
    except UsageError as error:
        if options != AppOptions():
            raise
        return Row("app", "", error.message)
    return Row("app", choice.name, choice.origin)


def _rows(session: Session) -> list[Row]:
    settings = session.settings
    return [
        Row("host", session.api_url, "HEROKU_HOST" if session.environ.get("HEROKU_HOST") else "default"),
        Row("protected", settings.protected, FILE if settings.protected else "default"),
        Row("production", settings.production, FILE if settings.production else "default"),
        _zone(session),
        _color(session),
    ]


def _zone(session: Session) -> Row:
    if session.output.utc:
        return Row("time_zone", "UTC", "--utc")
    if session.environ.get("TZ") and not session.zone_is_of_file:
        return Row("time_zone", session.environ["TZ"], "TZ")
    name = session.settings.time_zone
    return Row("time_zone", name, FILE) if name else Row("time_zone", "local", "default")


def _color(session: Session) -> Row:
    output, setting = session.output, session.settings.color
    if output.color != "auto":
        return Row("color", output.color, "--color")
    for name in _COLOR_VARIABLES:
        if session.environ.get(name):
            return Row("color", "always" if output.uses_color else "never", name)
    return Row("color", setting, "default" if setting == "auto" else FILE)
