"""The config file: few keys, each checked; what is misspelt is an error and never silently open."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.cli.settings import Settings, read_settings, settings_from, settings_path
from herodyno.errors import UsageError


def test_the_file_stands_in_this_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/x")
    assert settings_path() == Path("/x/herodyno/config.toml")


def test_all_keys_are_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'protected = ["example-app"]\nproduction = ["*-prod"]\nprice_step = 250\n'
        'time_zone = "Europe/Paris"\ncolor = "never"\n'
    )
    assert read_settings(path) == Settings(("example-app",), ("*-prod",), 250, "Europe/Paris", "never")


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none" / "config.toml") == Settings()
    assert Settings().protection_of("example-app") == ""


@pytest.mark.parametrize("key", ["protected", "production"])
def test_an_app_is_protected_by_name_or_by_pattern_under_both_keys_and_the_reason_is_told(key: str) -> None:
    settings = settings_from({key: ["example-app", "*-prod", "live-*"]}, source="x")
    assert settings.protection_of("example-app") == f"the app is {key} (it is listed in the config file)"
    assert settings.protection_of("shop-prod") == f"the app is {key} (its name matches *-prod in the config file)"
    assert "matches live-*" in settings.protection_of("live-shop")
    assert settings.protection_of("shop-staging") == ""


def test_the_price_step_is_in_dollars_with_cents() -> None:
    assert Settings().price_step_cents == 100_00
    assert settings_from({"price_step": 49.99}, source="x").price_step_cents == 49_99
    assert settings_from({"price_step": 0}, source="x").price_step_cents == 0


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"protectd": []}, "unknown key 'protectd'"),
        ({"protected": "example-app"}, "a list of names"),
        ({"production": [1]}, "a list of names"),
        ({"protected": [""]}, "a list of names"),
        ({"protected": ["example-app", "Shop"]}, "protected must be names and patterns of apps (a-z, 0-9"),
        ({"production": ["*_prod"]}, "production must be names and patterns of apps"),
        ({"production": ["*_prod"]}, "'*_prod' fits none"),
        ({"price_step": "100"}, "price_step must be dollars per month"),
        ({"price_step": True}, "dollars per month"),
        ({"price_step": -1}, "dollars per month"),
        ({"price_step": float("nan")}, "dollars per month"),
        ({"price_step": float("inf")}, "dollars per month"),
        ({"time_zone": "Paris/Europe"}, "a time zone"),
        ({"time_zone": "../../etc/passwd"}, "a time zone"),
        ({"time_zone": ""}, "a time zone"),
        ({"time_zone": 1}, "a time zone"),
        ({"color": "blue"}, '"auto", "always" or "never"'),
        ({"log_hosts": "logs.example.com"}, "a list of host names"),
        ({"log_hosts": ["https://logs.example.com"]}, "a list of host names"),
        ({"log_hosts": ["com"]}, "a list of host names"),
        ({"log_hosts": ["*.example.com"]}, "a list of host names"),
        ({"log_hosts": ["10.0.0.1"]}, "a list of host names"),
        ({"log_hosts": [["a.example"]]}, "a list of host names"),
        ({"color": ["auto"]}, '"auto", "always" or "never"'),
    ],
)
def test_what_is_misspelt_or_of_another_kind_is_a_usage_error_that_names_the_file(
    document: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError) as refused:
        settings_from(document, source="/x/config.toml")
    assert words in refused.value.message
    assert "/x/config.toml" in refused.value.message


@pytest.mark.parametrize("content", [b"protected = [", b"\xff\xfe", b"protected = []\nprotected = []"])
def test_a_file_that_is_not_toml_is_a_usage_error_with_the_place(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="is not TOML"):
        read_settings(path)


@given(st.text(max_size=200) | st.from_regex(r"(protected|production|time_zone|color) = .{0,40}", fullmatch=True))
def test_whatever_stands_in_the_file_it_is_read_or_refused_by_name(content: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
        try:
            settings = read_settings(path)
        except UsageError as refused:
            complaint = refused.message
        else:
            complaint = f"{path} was read: {settings.protection_of('example-app')}"
        assert str(path) in complaint


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_settings(tmp_path)
