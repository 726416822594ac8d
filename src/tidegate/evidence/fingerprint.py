"""What a run was made of, in one digest, and in plain words what of it is otherwise in another run."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle

Facts = Mapping[str, Any]
_CONFIG = ("image", "command", "entrypoint", "environment", "user", "mem_limit", "cpus", "pids_limit", "healthcheck")
_APART = ("root", "artifacts")  # settings that say where a run was, and are no input of it
SHOWN, LISTED = 80, 10  # characters of a value, and packages


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`whole` is the same for two runs exactly when all `parts` are: SHA-256 digests, in hex."""

    whole: str
    parts: Mapping[str, str]


def fingerprint(run: Facts, stack: Facts, snapshots: Facts) -> Fingerprint:
    """The digest of everything that the run was given; of snapshots, which rows the baseline has in which table."""
    parts = {name: _digest(given) for name, given in inputs(run, stack, snapshots).items()}
    return Fingerprint(_digest(parts), parts)


def inputs(run: Facts, stack: Facts, snapshots: Facts) -> dict[str, dict[str, Any]]:
    """Everything that a run was given, by part, each with plain values by their names."""
    git, pytest = _of(run, "git"), _of(run, "pytest")
    parts: dict[str, dict[str, Any]] = {
        "code": {"commit": git.get("commit"), "changes": git.get("patch_sha256")},
        "python": _some(run, "python"),
        "machine": _some(run, "platform", "cpus", "memory"),
        "time zone": {"time zone": run.get("tz")},
        "locale": _some(run, "locale"),
        "versions": _named("version of", _of(run, "versions")),
        "pytest": {"pytest's arguments": pytest.get("args")},
        "seed": {"seed": pytest.get("seed")},
        "split": {"workers": pytest.get("workers"), "dist": pytest.get("dist")},
        "settings": _named("setting", dict(_settings(run))),
        "environment": _named("variable", _of(run, "env")),
        "place": {"place": run.get("place"), "stack": _of(run, "stack").get("kind") or stack.get("kind")},
        "contract": _named("contract", _of(run, "document")),
        "engine": _some(stack, "engine", "compose_version"),
        "baseline": _named("rows of the baseline in", snapshots),
    }
    parts["images"] = {f"image of {name}": _image(told) for name, told in _of(stack, "services").items()}
    parts["configuration"] = dict(_configuration(stack))
    return parts


def differences(there: Bundle, here: Bundle) -> list[str]:
    """One line for each input that is otherwise in the run that was read second."""
    return differ(inputs_of(there), inputs_of(here))


def differ(there: Mapping[str, Facts], here: Mapping[str, Facts]) -> list[str]:
    """The same of two sets of inputs; a part that one of them knows nothing of is said once."""
    lines: list[str] = []
    for part in sorted({*there, *here}):
        one, other = _known(there.get(part, {})), _known(here.get(part, {}))
        if one and other:
            alone = {*one} ^ {*other} if part == "versions" else set[str]()
            pairs = [(name, one.get(name), other.get(name)) for name in sorted({*one, *other} - alone)]
            lines += [f"{name}: {_said(a)} there, {_said(b)} here" for name, a, b in pairs if _digest(a) != _digest(b)]
            lines += [*_alone(alone & {*one}, "there"), *_alone(alone & {*other}, "here")]
        elif one != other:
            lines.append(f"{part}: known {'there' if one else 'here'} alone")
    return lines


def _alone(versions: Collection[str], where: str) -> Iterator[str]:
    """The packages that one of two environments has, in one line: there may be a hundred."""
    if names := sorted(name.rpartition(" ")[2] for name in versions):
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        yield f"packages {where} alone: {', '.join(names[:LISTED])}{more}"


def inputs_of(bundle: Bundle) -> dict[str, dict[str, Any]]:
    """What the run of a bundle was given."""
    return inputs(bundle.run, bundle.stack, baseline_rows(bundle.folder / "snapshots" / "baseline.sql.gz"))


def write_fingerprint(bundle: Bundle) -> Path:
    """Writes `fingerprint.json` into the bundle's folder."""
    found = fingerprint(bundle.run, bundle.stack, baseline_rows(bundle.folder / "snapshots" / "baseline.sql.gz"))
    path = bundle.folder / "fingerprint.json"
    path.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    return path


def baseline_rows(path: Path) -> dict[str, int]:
    """How many rows a dump of PostgreSQL has in each table; their times and hashes differ whenever it is seeded."""
    rows, table = dict[str, int](), ""
    try:
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if table and line == "\\.\n":
                    table = ""
                elif table:
                    rows[table] += 1
                elif line.startswith("COPY ") and line.endswith(" FROM stdin;\n"):
                    table = line.split()[1]
                    rows[table] = 0
    except (OSError, EOFError, zlib.error):
        return {}
    return rows


def _configuration(stack: Facts) -> Iterator[tuple[str, Any]]:
    for service, told in _of(_of(stack, "config"), "services").items():
        for key in _CONFIG:
            value = told.get(key) if isinstance(told, dict) else None
            if isinstance(value, dict):
                yield from ((f"{service}: {key} {name}", inner) for name, inner in value.items())
            elif value is not None:
                yield f"{service}: {key}", value


def _image(told: Any) -> Any:
    """What tells an image from others on every machine: its digest, or the id of one that was built here."""
    if not isinstance(told, dict):
        return None
    digests = [str(each).rpartition("@")[2] for each in told.get("digests") or ()]
    return sorted(digests) or told.get("image_id") or told.get("image")


def _named(what: str, told: Facts) -> dict[str, Any]:
    return {f"{what} {name}": value for name, value in told.items()}


def _of(told: Facts, name: str) -> Facts:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _some(told: Facts, *names: str) -> dict[str, Any]:
    return {name.replace("_", " "): told.get(name) for name in names}


def _settings(run: Facts) -> Iterator[tuple[str, Any]]:
    for key, told in _of(run, "settings").items():
        if key not in _APART:
            yield key, told.get("value") if isinstance(told, dict) else told


def _known(given: Facts) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _said(value: Any) -> str:
    text = "nothing" if value in (None, "") else value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
