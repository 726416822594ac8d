"""Settings for people: each with its value and where it came from."""

from __future__ import annotations

from typing import Any

from tidegate.settings.model import Settings, fields_by_key

HIDDEN = "*** (hidden)"
UNSET = "(not set)"


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Key, value and origin of every setting; secrets are hidden."""
    rows = [("root", str(settings.root), "where pyproject.toml or .env.test was found")]
    for key, declared in fields_by_key().items():
        value = _value(settings, key)
        shown = UNSET if value is None else HIDDEN if declared.metadata["secret"] else _text(value)
        rows.append((key, shown, settings.origins.get(key, "default")))
    for resource in settings.resources:
        for name in resource.__dataclass_fields__:
            value = getattr(resource, name)
            if name != "name" and value not in (None, ()):
                rows.append((f"resources.{resource.name}.{name}", _text(value), _origin(settings, resource.name, name)))
    return rows


def _value(settings: Settings, key: str) -> Any:
    found: Any = settings
    for step in key.split("."):
        found = getattr(found, step)
    return found


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)


def _origin(settings: Settings, resource: str, name: str) -> str:
    return settings.origins.get(f"resources.{resource}.{name}", "default")
