"""Each difference between two looks at an app is one change; equal looks have none."""

from datetime import UTC, datetime, timedelta

from herodyno.dynos import Dyno, Formation
from herodyno.render.ps.changes import PsState, ps_changes
from herodyno.render.text import plain

NOW = datetime(2026, 11, 23, 2, 12, 40, tzinfo=UTC)


def dyno(name: str, id: str = "", **fields: object) -> Dyno:
    whole = Dyno(
        name=name, id=id or f"{name}-0000-4000", type=name.partition(".")[0], state="up", size="Basic", release=412,
        command="bin/web", created_at=NOW - timedelta(hours=4),
    )  # fmt: skip
    return whole._replace(**fields)  # type: ignore[arg-type] # the caller names fields of Dyno


def state(*dynos: Dyno, web: int | None = None, newest: int | None = 412, maintenance: bool = False) -> PsState:
    formation = [] if web is None else [Formation(type="web", quantity=web, size="Basic", command="bin/web")]
    return PsState(dynos, formation, newest, maintenance)


def told(before: PsState | None, after: PsState) -> list[str]:
    return [plain(each.line())[27:] for each in ps_changes(before, after, app="shop", at=NOW, zone=UTC)]


def test_equal_looks_have_no_change() -> None:
    assert told(state(dyno("web.1"), web=1), state(dyno("web.1"), web=1)) == []


def test_a_dyno_comes_changes_is_replaced_and_goes() -> None:
    before = state(dyno("web.1"), dyno("web.2", "aaaaaaaa-1"), dyno("web.10"))
    after = state(
        dyno("web.1", state="crashed", release=413), dyno("web.2", "bbbbbbbb-1", state="starting"), dyno("web.9")
    )
    assert told(before, after) == [
        "web.1       web.1-00  up -> crashed, v412 -> v413",
        "web.2       aaaaaaaa -> bbbbbbbb  starting, Basic, v412",
        "web.9       web.9-00  up, Basic, v412",
        "web.10      web.10-0  gone (was up)",
    ]


def test_the_old_and_the_new_dyno_of_a_name_may_live_side_by_side() -> None:
    old, new = dyno("web.1", "aaaaaaaa-1"), dyno("web.1", "bbbbbbbb-1", state="starting")
    assert told(state(old), state(old, new)) == ["web.1       bbbbbbbb  starting, Basic, v412"]
    assert told(state(old, new), state(new)) == ["web.1       aaaaaaaa  gone (was up)"]


def test_formation_release_and_maintenance_are_changes_of_the_app() -> None:
    assert told(state(web=2), state(web=3, newest=413, maintenance=True)) == [
        "maintenance  on",
        "release     v412 -> v413",
        "web         wanted 2 x Basic -> 3 x Basic",
    ]
    assert told(state(web=2), state()) == ["web         wanted 2 x Basic -> 0"]
