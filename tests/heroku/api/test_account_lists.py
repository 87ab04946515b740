"""Names of teams and pipelines become paths; one that would lead elsewhere is refused."""

from __future__ import annotations

import pytest

from herodyno.errors import UsageError
from herodyno.heroku.api.account_lists import Coupling, _couplings_from, _segment


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb", "a\x00"])
def test_a_name_that_would_lead_to_another_call_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is no name; nothing was sent"):
        _segment(name, "--team")


def test_a_slash_in_a_name_leads_nowhere_else() -> None:
    assert _segment("../account", "--team") == "..%2Faccount"


def test_a_coupling_is_an_app_id_with_its_stage() -> None:
    assert _couplings_from([{"app": {"id": "1"}, "stage": "staging"}, {"app": None}]) == [
        Coupling("1", "staging"),
        Coupling("", ""),
    ]
