"""A command that sends an exchange's request again, to be pasted into a shell."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise

from tidegate.records import Exchange
from tidegate.redact import CUT, MASK

# What curl says by itself, and what belongs to the connection or to the run
_OWN = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "user-agent", "traceparent", "transfer-encoding"}
)
_TOKEN = "API_TOKEN"  # noqa: S105  a variable's name
_KEY = re.compile(r"""["']?([\w.-]+)\\?["']?\s*[:=]\s*\\?["']?$""")
_CUT = re.compile(rf"{CUT}: \d+ bytes in all\Z")
_PART = re.compile(r'name="([\w.-]+)"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n$')


def curl(exchange: Exchange) -> str:
    """The command for a masked exchange; what was masked is to be set in variables, `$API_TOKEN` and by their names."""
    words = ["curl", *_method(exchange), _word(exchange.url)]
    for name, value in exchange.request.headers:
        if name.lower() not in _OWN:
            words += ["-H", _header(name, value)]
    return " ".join([*words, *_body(exchange)])


def _method(exchange: Exchange) -> list[str]:
    options = ["--head"] if exchange.method == "HEAD" else [] if _is_plain_get(exchange) else ["-X", exchange.method]
    options += ["--globoff"] if set(exchange.url) & set("[]{}") else []
    return options + (["--path-as-is"] if re.search(r"/\.\.?(?:[/?#]|$)", exchange.url) else [])


def _is_plain_get(exchange: Exchange) -> bool:
    return exchange.method == "GET" and not exchange.request.size


def _header(name: str, value: str) -> str:
    if not value:
        return shlex.quote(f"{name};")  # what curl takes for a header without a value
    if name.lower() == "authorization":
        return _word(f"{name}: {value}", _TOKEN)
    return _word(f"{name}: {value}", None if name.lower() == "cookie" else _variable(name))


def _body(exchange: Exchange) -> list[str]:
    request = exchange.request
    if request.body:
        text = request.body.decode("utf-8", "replace")
        whole = _CUT.sub("", text)
        option = "--data-raw" if text.startswith("@") else "--data"
        return [option, _word(whole), *(["# the body is cut"] if whole != text else [])]
    if request.size:
        return ["--data-binary", "@body", f"# a body of {request.size} bytes, which was not kept"]
    return []


def _word(text: str, variable: str | None = None) -> str:
    """The text as one word of a shell, with a variable in the place of each mask."""
    if MASK not in text:
        return shlex.quote(text)
    shown, before = '"', ""
    parts = text.split(MASK)
    for part, after in pairwise(parts):
        before += part
        name = variable or _named(before)
        shown += _quoted(part) + (f"${{{name}}}" if re.match(r"\w", after) else f"${name}")
    return f'{shown}{_quoted(parts[-1])}"'


def _quoted(text: str) -> str:
    """As it stands between double quotes (POSIX, Shell Command Language, 2.2.3); `!` would be history."""
    return re.sub(r'([\\"$`])', r"\\\1", text).replace("!", "\"'!'\"")


def _named(before: str) -> str:
    """The variable for a mask, by the name of the field before it."""
    found = _PART.search(before) or _KEY.search(before)
    return _variable(found[1] if found else "")


def _variable(name: str) -> str:
    plain = re.sub(r"\W+", "_", name).strip("_").upper() or "SECRET"
    return plain if plain.startswith("API_") else f"API_{plain}"  # no shell has such one of its own
