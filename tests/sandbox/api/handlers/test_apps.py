"""Apps of the two generations, and the only add-on of a sandbox app."""

from __future__ import annotations

import pytest

from tests.sandbox.api_client import Api
from tests.sandbox.conftest import MakeWorld


@pytest.mark.parametrize(
    ("generation", "size", "is_cedar"), [("cedar", "Standard-1X", True), ("fir", "dyno-1c-0.5gb", False)]
)
def test_cedar_is_made_of_slugs_and_fir_of_images(
    make_world: MakeWorld, generation: str, size: str, is_cedar: bool
) -> None:
    api = Api(make_world(size=size, generation=generation))
    app = api("GET", "/apps/example-app").json()
    release = api("GET", "/apps/example-app/releases").json()[0]
    assert app["generation"] == generation
    assert (app["slug_size"] is not None, app["buildpacks"] is None) == (is_cedar, is_cedar)
    assert (release["slug"] is not None, release["oci_image"] is None) == (is_cedar, is_cedar)
    assert release["artifacts"][0]["type"] == ("slug" if is_cedar else "oci-image")


def test_an_app_has_no_certificate_and_an_unknown_one_is_404(make_world: MakeWorld) -> None:
    api = Api(make_world())
    assert api("GET", "/apps/example-app/sni-endpoints").json() == []
    assert api("GET", "/apps/nowhere/sni-endpoints").status_code == 404
