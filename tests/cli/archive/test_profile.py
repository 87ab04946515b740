"""`profile`: what each type used, in three formats with the same numbers, with and without an answer of Heroku's."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.diagnosis.reading import NOON, request, sample, stamp

HOUR = 3600.0
ID = "aaaaaaaa-0000-4000-8000-000000000001"


@pytest.fixture
def kept(tmp_path: Path, invoke: Invoke) -> Path:
    lines = [sample(at * 240.0 + 1, f"web.{n}", ID, 700.0 + n) for at in range(376) for n in (1, 2)]
    lines += [sample(at * 240.0 + 2, "worker.1", ID, 100.0) for at in range(46)]
    lines += [request(hour * HOUR + 3, "web.1") for hour in range(26)]
    (tmp_path / "app.log").write_text("".join(sorted(lines, key=lambda line: line[:32])))
    root = tmp_path / "kept"
    assert invoke(f"archive import {tmp_path}/app.log --archive {root} --app example-app").code == 0
    return root


def without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_null(each) for key, each in value.items() if each is not None}
    return [without_null(each) for each in value] if isinstance(value, list) else value


def test_toml_has_the_numbers_of_the_json(kept: Path, invoke: Invoke) -> None:
    document = valid(invoke(f"profile --archive {kept} -o json").stdout)
    assert [own["type"] for own in document["types"]] == ["web", "worker"]
    assert tomllib.loads(invoke(f"profile --archive {kept} -o toml").stdout) == without_null(document)
    assert document == valid(invoke(f"profile --archive {kept} --json").stdout)


def test_a_day_of_samples_is_advised_with_its_price_and_less_is_not(kept: Path, invoke: Invoke) -> None:
    web, worker = valid(invoke(f"profile --archive {kept} --json").stdout)["types"]
    assert (web["size"]["advice"], web["size"]["advised"]) == ("larger", "Standard-2X")
    assert web["size"]["cents_per_month"] == 4 * 2500
    assert worker["size"]["advice"] == "not_enough_data"
    shown = invoke(f"profile --archive {kept}").stdout
    assert "web: 702 MB (p95) and a fifth more are 842 MB; Standard-1X has 512 MB: Standard-2X holds that" in shown
    assert "worker: not enough data: memory of 3 h, 24 hours are needed" in shown


def test_a_dyno_above_its_quota_is_no_reason_to_take_less(kept: Path, invoke: Invoke, tmp_path: Path) -> None:
    lines = [sample(at * 240.0 + 1, "web.1", ID, 600.0 if at < 15 else 100.0) for at in range(376)]
    lines += [f"{stamp(at * 240.0 + 3)} heroku[web.1]: Error R14 (Memory quota exceeded)\n" for at in range(15)]
    (tmp_path / "over.log").write_text("".join(sorted(lines, key=lambda line: line[:32])))
    (web,) = valid(invoke(f"profile --from-file {tmp_path}/over.log --app example-app --json").stdout)["types"]
    assert (web["size"]["advice"], web["size"]["advised"], web["measured_hours"]) == ("over_quota", None, 25.0)
    assert "Standard-1X has 512 MB and 15 R14 or R15 came" in web["size"]["sentence"]


def test_since_counts_from_the_last_line(kept: Path, invoke: Invoke) -> None:
    (web, *_) = valid(invoke(f"profile --archive {kept} --since 5h --json").stdout)["types"]
    assert web["requests"]["n"] == 6  # both ends
    assert web["size"]["advice"] == "not_enough_data"


def test_without_an_answer_of_herokus_the_numbers_stand(kept: Path, invoke: Invoke) -> None:
    done = invoke(f"profile --archive {kept} --json", environ={})
    assert done.code == 0
    assert "no sizes and prices" in done.stderr
    assert valid(done.stdout)["types"][0]["size"]["advice"] == "unknown"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "name it: --archive DIR"),
        ("--archive {kept} -o xml", "one of text, json, toml"),
        ("--archive {kept} -o toml --json", "two formats"),
        ("--archive {kept} --since nonsense", "is no time"),
        ("--archive {kept} --app other-app", "has no line of other-app"),
        ("--archive {kept}/none", "herodyno archive import"),
        ("--archive {kept} --from-file x", "two sources"),
        ("--from-file {kept}/../app.log", "say which: --app"),
    ],
)
def test_what_cannot_be_is_one_line(kept: Path, invoke: Invoke, words: str, said: str) -> None:
    done = invoke(f"profile {words.format(kept=kept)}")
    assert done.code != 0
    assert done.stdout == ""
    assert said in done.stderr


def test_a_file_has_the_profile_of_its_archive_and_leaves_nothing_behind(
    kept: Path, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    of_archive = valid(invoke(f"profile --archive {kept} --json").stdout)
    assert valid(invoke(f"profile --from-file {tmp_path}/app.log --app example-app --json").stdout) == of_archive
    assert list(place.iterdir()) == []


def test_diagnose_says_the_size_beside_its_verdict(kept: Path, invoke: Invoke) -> None:
    for source in (f"--archive {kept}", f"--from-file {kept.parent}/app.log"):
        found = valid(invoke(f"diagnose {source} --json").stdout)["findings"]
        (size,) = [finding for finding in found[1:] if finding["kind"] == "size"]
        assert (size["severity"], size["dyno"]) == ("info", "")
        assert size["sentence"].startswith("size of web: 702 MB (p95) and a fifth more are 842 MB; its quota is 512 MB")
    assert "· size of web: 702 MB" in invoke(f"diagnose {source} --full").stdout


def test_a_file_of_which_the_api_is_asked_has_the_price(world: World, invoke: Invoke, tmp_path: Path) -> None:
    end = (world.now - NOON).total_seconds()
    lines = [sample(end - 60 - n * 240.0, "web.1", ID, 700.0) for n in reversed(range(376))]
    (tmp_path / "app.log").write_text("".join(lines))
    document = valid(invoke(f"diagnose --from-file {tmp_path}/app.log -a example-app --json").stdout)
    (size,) = [finding["sentence"] for finding in document["findings"] if finding["kind"] == "size"]
    assert "Standard-2X holds that, +$100.00/month for 4 dynos" in size
    assert size.endswith("(376 memory samples in 1 d 1 h)")
