"""`logs` for several apps: their lines as one log in the order of time, each with its app's name; also as they grow."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from herodyno.cli.fleet.asking import apps_of, call_budget, each_app, failure_of, told_of
from herodyno.cli.fleet.tails import HistoryOver, Over, Tails, of_app
from herodyno.cli.logs.query import LogQuery
from herodyno.cli.logs.sink import make_reading, make_sink
from herodyno.cli.logs.sources import open_log, window
from herodyno.cli.options import reads_archive
from herodyno.cli.session import Session
from herodyno.errors import HerodynoError, NotAuthenticated, NotFound, Refused, TwoFactorNeeded, UsageError
from herodyno.heroku.which_apps import SelectedApp
from herodyno.heroku_facts import LOG_BUFFER_LINES
from herodyno.logs.events import LogLine
from herodyno.logs.query.interleaving import Interleaving, interleaved, last_lines
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import LogSummary, total
from herodyno.render.clean import clean
from herodyno.units import clock, count, zone_name, zone_of

# The app, a log session; dynos and formation for words that no line has.
CALLS_OF_AN_APP = 4
# Ours. Even if each tail is renewed after two minutes of silence, the account's 4,500 calls an hour suffice.
MOST_FOLLOWED = 100
# Ours, in seconds: so long a new line waits for older lines of other apps, and the first lines for apps that are slow.
HELD_SECONDS = 1.0
HISTORY_SECONDS = 10.0
TICK_SECONDS = 0.25


class AppLog(NamedTuple):
    """What an app's log gave: the lines that are wanted, what was read, and why words name nothing in this app."""

    name: str
    items: Sequence[LogLine | Mark]
    summary: LogSummary
    unknown: NotFound | None = None
    error: HerodynoError | None = None


def logs_of_several(session: Session, query: LogQuery) -> None:
    """Show the lines of several apps. Raises, after them, the error of apps that gave none."""
    _refuse_beside_several(query)
    apps = apps_of(session, query.options)
    query = query._replace(apps=tuple(app.name for app in apps))
    if not query.options.tail:
        _windows(session, query, apps)
        return
    if len(apps) > MOST_FOLLOWED:
        raise UsageError(
            f"these are {count(len(apps), 'app')}, and --tail follows at most {MOST_FOLLOWED}",
            next_step="choose fewer: --apps PATTERN, --stage production",
        )
    _follow(session, query, apps)


def _refuse_beside_several(query: LogQuery) -> None:
    """Raise UsageError for what makes no sense of lines of several apps, where web.1 is many dynos."""
    options = query.options
    about_one = {
        "--archive": reads_archive(options),
        "--from-file": options.from_file,
        "--stats": options.stats,
        "--table": options.table,
        "--patterns": query.patterns,
        "--previous": options.previous,
        "--template": options.template,
        f"-o {options.output}": options.output in ("combined", "raw"),
        f"the dyno id {' '.join(query.ids)}": query.ids,
    }
    if flag := next((flag for flag, given in about_one.items() if given), ""):
        raise UsageError(f"{flag} is for one app; nothing was sent", next_step="name one: --app NAME")


def _windows(session: Session, query: LogQuery, apps: Sequence[SelectedApp]) -> None:
    output = session.output

    def read(selected: SelectedApp) -> AppLog:
        return _window_of(session, query, selected.name)

    logs, errors = [], []
    for selected, answer in each_app(session, apps, read, calls_each=CALLS_OF_AN_APP):
        error = answer.error or (answer.value.error if answer.value else None)
        if answer.value:
            logs.append(answer.value)
        if error:
            errors.append(error)
            output.note(told_of(selected.name, error.message))
    if logs and not errors and all(log.unknown for log in logs):
        first = logs[0].unknown
        assert first is not None
        raise NotFound(f"no app here knows these words: {first.message}", next_step=first.next_step)
    sink = make_sink(session, query)
    shown = last_lines(list(interleaved([log.items for log in logs])), query.max_lines)
    sink.take(shown)
    sink.end(total([log.summary for log in logs]))
    if logs:
        output.note(_coverage_note(session, query, logs, next((item.at for item in shown if item.at), None)))
    if failed := failure_of(errors, len(apps)):
        raise failed


