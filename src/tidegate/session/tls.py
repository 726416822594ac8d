"""Whom a run trusts and as whom it shows itself over TLS: the same for the gate and for every client."""

from __future__ import annotations

import functools
import ssl

from tidegate.errors import SettingsError
from tidegate.settings import Client


def trust(settings: Client, *, http2: bool = False) -> ssl.SSLContext:
    """What connections check the server's certificate with, SSL_CERT_FILE included; raises SettingsError."""
    # One for each protocol: a client that speaks HTTP/2 makes its context offer that, and the gate does not speak it.
    return _context(settings.verify, settings.ca_file, settings.cert_file, settings.key_file, http2)


@functools.cache  # reading all certificates takes longer than a test
def _context(
    verify: bool,
    ca_file: str | None,
    cert_file: str | None,
    key_file: str | None,
    _http2: bool,
) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise _unusable("client.ca_file", ca_file, error, "name a PEM file of certificates") from None
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if cert_file:
        try:
            context.load_cert_chain(cert_file, key_file, password=_no_password)
        except (OSError, ssl.SSLError) as error:
            hint = "name a PEM certificate and its key, in one file or with client.key_file"
            raise _unusable("client.cert_file", cert_file, error, hint) from None
    return context


def _no_password() -> str:
    # Without this, OpenSSL asks on the terminal, and a run in CI hangs.
    raise SettingsError("client.key_file is encrypted\n  next: name a key without a password")


def _unusable(key: str, path: str | None, error: OSError, hint: str) -> SettingsError:
    seen = getattr(error, "reason", None) or error.strerror or error
    return SettingsError(f"{key} cannot be used: {path}\n  seen: {seen}\n  next: {hint}")
