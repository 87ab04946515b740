"""What NO_PROXY may hold, and which hosts it then exempts."""

import pytest

from herodyno.heroku.net.no_proxy import is_exempt
from herodyno.heroku.probe import probe
from tests.heroku.clients import OK
from tests.heroku.faults import faults, reply


@pytest.mark.parametrize(
    ("entry", "host", "exempt"),
    [
        ("*", "api.heroku.com", True),
        ("heroku.com", "api.heroku.com", True),
        ("heroku.com", "heroku.com", True),
        ("heroku.com", "notheroku.com", False),
        (".heroku.com", "api.heroku.com", True),
        (".heroku.com", "heroku.com", True),
        ("*.heroku.com", "api.heroku.com", True),
        ("API.Heroku.com.", "api.heroku.com", True),
        ("api.heroku.com", "heroku.com", False),
        ("api.heroku.com:443", "api.heroku.com", True),
        ("api.heroku.com:8443", "api.heroku.com", False),
        ("other.example, heroku.com", "api.heroku.com", True),
        ("other.example heroku.com", "api.heroku.com", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.30", False),
        ("10.0.0.0/8", "10.250.3.4", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.1.2.3/8", "10.250.3.4", True),
        ("10.0.0.0/8", "api.heroku.com", False),
        ("2001:db8::/32", "[2001:db8:1::7]", True),
        ("2001:db8::/32", "[2001:db9::1]", False),
        ("[2001:db8::7]", "[2001:db8:0::7]", True),
        ("[2001:db8::7]:443", "[2001:db8::7]", True),
        ("2001:db8::7", "10.0.0.1", False),
        ("10.0.0.0/99", "10.0.0.1", False),
        ("*", "api.heroku.com:99999", False),
        (",, .", "api.heroku.com", False),
        ("", "api.heroku.com", False),
    ],
)
def test_b56_no_proxy_takes_names_addresses_networks_and_ports(entry: str, host: str, exempt: bool) -> None:
    assert is_exempt(f"https://{host}/account", {"NO_PROXY": entry}) is exempt


def test_b56_the_small_name_wins_as_it_does_everywhere() -> None:
    assert not is_exempt("https://api.heroku.com", {"no_proxy": "", "NO_PROXY": "*"})


@pytest.mark.parametrize("exempt", ["127.0.0.0/8", "[::1],127.0.0.1"])
def test_b56_an_exempt_address_is_reached_without_the_proxy(exempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    # This machine is never reached by a proxy; here it stands for another one.
    monkeypatch.setattr("herodyno.heroku.net.proxies.is_loopback", lambda host: False)
    with faults(reply(407, b"")) as proxy, faults(OK) as server:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert probe(server.url) == "the probe answered 407"
        monkeypatch.setenv("NO_PROXY", exempt)
        assert probe(server.url) == ""
        assert (len(proxy.asked), len(server.asked)) == (1, 1)
