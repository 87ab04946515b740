"""`herodyno config`: each setting, and its origin: a flag, the environment, the config file or the default."""

from __future__ import annotations

import typer

from herodyno.cli.options import AppOptions
from herodyno.cli.session import Session
from herodyno.cli.settings import settings_path
from herodyno.errors import UsageError
from herodyno.render.config import Setting, config_document, config_table
from herodyno.render.text import line

FILE = "config file"
_COLOR_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR")  # the first that is set counts


def config(ctx: typer.Context, options: AppOptions) -> None:
    """Show each setting, its value, and where it comes from.

    Examples:
      herodyno config --app example-app

    A flag beats the environment, which beats the file.
    The file is TOML; every key may be left out:
      protected = ["example-app"]      ask for the app's name before every write
      production = ["*-prod"]          the same; both take names and patterns
      price_step = 100                 scaling that adds more $/month asks too
      time_zone = "Europe/Paris"       for display
      color = "auto"                   auto, always, never
      log_hosts = ["logs.example.com"] logs are read from there too
    """
    session = Session.of(ctx)
    path = settings_path()
    rows = [_app(session, options), *_rows(session)]
    if session.output.wants_json:
        session.output.json(config_document(rows, file=str(path), file_exists=path.exists()))
        return
    session.output.show([line(f"{path}{'' if path.exists() else ' (no such file: defaults)'}")], config_table(rows))


def _app(session: Session, options: AppOptions) -> Setting:
    try:
        choice = session.app_choice(options.app, options.remote)
    except UsageError as error:
        if options != AppOptions():
            raise
        return Setting("app", "", error.message)
    return Setting("app", choice.name, choice.origin)


def _rows(session: Session) -> list[Setting]:
    settings = session.settings
    return [
        Setting("host", session.api_url, "HEROKU_HOST" if session.environ.get("HEROKU_HOST") else "default"),
        Setting("protected", settings.protected, FILE if settings.protected else "default"),
        Setting("production", settings.production, FILE if settings.production else "default"),
        Setting("price_step", f"{settings.price_step:g}", FILE if settings.price_step != 100 else "default"),
        _zone(session),
        _color(session),
        Setting("log_hosts", settings.log_hosts, FILE if settings.log_hosts else "default"),
    ]


def _zone(session: Session) -> Setting:
    if session.output.utc:
        return Setting("time_zone", "UTC", "--utc")
    if session.environ.get("TZ") and not session.zone_is_of_file:
        return Setting("time_zone", session.environ["TZ"], "TZ")
    name = session.settings.time_zone
    return Setting("time_zone", name, FILE) if name else Setting("time_zone", "local", "default")


def _color(session: Session) -> Setting:
    output, setting = session.output, session.settings.color
    if output.color != "auto":
        return Setting("color", output.color, "--color")
    for name in _COLOR_VARIABLES:
        if session.environ.get(name):
            return Setting("color", "always" if output.uses_color else "never", name)
    return Setting("color", setting, "default" if setting == "auto" else FILE)
