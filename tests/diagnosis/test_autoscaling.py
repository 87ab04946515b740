"""A quantity that one actor changes again and again, or an add-on changes, is told; a person's few changes are not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from herodyno.diagnosis.autoscaling import Autoscaling, autoscaling
from herodyno.logs.events import ApiAction
from tests.diagnosis.reading import NOON, events_of, judged, request, stamp

BOT, ADDON = "bot@example.com", "judoscale@addons.heroku.com"


def scaled(seconds: float, formation: str, by: str = BOT) -> str:
    return f"{stamp(seconds)} app[api]: Scaled to {formation} by user {by}\n"


def seen(text: str, own: tuple[float, ...] = ()) -> tuple[Autoscaling, ...]:
    actions = [event for event in events_of(text) if isinstance(event, ApiAction)]
    return autoscaling(actions, own=[NOON + timedelta(seconds=each) for each in own])


AGAIN = [(0, 2), (120, 3), (240, 4), (400, 3)]


def test_one_actor_again_and_again_is_named() -> None:
    (found,) = seen("".join(scaled(at, f"web@{n}:Standard-1X") for at, n in AGAIN))
    assert (found.type, found.actor, found.changes, found.least, found.most) == ("web", BOT, 4, 2, 4)
    assert found.sentence == f"web looks autoscaled: {BOT} changed its quantity 4 times, between 2 and 4"


def test_the_lines_may_come_in_any_order() -> None:
    lines = [scaled(at, f"web@{n}:Standard-1X") for at, n in AGAIN]
    assert seen("".join(lines)) == seen("".join(reversed(lines)))


@pytest.mark.parametrize(
    "text",
    [
        scaled(0, "web@2:Eco") + scaled(600, "web@3:Eco"),
        "".join(scaled(at / 10, f"web@{n}:Eco") for at, n in AGAIN),  # within a minute
        "".join(scaled(at, f"web@{n}:Eco", by) for (at, n), by in zip(AGAIN, "abab", strict=True)),
        "".join(scaled(at, f"web@2:{size}") for at, size in [(0, "Basic"), (300, "Standard-1X"), (600, "Basic")]),
        "".join(scaled(at, "web@2:Eco worker@1:Eco") for at in (0, 300, 600, 900)),
        f"{stamp(0)} app[web.1]: Scaled to web@9:Eco by user {ADDON}\n",
    ],
    ids=["twice", "at once", "several people", "another size", "the same again", "a forged line"],
)
def test_what_a_person_does_is_no_autoscaler(text: str) -> None:
    assert seen(text) == ()


def test_an_add_on_needs_no_second_time() -> None:
    (found,) = seen(scaled(0, "web@3:Eco", ADDON))
    assert found.sentence == f"web looks autoscaled: {ADDON} changed its quantity once, to 3"


def test_of_a_line_that_lists_the_whole_formation_only_what_changed_counts() -> None:
    text = "".join(scaled(at, f"web@1:Eco worker@{n}:Eco") for at, n in [*AGAIN, (500, 5)])
    assert [(each.type, each.changes) for each in seen(text)] == [("worker", 4)]


def test_what_was_sent_from_here_does_not_count() -> None:
    text = "".join(scaled(at, f"web@{n}:Eco") for at, n in AGAIN)
    assert seen(text, own=(239, 1, 121)) == ()
    (found,) = seen(text, own=(10, 110))
    assert found.changes == 4


def test_each_line_is_compared_with_few_of_the_changes_made_from_here() -> None:
    compared = [0]

    class Counted(datetime):
        def __rsub__(self, other: object) -> timedelta:
            compared[0] += 1
            return timedelta(hours=1)

        def __lt__(self, other: datetime) -> bool:
            compared[0] += 1
            return super().__lt__(other)

        __gt__ = __lt__

    own = [Counted.fromtimestamp(NOON.timestamp() - 60 * n, NOON.tzinfo) for n in range(1000, 0, -1)]
    events = events_of("".join(scaled(n, f"web@{n}:Eco") for n in range(400)))
    autoscaling([each for each in events if isinstance(each, ApiAction)], own=own)
    assert compared[0] < 20_000


def test_a_diagnosis_tells_it_beside_the_verdict_which_stays_what_it_is() -> None:
    calm = "".join(request(at, f"web.{n}") for at in range(0, 600, 2) for n in (1, 2))
    found = judged(calm + "".join(scaled(at, f"web@{n}:Eco") for at, n in AGAIN))
    told = [finding for finding in found.findings if finding.kind == "autoscaled"]
    assert (found.verdict.kind, found.verdict.severity) == ("nothing_found", "info")
    assert [finding.sentence for finding in told] == [
        f"web looks autoscaled: {BOT} changed its quantity 4 times, between 2 and 4, last at 12:06; "
        "a quantity that you set may be changed again"
    ]
