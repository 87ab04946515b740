"""Dynos that did not cover the same time are not held against one another, whatever the totals say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

import pytest

from herodyno.diagnosis.diagnosing import diagnose
from herodyno.diagnosis.observations import Source
from herodyno.diagnosis.report.phrases import all_of
from herodyno.diagnosis.report.report import Diagnosis
from herodyno.dynos import App, Dyno
from tests.diagnosis.independent import Outside, Run, failing
from tests.diagnosis.independent_judging import judge
from tests.diagnosis.reading import log_of_text
from tests.real_parts import case_bytes

SEEDS = range(3)


def told(world: Outside) -> Diagnosis:
    world.chatter(0.05)
    return judge(world, [line for line, _ in world.written()])


def accused(found: Diagnosis) -> set[str | None]:
    return {row.id for row in found.incarnations if row.outlier.verdict == "outlier"}


def is_calm(found: Diagnosis) -> bool:
    """Nobody is accused, and nobody is to be restarted."""
    return not accused(found) and not any("restart" in action.argv for action in found.actions)


def case(name: str, *, with_dynos: bool = True) -> Diagnosis:
    """The answer for a composed case of shared/data/cases."""
    dynos = []
    for each in json.loads(case_bytes(f"{name}.dynos.json")) if with_dynos else ():
        created, updated = (datetime.fromisoformat(each[key]) for key in ("created_at", "updated_at"))
        dynos.append(Dyno(name=each["name"], id=each["id"], type=each["type"], state=each["state"],
                          size=str(each.get("size", "")), release=each["release"]["version"],
                          created_at=created, updated_at=updated))  # fmt: skip
    text = case_bytes(f"{name}.log.gz").decode()
    last = max(datetime.fromisoformat(line.split(" ", 1)[0]) for line in text.splitlines() if line)
    return diagnose(
        log_of_text(text), app=App(name="shop"), at=last.astimezone(UTC), source=Source(kind="file"),
        dynos=dynos if with_dynos else None,
    )  # fmt: skip


def test_two_dynos_that_were_overloaded_until_four_more_came_are_told_as_the_whole_app() -> None:
    found = case("verdict-scale_up_overload-5")

    assert is_calm(found)
    assert (found.verdict.kind, found.verdict.ongoing) == ("whole_app", False)
    assert "both web dynos that served then" in found.verdict.summary
    rows = {row.dyno: row.outlier for row in found.incarnations}
    for dyno, errors in (("web.1", 50), ("web.2", 59)):
        assert not rows[dyno].uneven
        assert rows[dyno].expected == pytest.approx(errors, rel=0.25)


def test_the_dyno_that_served_on_while_the_others_were_down_is_not_accused_of_the_outage() -> None:
    found = case("verdict-outage_half_crashed-14")

    assert is_calm(found)
    assert (found.verdict.kind, found.verdict.ongoing) == ("whole_app", False)
    (row,) = [row.outlier for row in found.incarnations if row.dyno == "web.2"]
    assert row.errors == pytest.approx(row.expected, abs=6)
    assert row.unshared_errors > 100


def test_a_young_dyno_with_most_errors_is_named_with_its_age_and_not_called_alike() -> None:
    found = case("verdict-young", with_dynos=False)

    assert found.verdict.kind == "not_enough_data"
    assert found.verdict.summary.startswith("27 of 32 server errors are on web.3 (id unknown), 4 min old")
    assert "27 of 47 requests failed" in found.verdict.details[0]
    assert not any("alike" in action.text for action in found.actions)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("few", "many"), [(1, 2), (2, 6), (3, 4)])
def test_scaled_up_out_of_overload(few: int, many: int, seed: int) -> None:
    world = Outside(f"up {few} {many} {seed}", seconds=1500)
    at = world.random.uniform(500, 700)
    world.formation("web", few, ill=failing(0.15, "H12", end=at + 10))
    for number in range(few + 1, many + 1):
        world.boot(f"web.{number}", at)
    world.serve(few * 1.5)

    found = told(world)

    assert is_calm(found)
    assert (found.verdict.kind, found.verdict.ongoing) == ("single_dyno" if few == 1 else "whole_app", False)
    assert "served then" in found.verdict.summary


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("many", "few"), [(6, 2), (3, 2), (8, 3)])
def test_scaled_down_into_overload(many: int, few: int, seed: int) -> None:
    world = Outside(f"down {many} {few} {seed}", seconds=1300)
    at = world.random.uniform(500, 800)
    lives = world.formation("web", many)
    world.say(at - 1, "app[api]", f"Scaled to web@{few}:Standard-1X by user dev@example.com")
    for run in lives[few:]:
        world.stop(run, at, reason="scaled_down")
    world.wanted["web"] = few
    for run in lives[:few]:
        run.ill = failing(0.2, "H12", start=at)
    world.serve(few * 1.5)

    found = told(world)

    assert is_calm(found)
    assert found.verdict.kind == "whole_app"
    assert f"{all_of(few)} web dynos that served then" in found.verdict.summary
    assert f"; web scaled to {few} at" in found.verdict.details[0]  # what divides the errors in time comes first


@pytest.mark.parametrize("seed", SEEDS)
def test_up_down_and_up_again(seed: int) -> None:
    """The autoscaler comes late three times: two dynos fail alike whenever the others are away."""
    world = Outside(f"autoscaler {seed}", seconds=2400)
    base = world.formation("web", 2)
    away = [(0.0, 400.0), (900.0, 1300.0), (1800.0, 2000.0)]
    for start, end in [(400.0, 900.0), (1300.0, 1800.0), (2000.0, 1e9)]:
        for number in (3, 4, 5):
            run = world.boot(f"web.{number}", start)
            if end < 1e9:
                world.stop(run, end, reason="scaled_down")

    def ill(number: int, at: float, random: Random) -> str:
        return "H12" if any(a <= at < b for a, b in away) and random.random() < 0.15 else ""

    for run in base:
        run.ill = ill
    world.serve(3)

    assert is_calm(told(world))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("dynos", [2, 4, 6])
def test_half_of_the_dynos_crash_at_the_start_of_an_outage(dynos: int, seed: int) -> None:
    world = Outside(f"crash {dynos} {seed}", seconds=1400)
    at, over = world.random.uniform(350, 500), 900.0
    broken = failing(0.35, "500", start=at, end=over)
    lives = world.formation("web", dynos, ill=broken)
    for run in lives[: dynos // 2]:
        new = world.crash(run, at + world.random.uniform(0, 10), again=over - at - 40)
        assert new is not None
        new.ill = broken
    world.serve(dynos * 1.0)

    found = told(world)

    assert is_calm(found)
    assert found.verdict.kind in ("whole_app", "crash", "not_enough_data")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rate", [0.4, 0.9])
def test_a_young_dyno_that_fails_is_never_called_alike(rate: float, seed: int) -> None:
    world = Outside(f"young {rate} {seed}", seconds=900)
    world.formation("web", 3, ill=failing(0.002, "H12"))
    young = world.boot("web.4", 900 - 190, ill=failing(rate, "H12"))
    world.serve(1.0)

    found = told(world)

    assert found.verdict.kind != "whole_app"
    assert accused(found) <= {young.id}
    if young.requests and len(young.errors) >= 10:
        assert "web.4" in found.verdict.summary


@pytest.mark.parametrize("seed", SEEDS)
def test_a_guilty_dyno_is_found_while_the_app_is_scaled_up_and_down(seed: int) -> None:
    world = Outside(f"guilty {seed}", seconds=1500)
    lives = world.formation("web", 3)
    lives[1].ill = failing(0.2, "H12", "500")
    for number in (4, 5):
        world.stop(world.boot(f"web.{number}", 400), 1000, reason="scaled_down")
    world.serve(3)

    found = told(world)

    assert accused(found) == {lives[1].id}
    assert found.verdict.ongoing is True


FOREVER = 1e9


class Affine(NamedTuple):
    """Requests whose clients stay on one dyno for a while, and the dynos."""

    world: Outside
    lives: list[Run]
    clients: list[str]
    stay: float

    def home(self, client: str, at: float) -> Run:
        """The dyno of a client's session at a time."""
        session = int(at / self.stay)
        return Random(f"{client} {session}").choice(self.lives)


