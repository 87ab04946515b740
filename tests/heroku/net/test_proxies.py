"""Which proxy is on the way to a host, and how an error names it: with its port, and never with its password."""

from __future__ import annotations

import pytest

from herodyno.heroku.net.proxies import proxy_for, require_port, why_unusable

VARIABLES = ("https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("http://proxy.example:3128", "the proxy proxy.example:3128 of HTTPS_PROXY"),
        ("http://me:secret@proxy.example:3128", "the proxy proxy.example:3128 of HTTPS_PROXY"),
        ("http://me:sec/ret@proxy.example:3128", "the proxy of HTTPS_PROXY"),
        ("http://me:1/secret@proxy.example:3128", "the proxy of HTTPS_PROXY"),
        ("http://me:sec?ret@proxy.example", "the proxy of HTTPS_PROXY"),
        ("proxy.example", "the proxy proxy.example of HTTPS_PROXY (no port number is given: 80 was tried)"),
    ],
)
def test_a_proxy_is_named_without_its_password(value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    assert str(proxy_for("api.heroku.com")) == told


def test_this_machine_and_what_no_proxy_exempts_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for("api.heroku.com") is None
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", ".internal.example")
    assert proxy_for("127.0.0.1") is None
    assert proxy_for("api.internal.example") is None
    assert proxy_for("api.heroku.com") is not None


def test_a_port_that_is_no_number_is_told_apart_from_another_fault() -> None:
    for value in ("http://proxy.example:port", "proxy.example:99999"):
        with pytest.raises(ValueError, match=r"[Pp]ort"):
            require_port({"HTTPS_PROXY": value})
        assert "its port is no number" in why_unusable({"HTTPS_PROXY": value})
    require_port({"HTTPS_PROXY": "http://proxy.example"})
    assert why_unusable({"HTTPS_PROXY": "socks5://proxy.example:1"}) == "HTTPS_PROXY holds a proxy that cannot be used"
