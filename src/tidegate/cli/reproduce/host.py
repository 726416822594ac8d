"""Runs tests again as pytest ran them on a host: each run with a new stack of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import tidegate
from tidegate.cli.reproduce import allowed
from tidegate.cli.reproduce.attempt import Attempt, Outcome
from tidegate.cli.reproduce.progress import Progress
from tidegate.cli.reproduce.tree import Tree
from tidegate.errors import Impossible
from tidegate.evidence.bundle import Bundle
from tidegate.settings.sources import find_root
from tidegate.stack.commands import attached, outside

_FOREIGN = ("TIDEGATE_", "PYTEST_", "TZ", "API_BASE_URL")


class Host:
    """pytest of this interpreter in the tree; it starts and ends the stack itself."""

    def __init__(self, tree: Tree, bundle: Bundle, said: Progress) -> None:
        self.tree, self.bundle, self.said = tree, bundle, said
        stack = bundle.stack or bundle.run.get("stack") or {}
        self.kind = stack.get("kind")

    def begin(self) -> None:
        """Raises Impossible where the tests had an API that is not ours to start."""
        if self.kind not in ("compose", "process"):
            raise Impossible(
                f"that run started no stack; it asked {self.bundle.run.get('target') or 'an API'}, which is not ours",
                "run the suite against that API, or with --stack",
            )
        if not self.tree.here:
            _borrow(find_root(Path.cwd()), self.tree.root)

    def end(self) -> None:
        """Each run has taken its own away."""

    def run(self, asked: Attempt) -> Outcome:
        """What came of one run of these tests."""
        artifacts = self.tree.new_folder("artifacts")
        done = self.said.during(
            "running the tests", self._command(asked), folder=self.tree.root, env=self._env(artifacts)
        )
        return Outcome(code=done.returncode, bundle=Bundle(artifacts), said=done.stdout + done.stderr)

    def describe(self, came: Outcome) -> Bundle:
        """The bundle of the last run, to be compared."""
        return came.bundle

    def replay(self, _test: str) -> str:
        """Cannot be, since no stack is left between two runs."""
        return "not possible without a stack that stays"

    def stand(self, asked: Attempt, *, pdb: bool) -> list[str]:
        """The same in the debugger, or with the stack left up."""
        artifacts = self.tree.new_folder("artifacts")
        attached(
            self._command(asked, *([] if pdb else ["-x", "--keep-stack"]), pdb=pdb),
            folder=self.tree.root,
            env=self._env(artifacts),
        )
        if pdb or self.kind == "compose":
            return []
        return ["a process cannot be kept: --pdb stops at the failure, while it runs"]

    def looked_at(self) -> list[str]:
        """Nothing: a stack that did not start is gone with the run."""
        return []

    def _command(self, asked: Attempt, *more: str, pdb: bool = False) -> list[str]:
        pytest = self.bundle.run.get("pytest")
        given = allowed.arguments(pytest.get("args") if isinstance(pytest, dict) else None)
        words = [sys.executable, "-m", "pytest", f"--stack={self.kind}", "-p", "no:cacheprovider", *given]
        if asked.plan:
            file = asked.plan.write(self.tree.new_folder("order") / "order.json")
            words += [f"--replay-order={file}"]
        return [*words, *asked.workers(pdb=pdb), *more]

    def _env(self, artifacts: Path) -> dict[str, str]:
        kept = {name: value for name, value in outside().items() if not name.startswith(_FOREIGN)}
        zone = allowed.zone(self.bundle.run)
        found = kept | allowed.variables(self.bundle.run.get("env")) | ({"TZ": zone} if zone else {})
        package = Path(tidegate.__file__).resolve().parents[1]
        project = find_root(Path.cwd()).resolve()
        if package.is_relative_to(project) and not self.tree.here:  # tidegate's own tree: the one of that commit
            found["PYTHONPATH"] = str(self.tree.root / package.relative_to(project))
        return found | {"TIDEGATE_ARTIFACTS": str(artifacts)}


def _borrow(project: Path, tree: Path) -> None:
    """Lends the tree the virtual environments that are beside our files: none is part of a commit."""
    for pattern in (".venv", "*/.venv", "*/*/.venv"):
        for found in project.glob(pattern):
            there = tree / found.relative_to(project)
            if there.parent.is_dir() and not there.exists():
                there.symlink_to(found.resolve())
