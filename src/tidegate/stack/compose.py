"""Starts the services that the API needs from a compose file, in stages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from time import sleep

from tidegate.settings import Settings
from tidegate.stack import listening, plan, project, watch
from tidegate.stack.commands import dismiss, run, undisturbed
from tidegate.stack.containers import Container, containers, image_ids
from tidegate.stack.failure import Failure, Stage
from tidegate.stack.gather import gather
from tidegate.stack.running import Order, Progress, Running, Say, base_url

PAUSE = 0.05  # seconds between two looks at a port
NOISE = ("Container ", "Network ", "Volume ")  # the progress lines of Compose


class Start:
    """One start of one project."""

    def __init__(self, order: Order, file: Path, name: str) -> None:
        self.order, self.file, self.name = order, file, name
        self.settings = order.settings.stack
        self.env = project.variables(order.settings.root, order.settings.variables)
        self.progress = Progress(order.say)
        self.plan: plan.Plan | None = None
        self.watch: watch.Watch | None = None

    def bring_up(self) -> str:
        """The address of the API, once its port is open."""
        self._build()
        self._up()
        return self._open_port()

    def planned(self) -> plan.Plan:
        """What the compose file says; raises Failure."""
        done = run([*project.command(self.name, self.file), "config", "--format", "json"], env=self.env)
        if done.returncode:
            raise Failure(
                Stage.SETTINGS,
                f"{self.file.name} cannot be used",
                seen=done.stderr,
                next_step="Mend the file, or set the variable that it asks for in .env.test.",
            )
        return plan.read(json.loads(done.stdout), done.stdout, self.settings.service, self.settings.port)

    def build(self, tick: Callable[[], None] = lambda: None) -> subprocess.CompletedProcess[str]:
        """The images that are built here are those of the files as they are now.

        Under the name that all runs share: an image carries its project's name, so that each run's own would be another
        image, and the last one's would lose its tag and stay.
        """
        services = ["--with-dependencies", self.settings.service]
        shared = self.env["STACK_IMAGES"]
        return run([*project.command(shared, self.file), "build", "--quiet", *services], env=self.env, look=tick)

    def share(self, planned: plan.Plan) -> None:
        """Gives the images that are named after the project, having no other name, to this run."""
        project.tag({name.replace(self.name, self.env["STACK_IMAGES"]): name for name in planned.own_images(self.name)})

    def _build(self) -> None:
        with ThreadPoolExecutor(1) as pool:
            planned = pool.submit(self.planned)
            built = self.build(lambda: self._tick("building the images"))
            self.plan = planned.result()
        self.watch = watch.Watch(self.plan, self.settings.port_patience)
        if built.returncode:
            raise Failure(
                Stage.IMAGE,
                "an image could not be built",
                seen=built.stderr or built.stdout,
                next_step="docker compose build shows all of it.",
            )
        self.share(self.plan)

    def _up(self) -> None:
        stack = project.opened(self.name, self.file, self.env, self.settings.service, self._look)
        try:
            stack.start()
        except subprocess.CalledProcessError as error:
            self.judge()
            assert self.plan
            names = list(self.plan.images.values())
            output = error.stderr.decode(errors="replace")
            said = "\n".join(line for line in output.splitlines() if not line.strip().startswith(NOISE))
            missing = sorted(set(names) - image_ids(names).keys())
            raise watch.of_command(said, containers(self.name), missing) from None

    def _look(self) -> None:
        found = self.judge()
        self._tick(", ".join(map(str, sorted(found, key=lambda one: one.service))) or "starting")

    def judge(self) -> list[Container]:
        """The containers as they are now; raises Failure when one of them cannot come to stand."""
        found = containers(self.name)
        assert self.watch
        self.watch.judge(found)
        return found

    def _tick(self, doing: str) -> None:
        self.progress.tick(lambda: doing)
        if self.progress.seconds > self.settings.timeout:
            raise Failure(
                Stage.CONTAINER,
                f"the time is up after {self.settings.timeout:g} s; last seen: {doing}",
                next_step="Raise stack.timeout when it needs longer; else the logs say what it waits for.",
            )

    def _open_port(self) -> str:
        for looks in count():
            api = self.api(self.judge())
            if looks > 1:  # most are there by then, and to look into the container takes time from it
                self.judge_ports(api)
            port = (api.ports or {}).get(self.settings.port)  # none between two starts of the container
            for _ in range(10):
                if port and listening.is_open(port):
                    return base_url(self.order.settings, port)
                self._tick(f"{api}, but nothing listens on port {self.settings.port} in it")
                sleep(PAUSE)
        raise AssertionError

    def api(self, found: Sequence[Container]) -> Container:
        """The API's own container; raises Failure when it is gone."""
        for container in found:
            if container.service == self.settings.service:
                return container
        raise Failure(
            Stage.CONTAINER,
            f"the container of {self.settings.service!r} is gone",
            next_step="Who removed it? docker events tells.",
        )

    def judge_ports(self, api: Container) -> None:
        """Raises Failure when the API has been listening elsewhere for a while, or is well without our port."""
        assert self.watch
        if api.health == "healthy":
            self.watch.patience = 0
        self.watch.judge_ports(listening.inside(api.id))

    def check(self) -> None:
        """Raises Failure when the stack, which stood, cannot become healthy any more."""
        if self.watch is None:
            self.plan = self.planned()
            self.watch = watch.Watch(self.plan, self.settings.port_patience)
        # Its ports as well: on a busy machine a forwarder with nobody behind it looks like an open port.
        self.judge_ports(self.api(self.judge()))


def stop(running: Running, settings: Settings, say: Say, failure: Failure | None = None) -> None:
    """Keeps what can be told of the stack, and takes it down; says so when something is left."""
    progress = Progress(say)
    with undisturbed():
        gather(running, settings, failure)
        left = project.take_down(running.project, lambda: progress.tick(lambda: "taking it down"))
        if left:
            say(f"stack: project {running.project} may not be gone: {left}")
        if running.heir:
            dismiss(running.heir)
