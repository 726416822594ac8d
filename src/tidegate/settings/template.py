"""Templates: texts, lists and tables in which `{name}` stands for a value that is known only later."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

# Only this is a placeholder: the braces of JSON inside a text, or of a pattern such as `\d{4}`, stay as they are.
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\}")


def fill(template: Any, values: Mapping[str, Any]) -> Any:
    """The template with every placeholder's value in it; one that is a whole text keeps the type of its value.

    Only the values that are needed are looked up, so that a mapping may make them when it is asked.
    """
    if isinstance(template, str):
        return _fill_text(template, values)
    if isinstance(template, Mapping):
        return {key: fill(inner, values) for key, inner in template.items()}
    if isinstance(template, (list, tuple)):
        return [fill(inner, values) for inner in template]
    return template


def _fill_text(text: str, values: Mapping[str, Any]) -> Any:
    if whole := PLACEHOLDER.fullmatch(text):
        return values[whole[1]]
    return PLACEHOLDER.sub(lambda found: as_text(values[found[1]]), text)


def as_text(value: Any) -> str:
    """A value inside a text: a text as it is, everything else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value)


def placeholders(template: Any) -> tuple[str, ...]:
    """The names that the template asks for, in order, each once."""
    if isinstance(template, str):
        found = PLACEHOLDER.findall(template)
    elif isinstance(template, (Mapping, list, tuple)):
        parts = template.values() if isinstance(template, Mapping) else template
        found = [name for part in parts for name in placeholders(part)]
    else:
        found = []
    return tuple(dict.fromkeys(found))


def templated(form: Callable[[object], Any], *allowed: str) -> Callable[[object], Any]:
    """The form, in which no other placeholders may stand than these."""

    def checked(raw: object) -> Any:
        value = form(raw)
        only(allowed, value)
        return value

    return checked


def only(allowed: tuple[str, ...], template: Any) -> None:
    """Raises ValueError when the template asks for anything else."""
    if unknown := [name for name in placeholders(template) if name not in allowed]:
        possible = ", ".join(f"{{{name}}}" for name in allowed) or "none"
        raise ValueError(f"no placeholder {{{unknown[0]}}} in it; possible are {possible}")