def affine(seed: object, *, stay: float) -> Affine:
    world = Outside(f"affinity {seed}", seconds=900)
    return Affine(world, world.formation("web", 4), world.clients[:160], stay)


def serve(it: Affine, of_client: dict[str, float], of_dyno: dict[Run, float]) -> None:
    """Three requests a second. A client fails by its own rate, or by its dyno's."""
    at, random = 0.0, it.world.random
    heavy = [*it.clients, *list(of_client) * 3]
    while (at := at + random.expovariate(3)) < it.world.seconds:
        client = random.choice(heavy)
        run = it.home(client, at)
        fails = random.random() < max(of_client.get(client, 0.0), of_dyno.get(run, 0.0))
        it.world.request(at, run, random.randint(0, 7), "500" if fails else "", client)


@pytest.mark.parametrize("seed", SEEDS)
def test_failing_clients_that_stay_on_one_dyno_do_not_accuse_it(seed: int) -> None:
    it = affine(f"clients {seed}", stay=FOREVER)
    tenant = [client for client in it.clients if it.home(client, 0.0) is it.lives[2]][:6]
    serve(it, dict.fromkeys(tenant, 0.9), {})

    found = told(it.world)

    assert (found.verdict.kind, found.verdict.label) == ("one_client_or_path", "SOME CLIENTS")
    assert "never failed" in found.verdict.summary
    assert not any(action.mutates for action in found.actions)


