"""The rows of a stack's database, taken out as text and put back."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.stack.commands import outside, run
from tidegate.stack.containers import PROJECT, SERVICE
from tidegate.stack.dumps import Dump, NotRestorable, restoring

DUMP, RESTORE = "tidegate.dump", "tidegate.restore"
# The image of a database that needs no label, and its commands: the variables are those of that image.
_POSTGRES = re.compile(r"(?:.*/)?postgres(?:ql)?(?:[:@].*)?")
_OF_POSTGRES = '-U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}"'
_DUMPS, _RESTORES = f"pg_dump {_OF_POSTGRES}", f"psql -q -v ON_ERROR_STOP=1 -1 {_OF_POSTGRES}"


@dataclass(frozen=True, slots=True)
class Database:
    """The container with the database, and the commands that run in it."""

    id: str
    service: str
    dumps: str
    restores: str


def find(project: str) -> Database | None:
    """The database of a Compose project that runs; None when nothing says how to dump one."""
    ids = run(["docker", "ps", "--quiet", "--no-trunc", "--filter", f"label={PROJECT}={project}"], env=outside())
    every = run(["docker", "inspect", "--type", "container", *ids.stdout.split()]) if ids.stdout.strip() else None
    return database_in(json.loads(every.stdout or "[]")) if every else None


def database_in(inspected: Iterable[Mapping[str, Any]]) -> Database | None:
    """The database among containers as `docker inspect` has them: one with our label before one of PostgreSQL."""
    found = None
    for each in inspected:
        config, labels = each["Config"], each["Config"].get("Labels") or {}
        service = labels.get(SERVICE, "")
        if DUMP in labels:  # which may say that there is to be none
            told = Database(each["Id"], service, labels[DUMP], labels.get(RESTORE, ""))
            return told if told.dumps else None
        if not found and _POSTGRES.fullmatch(config.get("Image", "")):
            found = Database(each["Id"], service, _DUMPS, _RESTORES)
    return found


def labels(service: Mapping[str, Any]) -> dict[str, str]:
    """What tells the database of a compose file's service, where nothing but the name of its image does."""
    is_told = DUMP in (service.get("labels") or {})
    known = not is_told and _POSTGRES.fullmatch(str(service.get("image", "")))
    return {DUMP: _DUMPS, RESTORE: _RESTORES} if known else {}


def dump(database: Database, path: Path) -> bool:
    """Writes a dump of the database into the file, as a whole or not at all; whether that was possible."""
    made = path.with_name(f"{path.name}.part")
    with made.open("wb") as file:
        done = subprocess.run(
            _within(database, database.dumps),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    if not done.returncode:
        made.replace(path)
    return not done.returncode


def keep_dump(project: str, raw: Path, name: str) -> None:
    """Dumps the project's database, if it has one, into the private folder."""
    with contextlib.suppress(OSError):  # the folder may be gone, or the disk full
        if database := find(project):
            (raw / "database").write_text(database.service, encoding="utf-8")
            dump(database, raw / f"{name}.sql")


def begin_baseline(project: str, raw: Path) -> None:
    """Dumps the database while the run goes on; before its first test, since a dump is of when it began."""
    threading.Thread(target=keep_dump, args=(project, raw, "baseline"), daemon=True).start()


def restore(database: Database, dump: Dump) -> None:
    """Puts the rows and ids of the dump back, while the API runs; raises NotRestorable, and nothing is changed then."""
    if not database.restores:
        raise NotRestorable(f"{database.service} has no label {RESTORE}")
    done = subprocess.run(
        _within(database, database.restores),
        input="".join(restoring(dump)).encode("utf-8", "replace"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise NotRestorable(f"the database refused: {said[0][:300] if said else f'exit code {done.returncode}'}")


def _within(database: Database, command: str) -> list[str]:
    return ["docker", "exec", "--interactive", database.id, "sh", "-c", command]
