"""How one setting is declared: its default, its form, its environment variable and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, field
from typing import Any


def setting(
    default: Any,
    form: Callable[[object], Any],
    doc: str,
    *,
    env: str | None = None,
    secret: bool = False,
    file: bool = True,
    example: str = "",
) -> Any:
    """A dataclass field that knows how its value is read and described.

    `file=False`: not from pyproject.toml, where it would be committed; a secret never is. `example` is TOML.
    """
    metadata = {
        "default": default,
        "form": form,
        "doc": doc,
        "env": env,
        "secret": secret,
        "file": file and not secret,
        "example": example,
    }
    if isinstance(default, Mapping):  # which dataclass takes for mutable, also when it is not
        return field(default_factory=lambda: default, hash=False, metadata=metadata)
    return field(default=default, metadata=metadata, repr=not secret)


def env_name(key: str, declared: Field[Any]) -> str:
    """The environment variable that sets `key`."""
    section, _, rest = key.partition(".")
    if section == "identities":  # beside the admin's, API_ADMIN_EMAIL and so on
        return "API_" + rest.upper().replace(".", "_").replace("-", "_")
    return declared.metadata["env"] or "TIDEGATE_" + key.upper().replace(".", "_")