@pytest.mark.parametrize("seed", range(6))
def test_failing_clients_that_move_to_other_dynos_accuse_none(seed: int) -> None:
    it = affine(f"moving {seed}", stay=300.0)
    serve(it, dict.fromkeys(it.clients[:3], 0.9), {})

    found = told(it.world)

    assert found.verdict.kind not in ("one_dyno", "some_dynos")
    assert not any(action.mutates for action in found.actions)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("stay", [120.0, 300.0, FOREVER])
def test_a_failing_dyno_stays_accused_although_its_clients_stay_on_it(stay: float, seed: int) -> None:
    it = affine(f"dyno {stay} {seed}", stay=stay)
    serve(it, {}, {it.lives[2]: 0.25})

    found = told(it.world)

    assert found.verdict.kind == "one_dyno"
    assert accused(found) == {it.lives[2].id}


@pytest.mark.parametrize("seed", SEEDS)
def test_identical_dynos_that_stall_in_bursts_accuse_nobody(seed: int) -> None:
    """Each hangs now and then for seconds: all its requests fail then, on all paths."""
    world = Outside(f"stalls {seed}", seconds=900)
    for run in world.formation("web", world.random.randint(3, 6)):
        stalls = [world.random.uniform(0, 900) for _ in range(world.random.randint(0, 4))]

        def ill(number: int, at: float, random: Random, stalls: list[float] = stalls) -> str:
            return "H12" if any(start <= at < start + 8 for start in stalls) else ""

        run.ill = ill
    world.serve(20)

    assert is_calm(told(world))


@pytest.mark.parametrize("seed", SEEDS)
def test_dynos_that_fail_for_minutes_after_each_boot_are_not_accused(seed: int) -> None:
    world = Outside(f"boots {seed}", seconds=1500)
    lives = world.formation("web", 4)
    for run, at in zip(lives[:2], (150.0, 600.0), strict=True):
        new = world.replace(run, at, "restart")
        new.ill = failing(0.4, "H12", end=at + world.random.uniform(240, 360))
    world.serve(2.5)

    found = told(world)

    assert is_calm(found)
    assert found.verdict.kind in ("nothing_found", "not_enough_data")


@pytest.mark.parametrize("seed", SEEDS)
def test_of_three_dynos_two_fail_and_the_third_is_said_not_to(seed: int) -> None:
    world = Outside(f"two of three {seed}", seconds=800)
    lives = world.formation("web", 3)
    for run in lives[:2]:
        run.ill = failing(0.2, "500")
    world.serve(3)

    found = told(world)

    assert found.verdict.kind == "whole_app"
    assert found.verdict.summary.startswith("web.1 and web.2 fail, web.3 does not (0-")
    assert not any("not useful" in action.text for action in found.actions)
