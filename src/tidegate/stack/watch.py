"""Looks at the containers of a stack, and knows from what it sees that waiting longer cannot help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from tidegate.stack.containers import Container
from tidegate.stack.failure import Failure, Stage
from tidegate.stack.plan import Plan

RESTARTS = 3  # while all that it needs is there: the first ones may be its way to wait for a database
TAKEN = re.compile(r"port is already allocated|address already in use|ports are not available", re.IGNORECASE)
NO_IMAGE = re.compile(r"no such image|pull access denied|manifest unknown|failed to resolve|not found", re.IGNORECASE)


@dataclass(slots=True)
class Watch:
    """One start, looked at again and again."""

    plan: Plan
    patience: float  # seconds that the API may listen on other ports alone
    restarts: dict[str, int] = field(default_factory=dict)
    elsewhere_since: float | None = None

    def judge(self, found: Sequence[Container]) -> None:
        """Raises Failure as soon as one of the containers cannot come to stand any more."""
        for container in sorted(found, key=lambda one: one.finished):
            self._judge_state(container)
            self._judge_restarts(container, found)
        for container in found:
            if container.health == "unhealthy":
                raise Failure(
                    Stage.HEALTH,
                    f"{container.service!r} runs, but its health check fails",
                    seen=container.check,
                    next_step="The check is in the compose file, under healthcheck; its container's log may say more.",
                    container=container,
                )

    def _judge_state(self, container: Container) -> None:
        name, code = container.service, container.code
        if container.state == "created" and container.error:
            raise not_started(container)
        if container.state not in ("exited", "dead"):
            return
        if code and name in self.plan.one_shots:
            raise Failure(
                Stage.MIGRATION,
                f"{name!r} ended with {ended(container)}, and what needs it waits for its success",
                next_step="Mend what its last lines complain about; the API was not started.",
                container=container,
            )
        if code or name == self.plan.service:
            raise Failure(
                Stage.CONTAINER,
                f"{name!r} ended with {ended(container)}",
                next_step="Mend what its last lines complain about.",
                container=container,
            )

    def _judge_restarts(self, container: Container, found: Sequence[Container]) -> None:
        """A crash loop is one that goes on although all the others are there."""
        others = all(other.settled for other in found if other is not container)
        if not others or container.service not in self.restarts:
            self.restarts[container.service] = container.restarts
        if container.restarts - self.restarts[container.service] >= RESTARTS:
            raise Failure(
                Stage.CONTAINER,
                f"{container.service!r} crashes again and again: {container.restarts} restarts, {ended(container)}",
                next_step="Mend what its last lines complain about. When it only waits for another service,"
                " let depends_on wait, with condition: service_healthy.",
                container=container,
            )

    def judge_ports(self, listening: Sequence[tuple[str, int]] | None) -> None:
        """Raises Failure when the API has been listening elsewhere alone for a while; None: it cannot be seen."""
        wanted = self.plan.port
        outside = [port for address, port in listening or () if not address.startswith("127.")]
        inside = [port for address, port in listening or () if address == "127.0.0.1" and port == wanted]
        if wanted in outside or not (outside or inside):
            self.elsewhere_since = None
            return
        self.elsewhere_since = self.elsewhere_since or monotonic()
        if monotonic() - self.elsewhere_since >= self.patience:
            raise wrong_port(self.plan, sorted(set(outside)), loopback=bool(inside))


def ended(container: Container) -> str:
    """The exit code, and what is known beside it."""
    return f"exit code {container.code}" + (", out of memory (raise mem_limit)" if container.oom else "")


def not_started(container: Container) -> Failure:
    """What the engine says about a container that it could not start."""
    if TAKEN.search(container.error):
        return Failure(
            Stage.PORT,
            f"{container.service!r} wants a port of this machine that is taken",
            seen=container.error,
            next_step='Let it have a free one: ports: ["127.0.0.1::8000"], and no API_HOST_PORT.',
        )
    return Failure(
        Stage.CONTAINER,
        f"{container.service!r} could not be started",
        seen=container.error,
        next_step="Look at its command and entrypoint: do they exist in the image, and are they executable?",
    )


def wrong_port(plan: Plan, ports: Sequence[int], *, loopback: bool) -> Failure:
    """The API is there, but not where it is asked."""
    if loopback:
        return Failure(
            Stage.PORT,
            f"{plan.service!r} listens on port {plan.port} of 127.0.0.1 in its container, which nobody outside reaches",
            next_step="Let it listen on 0.0.0.0; the container's port is published on loopback only.",
        )
    return Failure(
        Stage.PORT,
        f"{plan.service!r} listens on {', '.join(map(str, ports))} in its container, not on {plan.port}",
        next_step=f"Set API_PORT={ports[0]}, or let it listen on the port that it gets as PORT.",
    )


def of_command(output: str, found: Sequence[Container], missing: Sequence[str]) -> Failure:
    """Why `up` failed when no container says so."""
    if missing and (NO_IMAGE.search(output) or not found):
        return Failure(
            Stage.IMAGE,
            f"there is no image {' or '.join(missing)} on this machine, and it could not be pulled",
            seen=output,
            next_step="Is its name right, and may you pull it (docker login)?",
        )
    if TAKEN.search(output):
        return not_started(Container(id="", service="a service", image="", state="created", error=output))
    return Failure(Stage.CONTAINER, "docker compose up failed", seen=output, next_step="See what Compose said above.")
