"""Only Heroku's own rendezvous is called, it must prove itself, and no byte behind its first line is lost."""

import socket
import ssl
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herodyno.errors import BadReply, HerodynoError, Refused, Unreachable
from herodyno.heroku.attach.rendezvous import Address, Pipe, address_of, attach
from herodyno.heroku.net.tls import make_context
from tests.heroku.certificates import certificates
from tests.heroku.rendezvous_server import BANNER, SECRET, Client, RendezvousServer, Script, serving

HEROKU = "api.heroku.com"


@pytest.fixture(scope="module")
def tls() -> ssl.SSLContext:
    return make_context({"SSL_CERT_FILE": str(certificates()["authority"])})


def call(server: RendezvousServer, tls: ssl.SSLContext, *, banner_seconds: float = 5) -> Pipe:
    return attach(address_of(server.url, api_host="127.0.0.1"), tls, banner_seconds=banner_seconds)


def all_of(pipe: Pipe) -> bytes:
    got = pipe.early
    while (chunk := pipe.receive()) != b"":
        got += chunk or b""
    return got


def test_herokus_own_attach_url_is_taken_apart() -> None:
    url = "rendezvous://rendezvous.runtime.heroku.com:5000/abc?x=1"
    assert address_of(url, api_host=HEROKU) == Address("rendezvous.runtime.heroku.com", 5000, "abc?x=1")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "scheme"),
        ("rendezvous://evil.example:22/TOPSECRET", "evil.example:22"),
        ("rendezvous://heroku.com.evil.example:5000/TOPSECRET", "not Heroku's"),
        ("rendezvous://notheroku.com:5000/TOPSECRET", "not Heroku's"),
        ("rendezvous://rendezvous.runtime.heroku.com/TOPSECRET", "no port"),
        ("rendezvous://rendezvous.runtime.heroku.com:0/TOPSECRET", "no port"),
        ("rendezvous://rendezvous.runtime.heroku.com:99999/TOPSECRET", "cannot be read"),
        ("rendezvous://rendezvous.runtime.heroku.com:5000/", "secret"),
        ("rendezvous://rendezvous.runtime.heroku.com:5000/TOP SECRET", "secret"),
        ("rendezvous://127.0.0.1:5000/TOPSECRET", "not Heroku's"),
        ("rendezvous://[::1:5000/TOPSECRET", "cannot be read"),
        ("", "no attach URL"),
        ("//x:1/y", "scheme"),
    ],
)
def test_d28_no_other_scheme_host_or_port_is_called(url: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        address_of(url, api_host=HEROKU)
    assert said in caught.value.message
    assert "SECRET" not in caught.value.message


def test_d27_an_attach_url_over_https_is_refused_plainly_and_never_called() -> None:
    with serving(lambda client: None) as server:
        with pytest.raises(Refused, match="attached with ssh through localhost"):
            address_of(f"https://localhost:{server.port}/{SECRET}", api_host="127.0.0.1")
        assert server.clients == 0


@given(st.text(max_size=60))
def test_any_attach_url_that_is_not_herokus_is_refused_in_words(url: str) -> None:
    for text in (url, "rendezvous://" + url):
        with pytest.raises(Refused):
            address_of(text, api_host=HEROKU)


def test_the_secret_is_not_in_an_addresss_repr() -> None:
    assert SECRET not in repr(Address("h", 1, SECRET))


def test_the_secret_is_sent_as_a_line_and_the_first_line_is_not_output(tls: ssl.SSLContext) -> None:
    with serving(lambda client: client.send(BANNER, b"out")) as server, call(server, tls) as pipe:
        assert all_of(pipe) == b"out"
        assert server.secrets == [SECRET.encode() + b"\r\n"]


@pytest.mark.parametrize("first_line", [b"rendezvous\r\n", b"\n", b"anything else \xff\r\n"])
def test_d7_nothing_that_comes_in_the_first_lines_packet_is_lost(tls: ssl.SSLContext, first_line: bytes) -> None:
    output = b"FIRST OUTPUT\r\nsecond\r\n"
    with serving(lambda client: client.send(first_line + output)) as server, call(server, tls) as pipe:
        assert all_of(pipe) == output


def test_the_first_line_may_come_byte_by_byte(tls: ssl.SSLContext) -> None:
    def script(client: Client) -> None:
        client.send(*(bytes([byte]) for byte in BANNER + b"out"))

    with serving(script) as server, call(server, tls) as pipe:
        assert all_of(pipe) == b"out"


@pytest.mark.parametrize("certificate", ["unknown-authority", "other-name", "expired", "self-signed"])
def test_b57_d25_d26_a_server_that_cannot_prove_itself_gets_no_secret(tls: ssl.SSLContext, certificate: str) -> None:
    with serving(lambda client: None, certificate=certificate) as server:
        with pytest.raises(Unreachable, match="cannot prove that it is Heroku") as caught:
            call(server, tls)
        assert "SSL_CERT_FILE" in caught.value.next_step
        assert server.done.wait(5)
        assert server.secrets == []


def test_a_custom_authority_is_trusted_only_when_named() -> None:
    with serving(lambda client: client.send(BANNER)) as server:
        with pytest.raises(Unreachable, match="cannot prove"):
            call(server, make_context({}))
        call(server, make_context({"SSL_CERT_FILE": str(certificates()["authority"])})).__exit__()


def test_d29_a_refused_port_is_said_in_one_line(tls: ssl.SSLContext) -> None:
    with serving(lambda client: None) as server:
        port = server.port
    with pytest.raises(Unreachable) as caught:
        attach(Address("localhost", port, SECRET), tls)
    assert f"localhost:{port} (connection refused); a firewall may block port {port}" in caught.value.message
    assert "\n" not in caught.value.message


def test_d29_a_name_that_does_not_resolve_is_said(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match=r"cannot connect to no-such-host:5000 \(name or service not known\)"):
        attach(Address("no-such-host", 5000, SECRET), tls)


@pytest.mark.parametrize(
    ("script", "kind", "said"),
    [
        (lambda client: None, Unreachable, "closed before the dyno attached"),
        (lambda client: client.send(b"rendez"), Unreachable, "closed before the dyno attached"),
        (Client.reset, Unreachable, "before the dyno attached"),
        (lambda client: client.send(b"x" * 10_000), BadReply, "not as a rendezvous server"),
    ],
)
def test_d11_no_first_line_is_an_error(
    tls: ssl.SSLContext, script: Script, kind: type[HerodynoError], said: str
) -> None:
    with serving(script) as server, pytest.raises(kind, match=said):
        call(server, tls)


def test_d12_a_silent_server_is_not_waited_for_beyond_the_limit(tls: ssl.SSLContext) -> None:
    def script(client: Client) -> None:
        client.read_to_end()

    with serving(script) as server, pytest.raises(Unreachable, match="did not attach in time"):
        call(server, tls, banner_seconds=0.2)


def test_something_that_speaks_no_tls_is_an_error(tls: ssl.SSLContext) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            plain, _ = listener.accept()
            plain.sendall(b"SSH-2.0-OpenSSH_9.6\r\n" * 20)
            plain.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(Unreachable, match="no secure connection"):
            attach(Address("localhost", listener.getsockname()[1], SECRET), tls)
        thread.join()
