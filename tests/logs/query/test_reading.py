"""A reading counts everything, shows what is wanted, and puts marks where they belong."""

from herodyno.logs.events import LogLine
from herodyno.logs.query.marks import Mark
from herodyno.logs.query.reading import Reading
from herodyno.logs.query.selecting import Selection, Selector
from tests.logs.log_lines import START, line

L11 = "heroku[logplex]: Error L11 (Tail buffer overflow) -> This tail session dropped 7 messages since 2026"
START_LINE = "heroku[web.1]: Starting process with command `bin/web`"


def shown(reading: Reading, *texts: str) -> list[str]:
    items = reading.take([line(text, at) for at, text in enumerate(texts)])
    return [item.text if isinstance(item, LogLine) else f"-- {item.kind}" for item in items]


def test_what_is_left_out_is_counted_too() -> None:
    reading = Reading(Selector(Selection(targets=("web.1",))), marks=False)
    assert shown(reading, "app[web.1]: a", "app[web.2]: b", L11) == ["a"]
    summary = reading.summary
    assert (summary.lines, summary.selected, summary.lost) == (3, 1, {"L11": 7})
    assert summary.first == START
    assert summary.last
    assert (summary.last - START).total_seconds() == 2


def test_marks_are_made_only_where_they_are_wanted() -> None:
    texts = (START_LINE, "app[web.1]: a", L11)
    plain = Reading(Selector(Selection()), marks=False)
    assert not any(text.startswith("--") for text in shown(plain, *texts))
    marked = Reading(Selector(Selection()), marks=True)
    assert [text.partition("`")[0] for text in shown(marked, *texts)] == [
        "-- incarnation", "Starting process with command ", "a", line(L11).text, "-- lost",
    ]  # fmt: skip


def test_a_start_that_is_filtered_away_still_marks_the_new_dyno() -> None:
    reading = Reading(Selector(Selection(targets=("app",))), marks=True)
    assert shown(reading, "app[web.1]: old", START_LINE, "app[web.1]: new") == ["old", "-- incarnation", "new"]


def test_lost_lines_are_marked_even_when_logplex_is_not_wanted() -> None:
    reading = Reading(Selector(Selection(targets=("web.1",))), marks=True)
    assert shown(reading, L11) == ["-- lost"]


def test_a_gap_in_the_connection_passes_and_is_counted() -> None:
    reading = Reading(Selector(Selection(targets=("web.1",))), marks=False)
    gap = Mark("gap", START, "lost")
    assert reading.take([gap]) == [gap]
    assert reading.summary.gaps == 1


def test_fused_lines_come_out_at_the_end() -> None:
    reading = Reading(Selector(Selection()), marks=False, bursts=5)
    assert shown(reading, "app[web.1]: a 1", "app[web.1]: a 2") == ["a 1"]
    (mark,) = reading.rest()
    assert isinstance(mark, Mark)
    assert mark.lines == 1


def test_lines_that_are_not_wanted_by_their_own_text_are_not_told_as_unread() -> None:
    texts = ("no head, boom", "no head", "app[web.1]: boom")
    unread = {}
    for selection in (Selection(), Selection(request_id="boom"), Selection(targets=("web.1",))):
        reading = Reading(Selector(selection), marks=False)
        reading.take([line("app[web.1]: a"), *(line(text)._replace(source="", proc="") for text in texts[:2])])
        unread[selection] = (reading.summary.unread, reading.summary.lines)
    assert list(unread.values()) == [(2, 3), (1, 3), (2, 3)]
    of_a_field = Reading(Selector(Selection()), marks=False, needle="boom")
    of_a_field.take([line(text)._replace(source="", proc="") for text in texts])
    assert of_a_field.summary.unread == 2
