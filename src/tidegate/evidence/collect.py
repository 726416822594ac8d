"""What only the outside of the tests has seen, without secrets, beside what the tests have left.

The raw folder is private, and whoever has Docker writes it: `git/` (commit, branch, patch.diff), `logs/`, the dumps
`baseline.sql` and `failure.sql`, `code` (what the tests ended with), `secrets` (a JSON string a line), and what the
facts of the stack are read from.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets as chance
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.evidence.dumptext import masked_dump
from tidegate.evidence.logtext import write_log
from tidegate.redact import MASK, Secrets, mask
from tidegate.redact.names import is_secret

if TYPE_CHECKING:
    from tidegate.settings import Settings

FORMAT, CODE, SECRETS, RED = 1, "code", "secrets", "red"
INTERRUPTED = ("130", "143")
LOGS, SNAPSHOTS = "logs", "snapshots"
PATCH, LARGEST_PATCH = "patch.diff", 1 << 20


def known_secrets(raw: Path, settings: Settings, stack: Mapping[str, Any]) -> Secrets:
    """What nothing may show: the settings' secrets, what the tests met, and what the services' environments hold."""
    found = Secrets(settings.secrets)
    found.learn(_told(raw / SECRETS))
    for service in (stack.get("config", {}).get("services") or {}).values():
        environment = service.get("environment") or {}
        found.notice(str(value) for name, value in environment.items() if value and is_secret(name))
    return found


class Collection:
    """One raw folder on its way into the artifacts; `missing` says what did not come through."""

    def __init__(self, raw: Path, settings: Settings, secrets: Secrets, stack: Mapping[str, Any]) -> None:
        self.raw, self.folder, self.limits = raw, settings.artifacts_dir, settings.evidence
        self.secrets, self.stack, self.place = secrets, stack, settings.artifacts
        self.written = settings.written
        self.missing: list[str] = []
        self.run: dict[str, Any] = {}

    def write(self) -> None:
        """Writes all that can be written; what cannot be keeps nothing else from it."""
        for step in (self._run, self._logs, self._snapshots, self._stack):
            self.attempt("a part of the bundle", step)

    def attempt(self, what: str, step: Callable[[], object], place: str = "") -> None:
        """Takes a step, and says what is missing when it fails: evidence must not cost a run its result."""
        try:
            step()
        except Exception as error:
            reason = getattr(error, "strerror", None) or str(error).partition("\n")[0] or type(error).__name__
            self.missing.append(mask(f"{what} could not be written to {self.place}{place}: {reason}", self.secrets))

    def _run(self) -> None:
        path = self.folder / "run.json"
        with suppress(OSError, ValueError):
            self.run = json.loads(path.read_bytes())
        code = _text(self.raw / CODE).strip()
        self.run = self.run or self._not_started()
        if code and self.run.get("exit_code") is None:  # they were killed, and could not say so themselves
            self.run["exit_code"] = int(code)
        if git := self._git():
            self.run["git"] = git
        elif (self.folder / PATCH).is_file():
            self._patch((self.folder / PATCH).read_text(encoding="utf-8", errors="replace"))
        _write_json(path, self.run)

    def _not_started(self) -> dict[str, Any]:
        from tidegate.settings.surroundings import provider, told_variables

        told = mask(str(self.stack.get("told") or ""), self.secrets)
        now, code = time.time(), _text(self.raw / CODE).strip()
        verdict = "interrupted" if code in INTERRUPTED else "not started"
        found = {"format": FORMAT, "run": chance.token_hex(6), "started": now, "ended": now, "verdict": verdict}
        stopped = {"text": told, "code": int(code)} if told and code else None
        found |= {"exit_code": int(code) if code else None, "stopped": stopped, "counts": {}, "place": "container"}
        return {**found, "stack": {"kind": self.stack.get("kind", "")}, "env": told_variables(), "ci": provider()}

    def _git(self) -> dict[str, Any] | None:
        place = self.raw / "git"
        if not (commit := _text(place / "commit").strip()):
            return None
        patch = _text(place / PATCH)
        told = {"commit": commit, "branch": _text(place / "branch").strip(), "dirty": bool(patch), "patch": None}
        told |= {"patch_sha256": None, "note": ""}
        if patch:
            told |= {"patch_sha256": hashlib.sha256(patch.encode("utf-8", "replace")).hexdigest(), **self._patch(patch)}
        return told

    def _patch(self, patch: str) -> dict[str, Any]:
        """Writes the patch; only what surely is a secret is taken out of it, since names of code are no sign of one."""
        if len(patch) > LARGEST_PATCH:
            return {"note": "the patch is larger than 1 MB, and was left out"}
        masked = self._masked_patch(patch)
        (self.folder / PATCH).write_text(masked, encoding="utf-8", newline="")
        return {"patch": PATCH, "note": "" if masked == patch else "a secret is masked in the patch"}

    def _masked_patch(self, patch: str) -> str:
        """The patch without what is new in it: a value that is committed is none of a patch's secrets, and applies."""
        from tidegate.redact.shapes import without_shapes
        from tidegate.redact.text import without_spans

        committed = "\n".join(line for line in patch.split("\n") if line[:1] != "+")
        written = () if "b/.env.test" in patch else self.written
        secrets = Secrets(value for value in self.secrets if value not in committed and value not in written)
        return without_shapes(without_spans(patch, secrets.spans(patch)))

    def _logs(self) -> None:
        folder = self.folder / LOGS
        for raw in sorted((self.raw / LOGS).glob("*.log")):
            to = folder / raw.name
            self.attempt(f"the log of {raw.stem}", partial(self._log, raw, to), "/logs")

    def _log(self, raw: Path, to: Path) -> None:
        to.parent.mkdir(exist_ok=True)
        to.unlink(missing_ok=True)
        write_log(raw, to, self.secrets, self.limits.log_limit)

    def _snapshots(self) -> None:
        folder, found = self.folder / SNAPSHOTS, dict[str, Any]()
        folder.mkdir(exist_ok=True)
        for name, why in self._whys():
            raw, to = self.raw / f"{name}.sql", folder / f"{name}.sql.gz"
            to.unlink(missing_ok=True)
            if not raw.is_file() or not (size := raw.stat().st_size):
                continue
            cut, database = size > self.limits.snapshot_limit, _text(self.raw / "database").strip()
            found[name] = {"at": raw.stat().st_mtime, "bytes": size, "cut": cut, "service": database, "why": why}
            if not cut:
                _write_dump(raw, to, self.secrets)
        missing = [] if found else ["snapshots: no database of the stack is known, or it could not be dumped"]
        _write_json(folder / "snapshots.json", found | {"run": self.run.get("run", ""), "missing": missing})

    def _whys(self) -> Iterator[tuple[str, str]]:
        yield "baseline", "before the first test"
        yield "failure", "the first failure" if (self.raw / RED).exists() else "the end of a red run"

    def _stack(self) -> None:
        shown = _masked({**self.stack, "run": self.run.get("run", "")}, self.secrets)
        _write_json(self.folder / "stack.json", shown | {"missing": self.missing})


def _masked(value: Any, secrets: Secrets, *, hidden: bool = False) -> Any:
    if isinstance(value, dict):
        return {key: _masked(inner, secrets, hidden=is_secret(str(key))) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, secrets, hidden=hidden) for inner in value]
    if isinstance(value, str):
        return MASK if hidden and value else mask(value, secrets)
    return value


def _write_dump(raw: Path, to: Path, secrets: Secrets) -> None:
    made = to.with_name(f".{to.name}.new")
    with raw.open(encoding="utf-8", errors="replace", newline="\n") as lines, gzip.open(made, "wb", 3) as packed:
        for piece in masked_dump(lines, secrets):
            packed.write(piece.encode("utf-8", "replace"))
    made.replace(to)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    made = path.with_name(f".{path.name}.new")
    made.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", errors="replace")
    made.replace(path)


def _told(path: Path) -> Iterator[str]:
    for line in _text(path).splitlines():
        with suppress(ValueError):  # a line that a crash has cut
            if isinstance(value := json.loads(line), str):
                yield value


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_bytes().decode("utf-8", "replace")
    return ""
