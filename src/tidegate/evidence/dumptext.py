"""A database's dump as it may be kept: without secrets, and still such that its rows can be put back.

What is masked of a row is a cell, or a part of one: nothing reaches over the ends of cells. A password that is stored
as a slow hash stays, since nobody could log in to what is put back without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tidegate.evidence.logtext import masked_lines
from tidegate.redact import MASK, Secrets
from tidegate.redact.data import masked_data
from tidegate.redact.names import is_secret

_COPY = re.compile(r"COPY .* \((.*)\) FROM stdin;")
_COLUMN = re.compile(r'"((?:[^"]|"")+)"|([^", ]+)')
_SLOW_HASH = re.compile(
    r"\$(?:argon2\w*|2[abxy]|scrypt|pbkdf2[\w-]*|[567y])\$.+|(?:pbkdf2|scrypt|bcrypt|argon2)\w*[$:].+"
)
_PLAIN = re.compile(r"\\N||[tf]|\d{4}-\d\d-\d\d[ \d:.+-]*")
_CODE = re.compile(r"otp|pin|cvv|cvc|code", re.IGNORECASE)  # of which a number is a secret, and not only a reference
_MOST = 1 << 16  # characters that are masked at a time


def masked_dump(lines: Iterable[str], secrets: Secrets) -> Iterator[str]:
    """The dump, in pieces, from its lines with their ends."""
    hidden: Mapping[int, bool] | None = None  # None: outside of a table's rows
    held: list[str] = []
    size = 0
    for line in lines:
        border = line.startswith("\\.") if hidden is not None else _COPY.match(line)
        if border or size > _MOST:
            yield _masked(held, hidden, secrets)
            held, size = [], 0
        if border:
            yield line
            hidden = _secret_columns(line) if hidden is None else None
        else:
            held.append(line)
            size += len(line)
    yield _masked(held, hidden, secrets)


def _masked(lines: list[str], hidden: Mapping[int, bool] | None, secrets: Secrets) -> str:
    text = "".join(lines)
    if hidden is None:
        return masked_lines(text, secrets)
    if not hidden and masked_data(text, secrets) == text:
        return text
    return "".join(_row(line, hidden, secrets) for line in lines)


def _row(line: str, hidden: Mapping[int, bool], secrets: Secrets) -> str:
    end = "\n" if line.endswith("\n") else ""
    cells = line.removesuffix("\n").split("\t")
    shown = (_hidden(cell, hidden[at]) if at in hidden else masked_data(cell, secrets) for at, cell in enumerate(cells))
    return "\t".join(shown) + end


def _hidden(cell: str, code: bool) -> str:
    if _PLAIN.fullmatch(cell) or _SLOW_HASH.fullmatch(cell) or (not code and cell.lstrip("-").isdecimal()):
        return cell
    return MASK


def _secret_columns(header: str) -> Mapping[int, bool]:
    """The columns whose names say that they hold secrets, and whether a number is one there."""
    found = _COPY.match(header)
    names = [quoted or plain for quoted, plain in _COLUMN.findall(found[1])] if found else []
    return {at: bool(_CODE.search(name)) for at, name in enumerate(names) if is_secret(name)}
