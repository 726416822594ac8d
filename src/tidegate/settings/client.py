"""[tool.tidegate.client]: the HTTP client of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tidegate.settings import forms, http_forms
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The HTTP client of the tests."""

    timeout: float = setting(10.0, forms.seconds, "Seconds for one request of a test", example="30")
    connect_timeout: float = setting(5.0, forms.seconds, "Seconds until a connection stands", example="2")
    headers: Mapping[str, str] = setting(
        MappingProxyType({}), http_forms.headers, "Headers of every request", example='{ X-Tenant = "acme" }'
    )
    verify: bool = setting(True, forms.flag, "Whether TLS certificates are checked", example="false")
    ca_file: str | None = setting(None, forms.text, "File of certificates to trust", example='"ca.pem"')
    cert_file: str | None = setting(None, forms.text, "Client certificate", example='"client.pem"')
    key_file: str | None = setting(
        None, forms.text, "Its private key, when in a file of its own", example='"client.key"'
    )
    proxy: str | None = setting(
        None, http_forms.base_url, "Proxy for every request; that of the environment is not used"
    )
    http2: bool = setting(False, forms.flag, "Whether to speak HTTP/2 (needs `tidegate[http2]`)", example="true")
    rate: float | None = setting(None, forms.rate, "Requests a second that a run may send", example="5")
    budget: int | None = setting(None, forms.count, "Requests that a run may send in all", example="2000")
    retries: int = setting(
        1, forms.amount, "Times that a request without effect is sent again when the connection was lost", example="0"
    )
    retry_after: int = setting(2, forms.amount, "Times that a 429 with Retry-After is waited for", example="0")
    retry_after_limit: float = setting(30.0, forms.seconds, "Seconds of Retry-After that are waited for", example="5")
    library: str = setting(
        "httpx", forms.one_of("httpx", "httpx2"), "HTTP library, as installed; from the environment alone", file=False
    )
