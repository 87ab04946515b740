"""The same input gives the same bytes: in any time zone, whatever Python's hashes are, however often it is asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from herodyno.sandbox.incidents.scenarios import scenario

# (PYTHONHASHSEED, TZ, locale)
SURROUNDINGS = [("0", "UTC", "C.UTF-8"), ("42", "Asia/Kathmandu", "C")]


def printed(words: str, folder: Path, surroundings: tuple[str, str, str]) -> bytes:
    seed, zone, locale = surroundings
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale,
    }  # fmt: skip
    command = [sys.executable, "-m", "herodyno", *words.split()]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 2 if "--nagios" in words else 0, 10, 20, 30), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Logs of three incidents, one of them with many ties, and a bundle."""
    made = tmp_path_factory.mktemp("logs")
    for name in ("one-bad-dyno", "crash-loop", "some-bad-dynos"):
        (made / f"{name}.log").write_text(scenario(name).log_text("example-app"), encoding="utf-8")
    printed("diagnose --from-file one-bad-dyno.log --bundle one.zip", made, SURROUNDINGS[0])
    return made


@pytest.mark.parametrize(
    "words",
    [
        "diagnose --json --from-file one-bad-dyno.log",
        "diagnose --json --from-file crash-loop.log --since 3m",
        "diagnose -o jsonl --from-file some-bad-dynos.log",
        "diagnose --json --from-bundle one.zip",
        "diagnose --nagios --utc --from-bundle one.zip",
        "diagnose --utc --no-color --from-file some-bad-dynos.log",
    ],
)
def test_the_bytes_are_the_same_everywhere(words: str, folder: Path) -> None:
    if "--json" not in words and "jsonl" not in words:
        told = {printed(words, folder, (seed, zone, "C.UTF-8")) for seed, zone, _ in SURROUNDINGS}
    else:
        told = {printed(words, folder, surroundings) for surroundings in SURROUNDINGS}
    assert len(told) == 1
    assert told != {b""}


def test_bundles_of_the_same_file_are_the_same(folder: Path) -> None:
    for number, surroundings in enumerate(SURROUNDINGS):
        printed(f"diagnose --from-file one-bad-dyno.log --bundle again{number}.zip", folder, surroundings)
    bundles = [path.read_bytes() for path in (folder / "one.zip", *folder.glob("again*.zip"))]
    assert len(bundles) == 3
    assert len(set(bundles)) == 1
