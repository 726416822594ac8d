"""What was seen, as plain data: so that workers and shards can be taken together."""

from __future__ import annotations

from typing import Any

from tidegate.contract.shapes.seen import Seen


def to_plain(seen: Seen) -> dict[str, Any]:
    """As JSON can hold it; what says nothing is left out."""
    plain: dict[str, Any] = {"n": seen.answers, "kinds": sorted(seen.kinds)}
    if seen.absent:
        plain["absent"] = True
    if seen.form is not None:
        plain["form"] = seen.form
    if seen.words != {}:
        plain["words"] = dict(sorted(seen.words.items())) if seen.words else None
    if seen.fields:
        plain["fields"] = {name: to_plain(each) for name, each in sorted(seen.fields.items())}
    if seen.keys is not None:
        plain["keys"] = to_plain(seen.keys)
    if seen.item is not None:
        plain["item"] = to_plain(seen.item)
    return plain


def from_plain(plain: dict[str, Any]) -> Seen:
    """What `to_plain` made."""
    return Seen(
        answers=plain["n"],
        kinds=frozenset(plain["kinds"]),
        absent=plain.get("absent", False),
        form=plain.get("form"),
        words=plain.get("words", {}),
        fields={name: from_plain(each) for name, each in plain.get("fields", {}).items()},
        keys=from_plain(plain["keys"]) if "keys" in plain else None,
        item=from_plain(plain["item"]) if "item" in plain else None,
    )
