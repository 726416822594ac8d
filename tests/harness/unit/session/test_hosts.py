from __future__ import annotations

import ipaddress
import socket
from typing import Any

import httpx
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tidegate.errors import SettingsError
from tidegate.session.hosts import Place, is_disposable, named, place_of
from tidegate.settings import Target

NOWHERE = Target()


def disposable(url: str, target: Target = NOWHERE, *, proxied: bool = False) -> bool:
    return is_disposable(place_of(httpx.URL(url)), target, proxied=proxied)


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Every name has these addresses from now on; with none, no name has any."""

    def answer(*_args: Any, **_kwargs: Any) -> Any:
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000",
        "http://LOCALHOST",
        "http://127.0.0.1",
        "https://127.0.0.1:8443/v1",
        "http://127.255.255.254",
        "http://[::1]:8000",
        "http://[0:0:0:0:0:0:0:1]",
        "http://[::ffff:127.0.0.1]",
        "http://[::FFFF:7f00:1]",
        "http://staging.example.com@localhost",
    ],
)
def test_loopback_in_its_usual_forms_is_disposable(url: str) -> None:
    assert disposable(url)


@pytest.mark.parametrize(
    "url",
    [
        *("http://0.0.0.0", "http://[::]", "http://0", "http://[::ffff:0.0.0.0]"),
        *("http://127.1", "http://0x7f.1", "http://0x7f000001", "http://2130706433", "http://017700000001"),
        *("http://localhost.", "http://127.0.0.1.", "http://sub.localhost", "http://localhost.localdomain"),
        *("http://127.0.0.1.nip.io", "http://localtest.me", "http://ip6-localhost", "http://api", "http://%6cocalhost"),
        *("http://127.0.0.1@192.0.2.7", "http://localhost:80@192.0.2.7", "http://192.0.2.7#@localhost"),
        *("http://192.0.2.7", "http://10.0.0.1", "http://172.17.0.1", "http://169.254.169.254", "http://[fd00::1]"),
        *("http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://[::127.0.0.1]", "http://[fe80::1%25lo]"),
        "http://[::1%25lo]",
    ],
)
def test_every_other_spelling_is_shared(url: str) -> None:
    assert not disposable(url)


@pytest.mark.parametrize("addresses", [(), ("192.0.2.7",), ("127.0.0.1", "192.0.2.7"), ("0.0.0.0",)], ids=str)
def test_localhost_is_shared_unless_it_leads_to_loopback_alone(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    resolving(monkeypatch, *addresses)
    assert not disposable("http://localhost")


def test_a_name_that_leads_to_loopback_now_is_shared_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.1")
    assert not disposable("http://staging.example.com")


def test_behind_a_proxy_loopback_is_the_proxys() -> None:
    assert not disposable("http://127.0.0.1", proxied=True)
    assert disposable("http://127.0.0.1", Target(disposable=("127.0.0.1",)), proxied=True)


@pytest.mark.parametrize(
    ("listed", "url"),
    [
        ("api", "http://api:8000"),
        ("API", "http://Api"),
        ("api:8000", "http://api:8000"),
        ("bücher.example", "http://xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "http://BÜCHER.example"),
        ("192.0.2.7", "http://[::ffff:192.0.2.7]"),
        ("::ffff:192.0.2.7", "http://192.0.2.7"),
        ("fd00::1", "http://[fd00:0:0::1]"),
        ("[fd00::1]:80", "http://[fd00::1]"),
        ("api:443", "https://api"),
    ],
)
def test_a_listed_host_is_disposable_however_it_is_spelled(listed: str, url: str) -> None:
    assert disposable(url, Target(disposable=(listed,)))


@pytest.mark.parametrize(
    ("listed", "url"),
    [("api", "http://api."), ("api", "http://api.example"), ("api:8000", "http://api:8001"), ("api:80", "https://api")],
)
def test_a_listed_host_is_no_other_host(listed: str, url: str) -> None:
    assert not disposable(url, Target(disposable=(listed,)))


def test_what_is_listed_as_shared_is_shared() -> None:
    target = Target(shared=("localhost:8443",), disposable=("localhost",))
    assert (disposable("http://localhost:8443", target), disposable("http://localhost", target)) == (False, True)


@pytest.mark.parametrize("text", ["a/b", "http://x", "x:port", "\uff11\uff12\uff17.0.0.1", ""])
def test_what_names_no_host_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(SettingsError, match=r"(?s)cannot be a host.*next: "):
        named(text)


def test_a_place_is_shown_as_it_is_to_be_named() -> None:
    shown = [str(place_of(httpx.URL(url))) for url in ("https://a.example/x", "http://a:81", "http://[fd00::1]:81")]
    assert shown == ["a.example", "a:81", "[fd00::1]:81"]
    assert [named(text) for text in shown[1:]] == [Place("a", 81), Place("fd00::1", 81)]


def connected(host: bytes) -> set[str]:
    """The addresses that a socket would try for this host, without asking any server."""
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, 80, flags=socket.AI_NUMERICHOST)}
    except OSError:
        return set()


ANY_HOST = st.one_of(
    st.ip_addresses().map(lambda ip: f"[{ip}]" if ip.version == 6 else str(ip)),
    st.integers(0, 2**32 - 1).map(str),
    st.integers(0, 2**32 - 1).map(hex),
    st.lists(st.sampled_from(["127", "0", "1", "0x7f", "0177", "255", "010"]), min_size=1, max_size=4).map(".".join),
    st.from_regex(r"\[[0-9a-fA-F:.]{2,30}\]", fullmatch=True),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
)


@given(ANY_HOST)
@example("0x7f.1")
@example("[::ffff:127.0.0.1]")
def test_no_host_is_disposable_that_a_socket_would_look_for_elsewhere(host: str) -> None:
    try:
        url = httpx.URL(f"http://{host}/")
    except httpx.InvalidURL:
        return
    assume(url.raw_host not in (b"", b"localhost"))
    if is_disposable(place_of(url), NOWHERE):
        reached = {ipaddress.ip_address(address) for address in connected(url.raw_host)}
        assert reached
        assert all((getattr(address, "ipv4_mapped", None) or address).is_loopback for address in reached)


@pytest.mark.parametrize("listed", ["localhost:8443", "127.0.0.1:8443", "[::1]:8443", "127.0.0.2:8443"])
def test_the_near_end_of_a_tunnel_is_shared_however_loopback_is_spelled(listed: str) -> None:
    target = Target(shared=(listed,))
    for host in ("localhost", "127.0.0.1", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]"):
        assert not disposable(f"http://{host}:8443", target)
        assert disposable(f"http://{host}:8000", target)
