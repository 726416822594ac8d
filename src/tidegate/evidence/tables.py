"""What a run was given, as tables: settings, versions, the order of chance, and the fingerprint of it all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle

Table = tuple[str, list[tuple[str, str, str]]]
LONGEST = 600
_RUN = ("exit_code", "python", "platform", "cpus", "memory", "tz", "locale", "place", "target")


def tables(bundle: Bundle) -> Iterator[Table]:
    """The titles and their lines: name, value, origin; those without a line are left out."""
    run = bundle.run
    plain = {name: run.get(name) for name in _RUN}
    pytest = mapping(run, "pytest")
    yield from _table("Run", plain | {f"pytest {name}": told for name, told in pytest.items() if name != "plugins"})
    yield from _table("Git", mapping(run, "git"))
    settings = mapping(run, "settings")
    lines = [
        (str(name), _text(told.get("value")), _text(told.get("origin")))
        for name, told in settings.items()
        if isinstance(told, dict)
    ]
    if lines:
        yield "Settings", lines
    yield from _table("Environment", mapping(run, "env"))
    yield from _table("CI", mapping(run, "ci"))
    yield from _table("Versions", {**mapping(run, "versions"), **_engine(bundle)})
    fingerprint = _fingerprint(bundle)
    yield from _table("Fingerprint", {"whole": fingerprint.get("whole"), **mapping(fingerprint, "parts")})


def mapping(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The mapping of that name, empty for anything else."""
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _engine(bundle: Bundle) -> Mapping[str, Any]:
    return {"Docker": bundle.stack.get("engine"), "Compose": bundle.stack.get("compose_version")}


def _table(title: str, told: Mapping[str, Any]) -> Iterator[Table]:
    if lines := [(str(name), _text(value), "") for name, value in told.items() if value not in (None, "", [], {})]:
        yield title, lines


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _fingerprint(bundle: Bundle) -> Mapping[str, Any]:
    try:
        told = json.loads((bundle.folder / "fingerprint.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
