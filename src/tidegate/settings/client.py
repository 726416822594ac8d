"""[tool.tidegate.client]: the HTTP client of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tidegate.errors import SettingsError
from tidegate.settings import forms, http_forms
from tidegate.settings.fields import env_name, setting
from tidegate.settings.sources import environment

LIBRARIES = ("httpx", "httpx2")
FILES = {
    "ca_file": (b"BEGIN CERTIFICATE", "certificates"),
    "cert_file": (b"BEGIN CERTIFICATE", "a certificate"),
    "key_file": (b"PRIVATE KEY", "a private key"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The HTTP client of the tests."""

    timeout: float = setting(10.0, forms.seconds, "Seconds for one request of a test", example="30")
    connect_timeout: float = setting(5.0, forms.seconds, "Seconds until a connection stands", example="2")
    headers: Mapping[str, str] = setting(
        MappingProxyType({}), http_forms.headers, "Headers of every request", example='{ X-Tenant = "acme" }'
    )
    verify: bool = setting(True, forms.flag, "Whether TLS certificates are checked", example="false")
    ca_file: str | None = setting(
        None, forms.text, "PEM file of the certificates to trust, from the project's root", example='"ca.pem"'
    )
    cert_file: str | None = setting(None, forms.text, "PEM file of a client certificate", example='"client.pem"')
    key_file: str | None = setting(
        None, forms.text, "Its private key without a password, when in a file of its own", example='"client.key"'
    )
    proxy: str | None = setting(
        None,
        http_forms.base_url,
        "Proxy for every request; that of the environment is not used",
        example='"http://localhost:3128"',
    )
    http2: bool = setting(False, forms.flag, "Whether to speak HTTP/2 (needs `tidegate[http2]`)", example="true")
    rate: float | None = setting(
        None, forms.rate, "Requests a second that a run may send, evenly spread and shared by its workers", example="5"
    )
    budget: int | None = setting(
        None, forms.count, "Requests that the tests of a run may send in all; clean-up is not counted", example="2000"
    )
    retries: int = setting(
        1,
        forms.amount,
        "Times that a GET, HEAD or OPTIONS is sent again when the connection was lost before an answer",
        example="0",
    )
    retry_after: int = setting(
        2,
        forms.amount,
        'Times that a request waits for the Retry-After of a 429; `extensions={"retry_after": 0}` on one is its own',
        example="0",
    )
    retry_after_limit: float = setting(30.0, forms.seconds, "Seconds that one request waits so in all", example="5")
    library: str = setting(
        "httpx",
        forms.one_of(*LIBRARIES),
        "HTTP library, from the environment alone (httpx2 needs `tidegate[httpx2]`)",
        file=False,
    )


def chosen_library() -> str:
    """The HTTP library of this process: it is imported before any file of settings is read."""
    chosen = environment().get("TIDEGATE_CLIENT_LIBRARY") or LIBRARIES[0]
    if chosen not in LIBRARIES:
        raise SettingsError(f"TIDEGATE_CLIENT_LIBRARY is {chosen!r}: expected one of {', '.join(LIBRARIES)}")
    return chosen


def settle(values: dict[str, Any], origins: Mapping[str, str], root: Path) -> list[str]:
    """Makes the client's files absolute in `values`, and says what cannot work with them, or is not installed."""
    problems = []
    for name, (must_hold, what) in FILES.items():
        if (path := values.get(f"client.{name}")) is not None:
            values[f"client.{name}"] = str(root / path)
            if wrong := _wrong_with(root / path, must_hold, what):
                problems.append(f"client.{name} ({origins[f'client.{name}']}) is {path}: {wrong}")
    if values.get("client.key_file") and not values.get("client.cert_file"):
        problems.append("client.key_file is set without client.cert_file: the certificate that it belongs to")
    if values.get("client.http2") and not find_spec("h2"):
        problems.append("client.http2 is on, but h2 is not installed: pip install 'tidegate[http2]'")
    library = values.get("client.library", LIBRARIES[0])
    if not find_spec(library):
        problems.append(f"client.library is {library}, which is not installed: pip install 'tidegate[{library}]'")
    if origins.get("client.library", "environment") != "environment":
        name = env_name("client.library", Client.__dataclass_fields__["library"])
        problems.append(f"{name} ({origins['client.library']}) is read before any file: set it in the environment")
    return problems


def _wrong_with(path: Path, must_hold: bytes, what: str) -> str | None:
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if b"BEGIN ENCRYPTED PRIVATE KEY" in content or b"Proc-Type: 4,ENCRYPTED" in content:
        return "its key is encrypted: expected one without a password"
    return None if must_hold in content else f"expected a PEM file with {what}"
