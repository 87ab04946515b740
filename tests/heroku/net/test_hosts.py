"""HEROKU_HOST: the exact hosts that may have the token, and none that only look like them."""

import re

import pytest

from herodyno.errors import BadReply, UsageError
from herodyno.heroku.net.hosts import LogHosts, api_url


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "https://api.heroku.com"),
        ("  ", "https://api.heroku.com"),
        ("heroku.com", "https://api.heroku.com"),
        ("api.heroku.com", "https://api.heroku.com"),
        ("staging.herokudev.com", "https://api.staging.herokudev.com"),
        ("https://API.Heroku.com/", "https://api.heroku.com"),
        ("https://api.heroku.com:8443", "https://api.heroku.com:8443"),
        ("http://127.0.0.1:8971", "http://127.0.0.1:8971"),
        ("http://localhost:8971", "http://localhost:8971"),
        ("https://localhost:8971/", "https://localhost:8971"),
        ("http://[::1]:8971", "http://[::1]:8971"),
        ("http://127.8.9.1", "http://127.8.9.1"),
    ],
)
def test_a_host_of_herokus_or_of_this_machine_is_taken(host: str, url: str) -> None:
    assert api_url(host) == url
    assert api_url(url) == url


@pytest.mark.parametrize(
    "host",
    [
        "localhost.evil.test",
        "http://localhost.evil.test:9",
        "https://127.0.0.1.evil.test",
        "https://evil.test/api.heroku.com",
        "https://api.heroku.com.evil.test",
        "https://evilheroku.com",
        "https://api.heroku.com@evil.test",
        "https://evil.test\\@api.heroku.com",
        "https://user:word@api.heroku.com",
        "https://api.heroku.com/?x=.heroku.com",
        "https://api.heroku.com#",
        "https://api.heroku.com.",
        "https://аpi.heroku.com.evil.test",
        "https://еvil.heroku.com",
        "https://10.0.0.1",
        "https://[2001:db8::1]",
        "https://0x7f.1",
        "https://2130706433",
        "https://api.heroku.com:99999",
        "https://api.heroku.com\nX: y",
        "ftp://api.heroku.com",
        "file:///etc/passwd",
        "evil",
        "127.0.0.1:8971",
    ],
)
def test_a26_any_other_host_is_refused(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        api_url(host)
    assert "HEROKU_HOST" in caught.value.message
    assert caught.value.next_step


@pytest.mark.parametrize(
    "host",
    [
        "https://user:pass-word@api.heroku.com",
        "http://user:pass-word@127.0.0.1:8971",
        "user:pass-word@heroku.com",
        "https://user:p@ss-word@evil.test",
        "https:user:pass-word@heroku.com",
    ],
)
def test_a_password_in_a_refused_host_is_not_shown(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        api_url(host)
    told = caught.value.message + caught.value.next_step
    assert "word" not in told
    assert "user" not in told
    assert "[hidden]@" in told


@pytest.mark.parametrize("host", ["http://api.heroku.com", "http://heroku.com:80", "HTTP://api.heroku.com"])
def test_a27_plain_http_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(UsageError, match="plain text"):
        api_url(host)


HEROKU, HERE = "https://api.heroku.com", "http://127.0.0.1:5000"


@pytest.mark.parametrize(
    ("api", "url"),
    [
        (HEROKU, "https://logs-api.heroku.com/s"),
        (HEROKU, "https://logs.herokuspace.com:8443/s"),
        (HEROKU, "https://1.us.logplex.io/sessions/x"),
        (HEROKU, "https://logs.example.com/s"),
        (HEROKU, "https://eu.logs.example.com/s"),
        (HERE, "http://127.0.0.1:5001/s"),
        (HERE, "http://localhost/s"),
        (HERE, "https://[::1]:1/s"),
        (HERE, "https://logs-api.heroku.com/s"),
    ],
)
def test_a_log_session_is_at_heroku_at_an_added_host_or_beside_the_api(api: str, url: str) -> None:
    assert LogHosts(api, ("logs.example.com",)).checked(url)


@pytest.mark.parametrize(
    ("api", "url", "told"),
    [
        (HEROKU, "https://evil.example/s", "at evil.example, which is not Heroku's"),
        (HEROKU, "https://notheroku.com/s", "at notheroku.com"),
        (HEROKU, "https://heroku.com.evil.example/s", "at heroku.com.evil.example"),
        (HEROKU, "https://user@evil.example/s", "at evil.example"),
        (HEROKU, "https://myapp.herokuapp.com/s", "at myapp.herokuapp.com"),  # any customer may have one
        (HEROKU, "https://xlogs.example.com/s", "at xlogs.example.com"),
        (HEROKU, "https://example.com/s", "at example.com"),
        (HEROKU, "https://169.254.169.254/s", "at 169.254.169.254"),
        (HEROKU, "http://127.0.0.1:5001/s", "at 127.0.0.1"),
        (HEROKU, "https://localhost/s", "at localhost"),
        (HEROKU, "http://logs-api.heroku.com/s", "not https"),
        (HERE, "http://logs-api.heroku.com/s", "not https"),
        (HERE, "http://10.0.0.1/s", "not https"),
        (HERE, "ftp://127.0.0.1/s", "at 127.0.0.1"),
        (HEROKU, "https:///s", "at no host"),
        (HEROKU, "https://[", "no URL"),
        (HEROKU, "/sessions/7", "not https"),
        (HEROKU, "", "not https"),
    ],
)
def test_a_log_session_anywhere_else_is_refused_by_its_host(api: str, url: str, told: str) -> None:
    with pytest.raises(BadReply, match=re.escape(told)) as caught:
        LogHosts(api, ("logs.example.com",)).checked(url)
    assert "/s" not in caught.value.message.replace("log session", "")
