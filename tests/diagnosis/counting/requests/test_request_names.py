"""Names in good requests: as the facts name them, each once."""

from __future__ import annotations

import pytest

from herodyno.diagnosis.counting.requests.request_names import Different, RequestNames, client_names, path_names
from herodyno.logs.scan.held import Frequent, NamesOfRequests


def test_names_come_one_for_each_given() -> None:
    assert path_names(b"/a\n\n/\xff") == ["/a", "", "/\ufffd"]
    assert client_names(b"192.0.2.1, 10.0.0.1\n\n 192.0.2.2 ") == ["192.0.2.1", "", "192.0.2.2"]


@pytest.mark.parametrize("others", [[], [b"192.0.2.9"], [b"192.0.2.9, 10.0.0.1"], [b""], [b"two words"]])
@pytest.mark.parametrize("client", [b"\t192.0.2.7", b"192.0.2.7\x0b", "192.0.2.7\u3000".encode()])
def test_a_client_is_named_alike_whatever_else_its_batch_holds(client: bytes, others: list[bytes]) -> None:
    assert client_names(b"\n".join([client, *others]))[0] == "192.0.2.7"


def test_values_that_are_named_alike_have_one_place() -> None:
    different = Different(["a", "", "b", "a"])
    assert different.values == ["a", "", "b"]
    assert different.places == [0, 1, 2, 0]
    assert different.without("") == [0, -1, 2, 0]
    assert different.counted([5, 1, 1, 2]) == {"a": 7, "": 1, "b": 1}
    assert different.told(Frequent([2, 0], [1, 7], 3)) == {"b": 1, "a": 7}


def test_requests_without_a_client_count_for_none() -> None:
    raw = NamesOfRequests(b"/a", [3], b"\n192.0.2.7, 10.0.0.1\n192.0.2.7", [1, 1, 1], [b"7", b"07", b"90"], {}, {}, {})
    names = RequestNames(raw)
    assert list(names.places.clients) == [-1, 1, 1]
    assert list(names.places.services) == [0, 0, 1]
    assert names.places.steps[0] == names.places.steps[1] < names.places.steps[2]
    assert names.services.values == [7, 90]
