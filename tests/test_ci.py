"""CI installs what is pinned and hashed, the workflow runs `.ci/run`, and the forge's files fit the repository."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from herodyno import __version__
from tests.real_parts import need, needed

ROOT = Path(__file__).parents[1]
CI, FORGE = ROOT / ".ci", ROOT / ".github"
LOCK = CI / "requirements.txt"
LOCKS = [LOCK, CI / "engines.txt", CI / "spark.txt"]
YAML_FILES = sorted([*FORGE.rglob("*.yml"), ROOT / ".pre-commit-config.yaml"])


def _need_checkout() -> None:
    need("a checkout", present=LOCK.is_file(), install="an installed copy has no .ci folder")


_checkout = needed(_need_checkout)


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def normal(name: str) -> str:
    """The name of a package as an index spells it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name)[0]).lower()


def pinned(*locks: Path) -> set[str]:
    texts = "".join(lock.read_text(encoding="utf-8") for lock in locks)
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", texts, re.MULTILINE))


def test_everything_that_pyproject_names_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(word for extra in project["optional-dependencies"].values() for word in extra)]
    names = {normal(word) for word in named} - {"herodyno"}

    assert names <= pinned(*LOCKS), "make .ci/requirements.txt anew: the command is in .ci/requirements.in"


def test_every_build_requirement_is_pinned_and_each_file_of_requirements_is_used() -> None:
    for lock in LOCKS:
        lines = lock.with_suffix(".in").read_text(encoding="utf-8").splitlines()
        assert {normal(line) for line in lines if not line.startswith("#")} <= pinned(lock)
        command = " ".join(line.strip("# ") for line in lines if line.startswith("#"))
        assert f".ci/{lock.stem}.in -o .ci/{lock.name}" in command
        assert f"--require-hashes -r .ci/{lock.name}" in (CI / "run").read_text(encoding="utf-8")
    assert {path.name for path in CI.glob("*.*")} == {each for lock in LOCKS for each in (lock.name, f"{lock.stem}.in")}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_has_a_hash_and_no_index_is_named(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    entries = re.split(r"^(?=[a-z0-9][a-z0-9._-]*==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_yaml_files_parse_and_name_no_address(path: Path) -> None:
    assert isinstance(loaded(path), dict)
    assert "://" not in path.read_text(encoding="utf-8")


def test_the_workflow_runs_everything_on_the_oldest_python_and_the_tests_on_the_others() -> None:
    jobs = loaded(FORGE / "workflows" / "ci.yml")["jobs"]
    steps = {name: [step.get("run", "") for step in job["steps"]] for name, job in jobs.items()}
    assert "bash .ci/run" in steps["full"]
    assert any(step.startswith("pytest") for step in steps["tests"])

    oldest = next(step["with"]["python-version"] for step in jobs["full"]["steps"] if "with" in step)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = {words.rpartition(" ")[2] for words in project["classifiers"] if "Python :: 3." in words}
    assert {oldest, *jobs["tests"]["strategy"]["matrix"]["python"]} == promised
    assert project["requires-python"] == f">={oldest}"


def test_dependabot_looks_into_folders_that_exist() -> None:
    for update in loaded(FORGE / "dependabot.yml")["updates"]:
        assert (ROOT / update["directory"].strip("/")).is_dir()


@pytest.mark.parametrize("path", sorted((FORGE / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda path: path.stem)
def test_an_issue_form_has_what_the_forge_demands(path: Path) -> None:
    form = loaded(path)
    assert {"name", "description", "body"} <= form.keys()
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert asked
    assert len({field["id"] for field in asked}) == len(asked)
    assert all(field["attributes"]["label"] for field in asked)


def test_a_wrong_verdict_is_reported_with_a_redacted_bundle() -> None:
    assert "herodyno diagnose --bundle incident.zip" in (FORGE / "ISSUE_TEMPLATE" / "wrong_verdict.yml").read_text()


def test_the_changelog_has_this_version_and_a_place_for_the_next() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (FORGE / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[:2] == ["Unreleased", __version__]


def test_hooks_before_a_commit_run_what_dev_installs_and_fetch_nothing() -> None:
    (only,) = loaded(ROOT / ".pre-commit-config.yaml")["repos"]
    assert only["repo"] == "local"
    assert {hook["language"] for hook in only["hooks"]} == {"system"}
    assert {hook["entry"].split()[0] for hook in only["hooks"]} == {"ruff", "mypy"}


def test_the_recipes_of_contributing_name_files_that_exist() -> None:
    text = (FORGE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = [path for path in re.findall(r"`((?:herodyno|tests)/[^`]+)`", text) if "NAME" not in path]
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert len(re.findall(r"^### An? ", text, flags=re.MULTILINE)) == 5


# What may stand beside the folders that begin with a dot.
TOP_LEVEL = {"pyproject.toml", "herodyno", "tests", "cassettes", "completions", "README.md", "LICENSE"}


def test_the_top_level_holds_what_it_should_and_nothing_that_a_test_left() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this copy is not under git")
    assert {path.partition("/")[0] for path in listed.stdout.splitlines() if not path.startswith(".")} == TOP_LEVEL
