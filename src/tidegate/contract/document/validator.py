"""A schema compiled, and its errors in the form in which a reader wants them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.contract.document import dispatch, flaws
from tidegate.contract.document.trouble import broken
from tidegate.contract.schema import Breach, Plain


class Compiled:
    """A schema with all that it refers to."""

    __slots__ = ("_validator", "_whole")

    def __init__(self, plain: Plain, root: Mapping[str, Any]) -> None:
        import jsonschema_rs

        self._whole = dispatch.closed(plain, root)
        formats = {"byte": _is_base64}
        try:
            self._validator = jsonschema_rs.Draft202012Validator(self._whole, validate_formats=True, formats=formats)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
            raise broken("A schema of the API's document cannot be used.", str(error).splitlines()[0]) from None

    def allows(self, value: Any) -> bool:
        """Whether a value is as the schema says."""
        try:
            return self._validator.is_valid(value)
        except ValueError:  # nested too deeply to be judged
            return True

    def breaches(self, value: Any) -> Iterator[Breach]:
        """What it is not."""
        if not self.allows(value):
            errors = self._validator.iter_errors(value)
            yield from dict.fromkeys(breach for error in errors for breach in flaws.told(error, self._whole))


def _is_base64(text: str) -> bool:
    """Base64 in either alphabet, with its padding or without (RFC 4648)."""
    plain = "".join(text.split()).translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
