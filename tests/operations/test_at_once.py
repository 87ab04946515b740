"""What one command may take at once: a part by its share, all of a type or of the app by the app's name."""

from __future__ import annotations

import pytest

from herodyno.dynos import Dyno, Formation
from herodyno.errors import Refused
from herodyno.operations.at_once import allowed_at_once, require_capacity, restart_reasons, taken_whole, whole_app


def dyno(name: str, state: str = "up") -> Dyno:
    return Dyno(name=name, id=f"id of {name}", type=name.partition(".")[0], state=state)


DYNOS = [dyno("web.1"), dyno("web.2", "crashed"), dyno("web.3"), dyno("worker.1"), dyno("run.77")]
FORMATION = [Formation(type="web", quantity=3), Formation(type="worker", quantity=1)]
ALL_WEB = DYNOS[:3]


def test_all_dynos_of_a_type_count_as_the_type_however_they_are_named() -> None:
    assert taken_whole(ALL_WEB, DYNOS) == taken_whole(ALL_WEB, DYNOS, types_named=["web"]) == ("web",)
    assert taken_whole(ALL_WEB[:2], DYNOS) == ()


def test_one_dyno_by_its_own_name_goes_unasked_though_it_is_all_of_its_type() -> None:
    assert taken_whole([DYNOS[3]], DYNOS) == ()
    assert taken_whole([DYNOS[3]], DYNOS, types_named=["worker"]) == ("worker",)
    assert restart_reasons(("worker",), [DYNOS[3]], DYNOS) == (), "one dyno, in an app of four"


def test_a_type_that_is_all_an_app_has_is_the_whole_app() -> None:
    assert restart_reasons(("web",), ALL_WEB, DYNOS) == ("all 3 web dynos restart at once",)
    assert restart_reasons(("web",), ALL_WEB, [*ALL_WEB, DYNOS[4]]) == ("all 3 dynos of the app restart at once",)


def test_the_only_dyno_of_an_app_is_one_in_every_word() -> None:
    assert restart_reasons(("web",), ALL_WEB[:1], ALL_WEB[:1]) == ("the only dyno of the app restarts",)
    assert whole_app(1, ", batch by batch") == "the only dyno of the app restarts"


def test_the_only_dynos_of_two_types_are_together_the_whole_app() -> None:
    two = [dyno("web.1"), dyno("worker.1")]
    assert restart_reasons(taken_whole(two, two), two, two) == ("all 2 dynos of the app restart at once",)


def test_crashed_dynos_serve_nothing_so_a_cron_job_that_restarts_them_is_not_asked() -> None:
    crashed = [dyno("web.1", "crashed"), dyno("web.2", "crashed")]
    assert restart_reasons(taken_whole(crashed, crashed), crashed, crashed) == ()
    beside = [*crashed, dyno("worker.1")]
    assert restart_reasons(taken_whole(crashed, beside, types_named=["web"]), crashed, beside) == ()


def test_the_last_dyno_that_serves_is_asked_about_whether_the_type_was_named_or_its_dynos() -> None:
    web = [dyno("web.1"), dyno("web.2", "crashed"), dyno("web.3", "crashed")]
    beside = [*web, dyno("worker.1")]
    by_name = restart_reasons(taken_whole(web, beside), web, beside)
    assert by_name == restart_reasons(taken_whole(web, beside, types_named=["web"]), web, beside)
    assert by_name == ("all 3 web dynos restart at once",)


@pytest.mark.parametrize(
    ("up", "wanted", "share", "allowed"),
    [
        (4, 4, 0.5, 2),
        (3, 3, 0.5, 1),
        (2, 2, 0.5, 1),
        (1, 1, 0.5, 1),
        (1, 4, 0.5, 0),
        (0, 4, 0.5, 0),
        (10, 10, 0.25, 2),
        (4, 4, 1, 4),
        (1, 4, 1, 1),
    ],
)
def test_how_many_may_go_at_once(up: int, wanted: int, share: float, allowed: int) -> None:
    assert allowed_at_once(up, wanted, share) == allowed


def test_more_than_the_share_at_once_is_refused_with_the_numbers() -> None:
    with pytest.raises(Refused, match="leaves 0 of 2 web dynos") as refusal:
        require_capacity([DYNOS[0], DYNOS[2]], DYNOS, FORMATION, 0.5)
    assert "--rolling" in refusal.value.next_step


def test_a_crashed_dyno_takes_no_capacity() -> None:
    require_capacity([DYNOS[0], DYNOS[1]], DYNOS, FORMATION, 0.5)
    require_capacity([DYNOS[3]], DYNOS, FORMATION, 0.5)
