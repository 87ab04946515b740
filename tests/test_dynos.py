"""Dyno names: their order, and how several of them are written."""

from herodyno.dynos import Dyno, names_with_ids


def test_dynos_are_named_in_natural_order_with_short_ids() -> None:
    assert names_with_ids([Dyno(name="web.10", id="aaaaaaaa-1"), Dyno(name="web.2", id="bbbbbbbb-2")]) == [
        "web.2 (bbbbbbbb)",
        "web.10 (aaaaaaaa)",
    ]
