"""Whether a line went away with the restarted dynos: counted in the log that was read, and judged by chance."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from herodyno.operations.restart.line_change import LineChange, NamedLine, judged, line_changes
from tests.operations.restart.measured_log import at, measured, requests

TEMPLATE = "[<id>] waiting for a database connection (pool of <n> exhausted)"


def waiting(seconds: float, dyno: str = "web.2", pool: int = 5) -> str:
    return (
        f"{at(seconds).isoformat()} app[{dyno}]: [3f2b{int(seconds):08x}] waiting for a database connection "
        f"(pool of {pool} exhausted)"
    )


def said(seconds: float, dyno: str = "web.2") -> str:
    return f"{at(seconds).isoformat()} app[{dyno}]: done in {int(seconds)} ms"


def change(before: Sequence[str], after: Sequence[str], template: str = TEMPLATE) -> LineChange:
    line = LINE._replace(template=template)
    (found,) = line_changes([line], {"web.2": None}, measured(before), measured(after), until=at(300), since=at(310))
    return found


LINE = NamedLine(TEMPLATE, "line", ["web.2"])
OLD = [said(0), *(waiting(10 + 24 * n) for n in range(12)), said(300)]


def test_a_line_that_went_away_is_told_with_its_numbers_and_the_time_that_was_read() -> None:
    found = change(OLD, [said(305), said(310), said(610)])

    assert str(found) == f'web.2: "{TEMPLATE}": 12 in 5 min before, 0 in 5 min after: gone'


def test_what_the_old_dyno_printed_at_its_end_is_not_held_against_the_new_one() -> None:
    found = change([*OLD, waiting(302)], [waiting(302), waiting(308), said(310), said(610)])

    assert (found.before[0], found.after, found.judgement) == (12, (0, 300.0), "gone")


def test_a_line_that_comes_as_before_is_still_there_whatever_varies_in_it() -> None:
    found = change(OLD, [said(310), *(waiting(320 + 24 * n, pool=n) for n in range(11)), said(610)])

    assert (found.after[0], found.judgement) == (11, "still_there")


def test_a_dyno_that_lived_a_minute_is_told_with_that_minute() -> None:
    printed = [waiting(5 + 5 * n) for n in range(60)]  # by the dyno before, too
    old = measured([said(0), *printed, *requests(0, "web.2", 290, 40), said(300)])
    new = measured([said(310), *requests(311, "web.2", 60, 0), said(370)])
    (young,) = line_changes([LINE], {"web.2": at(240)}, old, new, until=at(300), since=at(310))
    (both,) = line_changes([LINE], {"web.2": None}, old, new, until=at(300), since=at(310))

    assert str(young).endswith("12 in 1 min before, 0 in 1 min after: gone")
    assert both.before == (59, 300.0)


def test_of_dynos_that_lived_apart_each_counts_its_own_life() -> None:
    lines = [waiting(5 + 5 * n, f"web.{1 + n % 2}") for n in range(60)]
    line, old = LINE._replace(dynos=["web.1", "web.2"]), measured([said(0), *lines, said(300)])
    born = {"web.1": at(240), "web.2": at(120)}
    (found,) = line_changes([line], born, old, measured([said(310), said(610)]), until=at(300), since=at(310))

    assert found.before == (6 + 18, 180.0)


def test_lines_within_five_seconds_and_lines_read_twice_count_once() -> None:
    old = measured([*OLD, *OLD, waiting(10.5), waiting(11)])
    old.update(measured(OLD))
    (found,) = line_changes(
        [LINE], {"web.2": None}, old, measured([said(310), said(400)]), until=at(300), since=at(310)
    )

    assert found.before[0] == 12


def test_after_a_minute_it_is_too_early_to_say() -> None:
    found = change(OLD, [said(310), said(370)])

    assert found.judgement == "not_enough_data"
    assert str(found).endswith("12 in 5 min before, 0 in 1 min after: too little log to say")


def test_a_new_dyno_that_hardly_serves_has_had_no_chance_to_print_it() -> None:
    old = [*OLD, *requests(0, "web.2", 290, 40)]

    assert change(old, [said(310), said(610)]).judgement == "not_enough_data"
    assert change(old, [said(310), *requests(311, "web.2", 280, 0), said(610)]).judgement == "gone"


def test_log_that_was_not_read_between_two_readings_is_no_time_without_the_line() -> None:
    after = measured([said(310), said(340)])
    after.update(measured([said(580), said(610)]))
    (found,) = line_changes([LINE], {"web.2": None}, measured(OLD), after, until=at(300), since=at(310))

    assert (found.after, found.judgement) == ((0, 60.0), "not_enough_data")


def test_the_lines_of_dynos_that_were_not_restarted_are_left_out() -> None:
    old, new = measured(OLD), measured([said(310), said(610)])

    assert line_changes([LINE._replace(dynos=["web.1"])], {"web.2": None}, old, new, until=at(300), since=at(310)) == []
    (found,) = line_changes(
        [LINE._replace(dynos=["web.1", "web.2"])], {"web.2": None}, old, new, until=at(300), since=at(310)
    )
    assert found.dynos == ("web.2",)


def test_the_template_of_few_lines_is_found_again_where_more_lines_made_it_wider() -> None:
    wider = TEMPLATE.replace("database", "<*>")

    assert change(OLD, [said(310), said(610)], template=wider).before[0] == 12


@pytest.mark.parametrize(
    ("before", "after", "share", "judgement"),
    [
        (12, 0, 0.5, "gone"), (30, 2, 0.5, "fewer"), (12, 12, 0.5, "still_there"), (5, 0, 0.5, "not_enough_data"),
        (7, 0, 0.5, "gone"), (5, 1, 0.5, "not_enough_data"), (12, 0, 0.0, "not_enough_data"),
        (0, 0, 0.5, "not_enough_data"), (0, 9, 0.5, "not_enough_data"),
    ],
)  # fmt: skip
def test_only_what_chance_hardly_does_is_called_gone(before: int, after: int, share: float, judgement: str) -> None:
    assert judged(before, after, share) == judgement
