"""What calls itself a bundle and is none, or plays tricks, is refused, and nothing is ever unpacked to disk."""

import json
import struct
import warnings
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from tests.cli.schemas import valid
from tests.conftest import Invoke
from tests.diagnosis.traffic import served

GOOD = {
    "bundle.json": json.dumps(
        {
            "schema": "herodyno.bundle/1", "at": "2026-11-23T02:00:00Z", "at_log_end": True, "year": 2026,
            "source": {"kind": "file", "cap": None, "complete": True}, "remarks": [],
            "narrowing": {"since": None, "until": None, "types": [], "dynos": []},
        }
    ),
    "app.json": '{"name": "example-app"}', "dynos.json": "null", "formation.json": "null",
    "releases.json": "[]", "sizes.json": "[]", "log.txt": "2026-11-23T02:00:00.000000+00:00 app[web.1]: x\n",
}  # fmt: skip


def packed(path: Path, files: dict[str, str], *, kind: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", kind) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def refused(invoke: Invoke, tmp_path: Path) -> Callable[[Path, str], None]:
    """Assert that a file is refused with these words, and that nothing appeared beside it."""

    def check(path: Path, words: str) -> None:
        before = sorted(tmp_path.rglob("*"))
        stdout, stderr, code = invoke(f"diagnose --from-bundle {path}", environ={})
        assert (stdout, code) == ("", 1)
        assert words in stderr
        assert sorted(tmp_path.rglob("*")) == before

    return check


def test_a_good_one_is_read(invoke: Invoke, tmp_path: Path) -> None:
    told = invoke(f"diagnose --json --from-bundle {packed(tmp_path / 'b.zip', GOOD)}", environ={})
    assert (json.loads(told.stdout)["coverage"]["lines"], told.code) == (1, 30)


def test_a_bundle_of_0_1_0_is_judged_anew_and_told_in_its_tense(invoke: Invoke, tmp_path: Path) -> None:
    """Its manifest keeps the verdict of a `herodyno.diagnose/1`, which knew no tense."""
    log = served(lambda _, at: 0.25 if 240 <= at < 600 else 0.0)
    manifest = json.loads(GOOD["bundle.json"]) | {
        "herodyno": "0.1.0", "python": "3.13.1", "redacted": True, "api": {"calls": 0, "rate_limit_remaining": None},
        "verdict": {"class": "whole_app", "severity": "critical"},
    }  # fmt: skip
    path = packed(tmp_path / "b.zip", {**GOOD, "bundle.json": json.dumps(manifest), "log.txt": log})
    told = invoke(f"diagnose --json --from-bundle {path}", environ={})
    document = valid(told.stdout)
    assert (document["schema"], told.code) == ("herodyno.diagnose/2", 10)
    verdict = document["verdict"]
    assert (verdict["class"], verdict["ongoing"], verdict["ended_with"]) == ("whole_app", False, "itself")


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "log.txt/../../x", "C:\\evil", "extra.txt"])
def test_any_other_file_in_it_is_refused(name: str, refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    refused(packed(tmp_path / "b.zip", {**GOOD, name: "x"}), "it holds")


def test_a_file_that_is_missing_or_there_twice_is_refused(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    refused(packed(tmp_path / "b.zip", {name: text for name, text in GOOD.items() if name != "log.txt"}), "it holds 6")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of the second one
        path = packed(tmp_path / "c.zip", GOOD)
        with ZipFile(path, "a") as archive:
            archive.writestr("log.txt", "another")
    refused(path, "it holds 8")


def test_a_bomb_is_refused_by_the_size_it_declares(
    refused: Callable[[Path, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("herodyno.cli.diagnose.from_bundle.MOST_BYTES", 4 << 20)
    path = packed(tmp_path / "b.zip", {**GOOD, "log.txt": "\0" * (5 << 20)})
    assert path.stat().st_size < 100_000
    refused(path, "unpacks to more than 4 MB")


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_it_says(
    refused: Callable[[Path, str], None], tmp_path: Path
) -> None:
    path = packed(tmp_path / "b.zip", {**GOOD, "log.txt": "\0" * 5_000_000})
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 10)))
    refused(path, "is no bundle")


def test_an_answer_that_is_a_bomb_is_refused(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    refused(packed(tmp_path / "b.zip", {**GOOD, "dynos.json": " " * (17 << 20) + "[]"}), "dynos.json unpacks")


def test_json_nested_beyond_reason_is_refused(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    refused(packed(tmp_path / "b.zip", {**GOOD, "dynos.json": "[" * 200_000}), "is no bundle")


def test_another_packing_or_a_password_is_refused(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    refused(packed(tmp_path / "b.zip", GOOD, kind=ZIP_LZMA), "packed in another way")
    data = bytearray(packed(tmp_path / "c.zip", GOOD).read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    (tmp_path / "c.zip").write_bytes(data)
    refused(tmp_path / "c.zip", "encrypted")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bundle.json", "{}"),
        ("bundle.json", "[1]"),
        ("bundle.json", GOOD["bundle.json"].replace("bundle/1", "bundle/9")),
        ("bundle.json", GOOD["bundle.json"].replace("2026-11-23T02:00:00Z", "2026-11-23T02:00:00")),
        ("dynos.json", "{}"),
        ("app.json", "null"),
        ("releases.json", "not json"),
    ],
)
def test_json_that_is_not_a_bundles_is_refused(
    name: str, text: str, refused: Callable[[Path, str], None], tmp_path: Path
) -> None:
    refused(packed(tmp_path / "b.zip", {**GOOD, name: text}), "is no bundle")


def test_what_is_no_zip_file_or_half_of_one_is_refused(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a zip")
    refused(tmp_path / "text.zip", "is no bundle")
    whole = packed(tmp_path / "b.zip", GOOD).read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    refused(tmp_path / "half.zip", "is no bundle")


def test_damage_inside_is_noticed(refused: Callable[[Path, str], None], tmp_path: Path) -> None:
    path = packed(tmp_path / "b.zip", {**GOOD, "log.txt": GOOD["log.txt"] * 50})
    data = bytearray(path.read_bytes())
    at = data.index(b"log.txt") + 20
    data[at] ^= 0xFF
    path.write_bytes(data)
    refused(path, "is no bundle")


def test_a_file_that_is_not_there_is_said(invoke: Invoke) -> None:
    assert invoke("diagnose --from-bundle nowhere.zip", environ={}).code == 5