def _window_of(session: Session, query: LogQuery, name: str) -> AppLog:
    _, url, _ = open_log(session, name, tail=False, with_dynos=False)
    if not url:
        raise Refused("it is on Fir, which keeps no log", next_step=f"new lines: herodyno logs --tail --app {name}")
    lines, error = window(session, url)
    reading = make_reading(session, query)
    items = [*reading.take(lines), *reading.rest()]
    unknown = None
    if query.selection.targets and not error:
        from herodyno.cli.logs.targets import unknown_words

        unknown = unknown_words(session, name, query.selection, lines)
    return AppLog(name, of_app(name, last_lines(items, query.max_lines)), reading.summary, unknown, error)


def _coverage_note(session: Session, query: LogQuery, logs: Sequence[AppLog], shown: datetime | None) -> str:
    """How much was read, how much of it fits, and whether lines of an app are gone since the first that is `shown`."""
    seen, now = total([log.summary for log in logs]), session.now()
    if seen.first is None or seen.last is None:
        return f"Heroku has no lines of the logs of {count(len(logs), 'app')}"
    zone = zone_of(now, utc=session.output.utc)
    since, until = (clock(at, zone, today=now) for at in (seen.first, seen.last))
    apps, zone_word = count(len(logs), "app"), zone_name(seen.last, zone)
    note = f"{count(seen.lines)} lines of {apps} from {since} to {until} {zone_word}"
    if not query.selection.is_everything:
        note += f"; {count(seen.selected)} of them fit"
    full = [log.summary.first for log in logs if log.summary.lines >= LOG_BUFFER_LINES and log.summary.first]
    begin = query.selection.since or (seen.first if query.max_lines is None else shown)
    if full and begin and begin < (whole_since := max(full)):
        least = clock(whole_since, zone, today=now)
        note += f"; before {least} lines of some apps are gone: Heroku keeps {LOG_BUFFER_LINES:,} of each"
    return note


def _follow(session: Session, query: LogQuery, apps: Sequence[SelectedApp]) -> None:
    output, sink = session.output, make_sink(session, query)
    history, lines = Interleaving(0.0), Interleaving(HELD_SECONDS)  # -n is of history alone
    waited_for, ended = set(range(len(apps))), dict[int, Over]()
    gives_up_at = time.monotonic() + HISTORY_SECONDS
    has_begun = False
    try:
        with Tails(session, query, apps, call_budget(session)) as tails:
            while len(ended) < len(apps):
                for place, news in tails.news(TICK_SECONDS):
                    now = time.monotonic()
                    match news:
                        case BaseException():
                            raise news
                        case str():
                            output.note(told_of(apps[place].name, news))
                        case Over(error=error):
                            ended[place] = news
                            waited_for.discard(place)
                            _tell_end(session, apps[place].name, error)
                        case HistoryOver(items=items):
                            waited_for.discard(place)
                            (lines if has_begun else history).add(place, items, now)
                        case _:
                            lines.add(place, news, now)
                now = time.monotonic()
                if not has_begun and (not waited_for or now > gives_up_at):
                    has_begun = True
                    sink.take(history.rest())
                    sink.end_history()
                elif has_begun:
                    sink.take(lines.ready(now))
    finally:
        sink.take(history.rest())
        sink.end_history()
        sink.take(lines.rest())
        sink.end(total([over.summary for over in ended.values()]))
    if failed := failure_of([over.error for over in ended.values() if over.error], len(apps)):
        raise failed


def _tell_end(session: Session, name: str, error: HerodynoError | None) -> None:
    """Say why an app is not followed any longer. Raises the error where it would be that of every app."""
    if isinstance(error, NotAuthenticated) and not isinstance(error, TwoFactorNeeded):
        raise error
    if error:
        session.output.note(f"{clean(name)}: not followed any longer: {error.message}")
