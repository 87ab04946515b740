"""TLS that cannot be trusted and proxies that do not work end in a sentence that names the variable to look at."""

import socket
import ssl
from collections.abc import Iterator

import pytest

from herodyno.errors import Unreachable, WriteUnclear
from herodyno.heroku.api.transport import Transport
from herodyno.heroku.log.log_session import log_bytes
from herodyno.heroku.net import connections
from herodyno.heroku.net.hosts import LogHosts
from herodyno.heroku.net.tls import make_context, shared_trust
from tests.heroku.certificates import certificates
from tests.heroku.clients import OK, TOKEN, Client
from tests.heroku.faults import faults, hang, raw, reply

DISTRUSTED = ["other-name", "unknown-authority", "expired", "self-signed"]
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    context = make_context({"SSL_CERT_FILE": str(certificates()["authority"])})
    monkeypatch.setattr(connections, "shared_context", lambda: context)


@pytest.mark.usefixtures("trusted")
def test_b57_a_certificate_of_a_trusted_authority_is_taken() -> None:
    with faults(OK, certificate=certificates()["good"]) as server:
        made = Client(server)
        assert made.transport.request("GET", "/account").is_success
        made.transport.close()


@pytest.mark.parametrize("variable", ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"])
def test_b57_the_authority_that_another_tool_was_given_is_taken_and_told_once(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(certificates()["authority"]))
    shared_trust.cache_clear()
    notes: list[str] = []
    try:
        with faults(OK, certificate=certificates()["good"]) as server:
            made = Transport(f"https://localhost:{server.port}", TOKEN, note=notes.append)
            assert made.request("GET", "/account").is_success
            assert made.request("GET", "/account").is_success
            made.close()
    finally:
        shared_trust.cache_clear()
    assert [variable in note for note in notes] == [True]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("name", DISTRUSTED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_71_b57_any_other_certificate_ends_the_call_before_anything_is_sent(name: str, method: str) -> None:
    with faults(OK, certificate=certificates()[name]) as server:
        made = Client(server)
        with pytest.raises(Unreachable, match="certificate of localhost is not trusted") as caught:
            made.transport.request(method, "/account")
        assert "SSL_CERT_FILE" in caught.value.next_step
        assert server.asked == []
        assert made.transport.calls == 1


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("name", DISTRUSTED)
def test_b57_a_log_is_read_from_no_host_that_cannot_prove_itself(name: str) -> None:
    with faults(OK, certificate=certificates()[name]) as server:
        with pytest.raises(Unreachable, match="certificate of localhost is not trusted") as caught:
            list(log_bytes(f"{server.url}/s?srv=secret", hosts=LogHosts(server.url)))
        assert "SSL_CERT_FILE" in caught.value.next_step
        assert server.asked == []


@pytest.mark.usefixtures("trusted")
def test_b57_plain_text_where_tls_was_expected_is_told() -> None:
    with faults(OK) as server:
        made = Client(server)
        made.transport.base_url = f"https://localhost:{server.port}"
        with pytest.raises(Unreachable, match="no TLS with localhost"):
            made.transport.request("GET", "/account")


@pytest.mark.usefixtures("trusted")
def test_67_b16_a_hanging_tls_connection_is_cut_at_the_deadline() -> None:
    with faults(hang, certificate=certificates()["good"]) as server:
        made = Client(server, seconds=0.3)
        with pytest.raises(WriteUnclear, match="in time"):
            made.transport.request("POST", "/apps/example-app/dynos")


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY", "https_proxy"])
def test_b55_a_proxy_that_refuses_is_named_and_sees_no_token(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with faults(reply(407, b"")) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        with pytest.raises(Unreachable, match=f"the proxy 127.0.0.1:{proxy.port} of {variable} refused") as caught:
            Transport("", TOKEN).request("POST", "/apps/example-app/dynos")
        assert variable in caught.value.next_step
        assert [(asked.method, asked.path) for asked in proxy.asked] == [("CONNECT", "api.heroku.com:443")]
        assert TOKEN not in str(proxy.asked)


def test_b55_a_proxy_that_hangs_after_its_yes_has_not_seen_the_write(monkeypatch: pytest.MonkeyPatch) -> None:
    with faults(raw(b"HTTP/1.1 200 Connected\r\n\r\n", then=hang)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable) as caught:
            Transport("", TOKEN, seconds=0.3).request("POST", "/apps/example-app/dynos")
        assert type(caught.value) is Unreachable


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://127.0.0.1:1", "http://user:pass@word@:x"])
def test_b55_a_proxy_that_cannot_be_used_is_named_without_its_password(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(Unreachable, match="HTTPS_PROXY holds a proxy that cannot be used") as caught:
        Transport("", TOKEN)
    assert "pass" not in caught.value.message


def no_address(*args: object, **kwargs: object) -> Iterator[None]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("http://proxy.invalid:3128", "the proxy proxy.invalid:3128 of HTTPS_PROXY"),
        ("proxy.invalid:3128", "the proxy proxy.invalid:3128 of HTTPS_PROXY"),
        ("http://me:secret@proxy.invalid:3128/", "the proxy proxy.invalid:3128 of HTTPS_PROXY"),
        ("http://proxy.invalid", "the proxy proxy.invalid of HTTPS_PROXY (no port number is given: 80 was tried)"),
        ("https://proxy.invalid", "the proxy proxy.invalid of HTTPS_PROXY (no port number is given: 443 was tried)"),
        ("http://proxy.invalid:", "the proxy proxy.invalid of HTTPS_PROXY (no port number is given: 80 was tried)"),
    ],
)
def test_b55_a_proxy_that_cannot_be_found_is_named_in_place_of_heroku(
    value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    with pytest.raises(Unreachable) as caught:
        Transport("", TOKEN, sleep=lambda seconds: None).request("GET", "/account")
    assert caught.value.message.startswith(f"no address found for {told} (GET ")
    assert "HTTPS_PROXY" in caught.value.next_step
    assert "secret" not in caught.value.message


def test_b55_a_proxy_where_nobody_listens_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
    with pytest.raises(Unreachable) as caught:
        Transport("", TOKEN, sleep=lambda seconds: None).request("GET", "/account")
    through = f"no connection to api.heroku.com through the proxy 127.0.0.1:{port} of ALL_PROXY: Connection refused"
    assert caught.value.message.startswith(through)


@pytest.mark.parametrize("value", ["http://proxy.invalid:port", "proxy.invalid:http", "http://proxy.invalid:99999"])
def test_b55_a_port_that_is_no_number_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(Unreachable, match=r"HTTPS_PROXY .*its port is no number"):
        Transport("", TOKEN)


def test_71_b54_the_log_goes_through_the_proxy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with faults(reply(407, b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable, match="of HTTPS_PROXY refused to connect to logs"):
            list(log_bytes("https://logs.example.com/s?srv=secret", hosts=LogHosts("", ("logs.example.com",))))
        assert [asked.path for asked in proxy.asked] == ["logs.example.com:443"]


def test_b53_a_dead_address_is_left_for_the_next_one_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connect time-out, which counts for each address of a host, is far below the deadline."""
    assert connections.time_out(30).connect == 4
    assert connections.time_out(2).connect == 2
    with socket.create_server(("127.0.0.1", 0)) as gone:
        dead = gone.getsockname()
    with faults(OK) as server:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in (dead, ("127.0.0.1", server.port))]
        made = Client(server)
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
            assert made.transport.request("GET", "/account").is_success
        made.transport.close()


def test_a_name_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_address)
    with pytest.raises(Unreachable, match=r"no address found for api\.heroku\.com") as caught:
        Transport("", TOKEN, sleep=lambda seconds: None).request("POST", "/apps/example-app/dynos")
    assert type(caught.value) is Unreachable


def test_no_client_speaks_tls_without_verifying() -> None:
    for url in ("http://127.0.0.1:1", "https://api.heroku.com"):
        with connections.open_client(url, httpx_transport=None, keep_alive=False) as client:
            context = client._transport._pool._ssl_context  # type: ignore[attr-defined]  # no public way to look
            assert context.verify_mode is ssl.CERT_REQUIRED
            assert context.check_hostname
