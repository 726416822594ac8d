"""The values that requests and answers are made of, each with its limits."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

# Addresses as browsers check them in <input type=email>, with at least one dot. ASCII only: so "the same address in
# other case" means the same here and in the database.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL_PATTERN = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+$"
# At least one visible character and no control characters; PostgreSQL can't store U+0000 at all.
VISIBLE_TEXT = r"^[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f\s][^\x00-\x1f\x7f]*$"
NO_NUL = r"^[^\x00]*$"
LARGEST_ID = 2**63 - 1


def _whole_number(value: Any) -> Any:
    # JSON has one kind of number: 5.0 is 5, but "5" and true aren't numbers.
    if isinstance(value, bool | str):
        raise ValueError("Input should be a whole number")
    return value


Email = Annotated[
    str, StringConstraints(max_length=254, pattern=EMAIL_PATTERN), Field(json_schema_extra={"format": "email"})
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=VISIBLE_TEXT)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=1024, pattern=NO_NUL)]
Role = Literal["admin", "viewer", "customer"]
# The limits come before the validator: behind it, the document would not have them.
Id = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_whole_number)]
Status = Literal["pending", "paid", "shipped", "cancelled"]
Sku = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
# These limits, with 100 lines an order, keep every total under 2**53: exact in any JSON reader.
Quantity = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(_whole_number)]
UnitPrice = Annotated[int, Field(ge=0, le=100_000_000), BeforeValidator(_whole_number)]


def parse_id(text: str) -> int | None:
    """The id that a path or token names; None for anything that can't be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19) or text.startswith("0"):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None
