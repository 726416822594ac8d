"""Runs tests again as `docker compose` ran them: a project of its own, its database as it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tidegate.cli.reproduce import allowed, rows
from tidegate.cli.reproduce.attempt import Attempt, NotStarted, Outcome
from tidegate.cli.reproduce.images import same_images
from tidegate.cli.reproduce.kept import kept, not_stopped
from tidegate.cli.reproduce.overrides import TESTS, override
from tidegate.cli.reproduce.progress import Progress
from tidegate.cli.reproduce.slowdown import Slowdown
from tidegate.cli.reproduce.target import failed_services
from tidegate.cli.reproduce.tree import Tree
from tidegate.errors import Impossible, TidegateError
from tidegate.evidence.bundle import Bundle
from tidegate.evidence.collect import Collection, known_secrets
from tidegate.settings import load
from tidegate.stack import facts, project, snapshot
from tidegate.stack.commands import attached, dismiss, outside, postponed, undisturbed, when_gone
from tidegate.stack.containers import Container, after_start, containers, log, why_no_engine
from tidegate.stack.dumps import Dump, NotRestorable, parse
from tidegate.stack.failure import indented
from tidegate.stack.gather import gather
from tidegate.stack.plan import compose_file, needed
from tidegate.stack.running import Running, base_url

INSIDE = "/run/tidegate"
PATIENCE = 120  # seconds until a start is given up


class Compose:
    """A stack of the tree's compose file, beside any other."""

    def __init__(self, tree: Tree, bundle: Bundle, said: Progress) -> None:
        self.tree, self.bundle, self.said = tree, bundle, said
        self.project = f"tidegate-again-{os.getpid()}-{os.urandom(2).hex()}"
        self.settings = load(tree.root)
        self.heir, self.runs = 0, 0
        self.private: Path | None = None  # of the last run
        self.database: snapshot.Database | None = None
        self.baseline: Dump | None = None
        self._override = tree.place / "again.json"
        self._override.write_text("{}")
        self._env = {**project.variables(tree.root, outside()), "STACK_IMAGES": self.project}
        self._env |= {"ARTIFACTS": str(tree.new_folder("artifacts"))}
        self._env.pop("TZ", None)

    # --- beginning and end ---

    def begin(self) -> None:
        """Lets it stand; raises NotStarted or Impossible."""
        if why := why_no_engine():
            raise Impossible(why, "start the Docker engine, or take a machine that has one")
        config = self._config()
        with postponed():
            self.heir = when_gone(os.getpid(), project.down(self.project))
        self._configure(config)
        self._up()
        self._know_database()

    def end(self) -> None:
        """Takes all of it away."""
        self.said.goes_on("taking the stack down")
        with undisturbed():
            left = project.take_down(self.project, lambda: self.said.goes_on("taking the stack down"))
            if left:
                self.said(f"project {self.project} may not be gone: {left}")
        dismiss(self.heir)

    def _config(self) -> Mapping[str, Any]:
        done = self._compose("reading the compose file", "--profile", "*", "config", "--format", "json")
        if done.returncode:
            raise NotStarted(frozenset(), f"the compose file cannot be used: {done.stderr.strip()}")
        found: Mapping[str, Any] = json.loads(done.stdout)
        if TESTS not in found["services"]:
            raise Impossible("the compose file of that commit has no service 'tests'", "use --here")
        services: Mapping[str, Any] = found["services"]
        first = {TESTS, self.settings.stack.service} & services.keys()
        sought = {name for service in first for name, _ in needed(services, service)}
        return {name: services[name] for name in services if name in sought}

    def _configure(self, services: Mapping[str, Any]) -> None:
        """Has the images and the variables of that run, where they differ from the tree's."""
        images = {} if self.tree.here else same_images(services, self.bundle, self.project, self.said)
        self._override.write_text(json.dumps({"services": override(services, self.bundle, images, self.said)}))
        self._build([name for name in services if services[name].get("build") and name not in images])

    def _build(self, names: Sequence[str]) -> None:
        if not names:
            self.said("the images are those of that run")
            return
        self.said(f"building {', '.join(names)} from the files: the images of that run are not on this machine")
        done = self._compose("building", "--profile", "*", "build", "--quiet", *names)
        if done.returncode:
            said = "\n".join(indented(done.stderr or done.stdout))
            raise NotStarted(frozenset(), f"the images could not be built\n{said}")

    def _up(self, *options: str) -> None:
        service = self.settings.stack.service
        done = self._compose("starting", "up", "--detach", *options, service)
        # Not --wait, which takes a service that has done its work for one that failed.
        found = [one for one in after_start(self.project, PATIENCE) if not one.settled]
        if done.returncode or found:
            failed = failed_services({one.service: _state(one) for one in found})
            lines = [f"{one}: exit code {one.code}\n" + "\n".join(indented(log(one, lines=60))) for one in found]
            raise NotStarted(failed, "\n".join(lines or indented(done.stderr)))

    # --- the database ---

    def _know_database(self) -> None:
        """Puts the rows of that run into the database, and remembers what each run begins with."""
        self.database = snapshot.find(self.project)
        if self.database and not self._is_checked():  # nobody has waited for what the API puts into it
            self._compose("waiting for the API", "run", "--rm", "--no-deps", "--no-TTY", TESTS, "tidegate", "wait")
        self.baseline = fresh = self.dumped()
        if fresh is None:
            return
        try:
            if there := rows.of_bundle(self.bundle.folder):
                snapshot.restore(self._database(), rows.mended(there, fresh))
                self.baseline = rows.mended(there, fresh)
                self.said("the database holds the rows with which that run began")
        except NotRestorable as error:
            self.said(f"the database holds what a new one holds, not the rows of that run: {error}")

    def dumped(self) -> Dump | None:
        """The rows as they are now; None where there is no database to ask."""
        path = self.tree.place / "dump.sql"
        if not self.database or not snapshot.dump(self.database, path):
            return None
        try:
            return parse(path.read_text(errors="replace"))
        except NotRestorable:
            return None

    def _database(self) -> snapshot.Database:
        found = self.database = snapshot.find(self.project)
        if not found:
            raise NotRestorable("the database is gone")
        return found

    def _as_new(self, *, fresh: bool) -> None:
        """As it was before anything ran."""
        try:
            if self.baseline is None:
                raise NotRestorable("its database is none that can be put back, which takes a while for each run")
            if fresh:
                self._compose("stopping the API", "stop", "--timeout", "2", self.settings.stack.service)
            snapshot.restore(self._database(), self.baseline)
            if fresh or self._has_fallen():
                self._up("--no-deps")
        except (NotRestorable, NotStarted) as why:
            self.said(f"starting the stack anew: {str(why).partition(chr(10))[0]}")
            project.take_down(self.project, lambda: None)
            self._configure(self._config())
            self._up()
            self._know_database()

    def _is_checked(self) -> bool:
        service = self.settings.stack.service
        return any(one.service == service and one.health == "healthy" for one in containers(self.project))

    def _has_fallen(self) -> bool:
        service = self.settings.stack.service
        return any(one.service == service and not one.settled for one in containers(self.project))

    # --- a run ---

    def run(self, asked: Attempt) -> Outcome:
        """What came of one run of these tests."""
        if self.runs:
            self._as_new(fresh=asked.fresh)
        private, artifacts, words = self._prepared(asked)
        done_looking = private / "snapshot-done"
        if not asked.look:
            done_looking.touch()
        new: dict[str, list[str]] = {}
        slowdown = self._slowdown(asked)

        def look() -> None:
            slowdown.shake()
            if not done_looking.exists() and (private / "red").exists():  # the tests wait for us
                new.update(self._new_rows())
                done_looking.touch()

        with slowdown:
            done = self._compose("running the tests", *words, artifacts=artifacts, look=look)
        self.private = private
        return Outcome(code=done.returncode, bundle=Bundle(artifacts), said=done.stdout + done.stderr, rows=new)

    def _slowdown(self, asked: Attempt) -> Slowdown:
        return Slowdown(self.project, self.bundle.run.get("cpus"), wanted=asked.slow)

    def _new_rows(self) -> dict[str, list[str]]:
        after = self.dumped()
        return rows.new_rows(self.baseline, after) if self.baseline and after else {}

    def _prepared(self, asked: Attempt, *, pdb: bool = False) -> tuple[Path, Path, list[str]]:
        self.runs += 1
        private, artifacts = self.tree.new_folder("private"), self.tree.new_folder("artifacts")
        words = ["run", "--rm", "--no-deps", "--name", f"{self.project}-tests", "--volume", f"{private}:{INSIDE}"]
        words += [] if pdb else ["--no-TTY"]
        for name, value in self._variables().items():
            words += ["--env", f"{name}={value}"]
        words += [TESTS, *allowed.arguments(_pytest(self.bundle).get("args"))]
        if asked.plan:
            asked.plan.write(private / "order.json")
            words += [f"--replay-order={INSIDE}/order.json"]  # as one word: pytest takes another for a path
        words += asked.workers(pdb=pdb)
        return private, artifacts, words

    def describe(self, came: Outcome) -> Bundle:
        """The bundle of the last run with what only the outside sees, to be compared."""
        assert self.private
        settings = replace(self.settings, artifacts=str(came.bundle.folder))
        gather(Running(kind="compose", project=self.project, raw=str(self.private)), settings)
        config = self._compose("reading the compose file", "--profile", "*", "config", "--format", "json").stdout
        (self.private / facts.CONFIG).write_text(config)
        stack = facts.read(self.private)
        Collection(self.private, settings, known_secrets(self.private, settings, stack), stack).write()
        return Bundle(came.bundle.folder)

    def replay(self, test: str) -> str:
        """The first answer to that test's recorded requests that is another one here; empty when none is."""
        from tidegate.cli.replay import replay

        self.said("sending its recorded requests again")
        self._as_new(fresh=True)
        try:
            return str(replay(self.bundle, test, load(self.tree.root, overrides={"base_url": self._address()})) or "")
        except TidegateError as error:
            return f"not possible: {error}"

    def _address(self) -> str:
        """Where the API is; empty while it does not run."""
        settings = self.settings.stack
        ports = [
            (one.ports or {}).get(settings.port) for one in containers(self.project) if one.service == settings.service
        ]
        return base_url(self.settings, ports[0]) if ports and ports[0] else ""

    def _variables(self) -> dict[str, str]:
        found = allowed.variables(self.bundle.run.get("env")) | {"TIDEGATE_OUTSIDE": INSIDE}
        zone = allowed.zone(self.bundle.run)
        return found | ({"TZ": zone} if zone else {})

    def stand(self, asked: Attempt, *, pdb: bool) -> list[str]:
        """The same at the moment of failure: in the debugger, or left there; how to look at it."""
        self._as_new(fresh=True)
        if pdb:
            private, artifacts, words = self._prepared(asked, pdb=True)
            (private / "snapshot-done").touch()  # the debugger need not wait for one
            attached(self._command(*words), env=self._env | {"ARTIFACTS": str(artifacts)})
            return not_stopped(private / "red")
        private, artifacts, words = self._prepared(asked)
        slowdown = self._slowdown(asked)

        def look() -> None:
            slowdown.shake()
            if (private / "red").exists():  # before anything of it is cleaned up
                self.said.during("stopping the tests", ["docker", "kill", f"{self.project}-tests"])

        with slowdown:
            self._compose("running the tests", *words, artifacts=artifacts, look=look)
        return [*not_stopped(private / "red"), *self.looked_at()]

    def looked_at(self) -> list[str]:
        """How to look at what stands, which stays."""
        dismiss(self.heir)
        self.heir = 0
        return kept(self.project, self._address(), self.database, containers(self.project))

    def _command(self, *words: str) -> list[str]:
        file = compose_file(self.tree.root, self.settings.stack.compose_file)
        if not file:
            raise Impossible(f"the tree has no {self.settings.stack.compose_file}", "use --here")
        return [*project.command(self.project, file), "-f", str(self._override), *words]

    def _compose(self, doing: str, *words: str, artifacts: Path | None = None, look: Any = lambda: None) -> Any:
        env = self._env | ({"ARTIFACTS": str(artifacts)} if artifacts else {})
        return self.said.during(doing, self._command(*words), folder=self.tree.root, env=env, look=look)


def _pytest(bundle: Bundle) -> Mapping[str, Any]:
    found = bundle.run.get("pytest")
    return found if isinstance(found, dict) else {}


def _state(one: Container) -> dict[str, Any]:
    return {"state": one.state, "exit_code": one.code, "oom_killed": one.oom, "health": one.health}
