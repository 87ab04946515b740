"""Authorizations are made, listed and revoked."""

from __future__ import annotations

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


def test_a_token_lives_from_login_to_logout(make_world: MakeWorld) -> None:
    api = Api(make_world())
    made = api("POST", "/oauth/authorizations", {"description": "herodyno", "expires_in": 60}).json()
    token = made["access_token"]["token"]

    assert api("GET", f"/oauth/authorizations/{made['id']}", token=token).json() == made
    assert api("GET", "/oauth/authorizations/~", token=token).status_code == 404
    assert [each["id"] for each in api("GET", "/oauth/authorizations", token=token).json()] == [made["id"]]
    assert api("DELETE", "/oauth/sessions/~", token=token).status_code == 404

    assert api("DELETE", f"/oauth/authorizations/{made['id']}", token=token).status_code == 200
    assert api("GET", "/account", token=token).status_code == 401


def test_a_login_can_ask_for_the_second_factor(make_world: MakeWorld) -> None:
    api = Api(make_world(), two_factor="123456")
    assert api("POST", "/oauth/authorizations", {}).json()["id"] == "two_factor"
    assert api("POST", "/oauth/authorizations", {}, heroku_two_factor_code="123456").status_code == 201


def test_the_browser_login_gives_a_token_once(make_world: MakeWorld) -> None:
    api = Api(make_world())
    begun = api("POST", "/auth", {"description": "test"}, token="").json()

    assert api("GET", begun["browser_url"], token="").headers["Content-Type"].startswith("text/html")
    token = api("GET", begun["cli_url"], token=begun["token"]).json()["access_token"]

    assert api("GET", "/account", token=token).status_code == 200
    assert api("GET", begun["cli_url"], token=begun["token"]).status_code == 404
