"""git remotes are parsed as URLs, from `git config -z`, for ssh and https, of Heroku's git hosts alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from herodyno.heroku.git_remotes import app_in_url, git_hosts, git_remotes, read_git_config

HEROKU = git_hosts("api.heroku.com", {})


@pytest.mark.parametrize(
    "url",
    [
        "https://git.heroku.com/example-app.git",
        "https://git.heroku.com/example-app",
        "https://me@git.heroku.com/example-app.git",
        "https://heroku:secret@git.heroku.com/example-app.git",
        "https://GIT.Heroku.com/example-app.git",
        "git@heroku.com:example-app.git",
        "heroku.com:example-app.git",
        "ssh://git@heroku.com/example-app.git",
    ],
)
def test_ssh_and_https_urls_of_heroku_name_the_app(url: str) -> None:
    assert app_in_url(url, HEROKU) == "example-app"


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/someone/example-app.git",
        "https://git.heroku.com.evil.example/example-app.git",
        "https://gitXherokuXcom/example-app.git",
        "https://evil.example/git@heroku.com:example-app.git",
        "https://git.heroku.com:444/example-app.git",
        "http://git.heroku.com/example-app.git",
        "ftp://git.heroku.com/example-app.git",
        "git@heroku.com.evil.example:example-app.git",
        "/srv/git/heroku.com/example-app.git",
        "C:\\code\\example-app",
        "https://[half/example-app.git",
        "",
    ],
)
def test_other_hosts_schemes_and_paths_name_no_app(url: str) -> None:
    assert app_in_url(url, HEROKU) == ""


def test_the_hosts_follow_the_api_host_and_heroku_git_host_wins() -> None:
    assert git_hosts("api.staging.herokudev.com", {}) == {"staging.herokudev.com", "git.staging.herokudev.com"}
    assert git_hosts("127.0.0.1:8971", {}) == {"127.0.0.1:8971"}
    assert git_hosts("127.0.0.1:8971", {"HEROKU_GIT_HOST": "git.heroku.com"}) == {"git.heroku.com"}
    assert app_in_url("http://127.0.0.1:8971/example-app.git", git_hosts("127.0.0.1:8971", {})) == "example-app"


def test_an_account_alias_of_ssh_is_found_through_heroku_git_host() -> None:
    assert app_in_url(
        "git@heroku.work:example-app.git", git_hosts("api.heroku.com", {"HEROKU_GIT_HOST": "heroku.work"})
    )


def checkout(folder: Path, *words: str) -> None:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    for setting in words:
        key, value = setting.split("=", 1)
        subprocess.run(["git", "-C", str(folder), "config", "--add", key, value], check=True)


def test_real_git_is_asked_and_names_with_dots_and_blanks_survive(tmp_path: Path) -> None:
    checkout(
        tmp_path,
        "remote.origin.url=https://github.com/someone/code.git",
        "remote.heroku.url=https://git.heroku.com/example-app.git",
        "remote.heroku.url=https://git.heroku.com/pushed-too.git",
        "remote.pre.prod.url=git@heroku.com:example-staging.git",
        "remote.two words.url=https://git.heroku.com/third-app.git",
        "heroku.remote=pre.prod",
    )
    found = git_remotes(read_git_config(tmp_path), HEROKU)
    assert found.preferred == "pre.prod"
    assert found.apps == {"heroku": "example-app", "pre.prod": "example-staging", "two words": "third-app"}


def test_insteadof_is_applied_as_git_does(tmp_path: Path) -> None:
    checkout(
        tmp_path,
        "url.https://git.heroku.com/.insteadof=hk:",
        "url.https://github.com/.insteadof=h",
        "remote.heroku.url=hk:example-app.git",
    )
    assert git_remotes(read_git_config(tmp_path), HEROKU).apps == {"heroku": "example-app"}


def test_without_git_or_a_repository_there_are_no_remotes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_remotes(read_git_config(tmp_path), HEROKU).apps == {}
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_git_config(tmp_path) == b""


def test_a_git_that_never_answers_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("herodyno.heroku.git_remotes._SECONDS", 0.1)
    assert read_git_config(tmp_path) == b""
