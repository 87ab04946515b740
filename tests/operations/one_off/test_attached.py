"""An attached run: the status is taken out of the output, and what cannot be written ends it."""

from collections.abc import Callable

import pytest

from herodyno.heroku.attach.pump import Ending
from herodyno.heroku.attach.rendezvous import address_of, attach
from herodyno.heroku.net.tls import make_context
from herodyno.operations.one_off.attached import AttachedEnd, carry
from tests.heroku.certificates import certificates
from tests.heroku.rendezvous_server import BANNER, serving

WORD = "00112233445566778899aabbccddeeff"
MARK = f"\x1eherodyno {WORD} 7\x1e".encode()


def carried(
    *packets: bytes, word: str = WORD, write: Callable[[bytes], object] | None = None
) -> tuple[AttachedEnd, bytes]:
    shown = bytearray()
    tls = make_context({"SSL_CERT_FILE": str(certificates()["authority"])})

    def take(data: bytes) -> None:
        (write or shown.extend)(data)

    with (
        serving(lambda client: client.send(*packets)) as server,
        attach(address_of(server.url, api_host="127.0.0.1"), tls) as pipe,
    ):
        heard = carry(pipe, word=word, stdin=None, write=take)
    return heard, bytes(shown)


@pytest.mark.parametrize(
    ("packets", "status", "shown"),
    [
        ([BANNER + b"out" + MARK], 7, b"out"),
        ([BANNER, b"out", MARK[:20], MARK[20:]], 7, b"out"),
        ([BANNER, MARK, b"behind"], 7, b"behind"),
        ([BANNER, b"out\x1ehero"], None, b"out\x1ehero"),
        ([BANNER, b"out", MARK[:-1]], None, b"out"),
    ],
)
def test_the_status_is_taken_out_of_the_output(packets: list[bytes], status: int | None, shown: bytes) -> None:
    assert carried(*packets) == (AttachedEnd(Ending.CLOSED, status), shown)


def test_without_a_word_everything_is_output() -> None:
    assert carried(BANNER, b"out", MARK, word="") == (AttachedEnd(Ending.CLOSED, None), b"out" + MARK)


@pytest.mark.parametrize("output", [b"out" + MARK, b"\x1e"])
def test_d30_output_that_cannot_be_written_ends_it_at_any_point(output: bytes) -> None:
    def full(data: bytes) -> None:
        if data:
            raise OSError("No space left on device")

    heard, _ = carried(BANNER, output, write=full)
    assert heard.ending is Ending.OUTPUT_CLOSED
