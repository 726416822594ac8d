"""Which worker of pytest-xdist runs which tests, when that was recorded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

Node = Any  # xdist.workermanage.WorkerController
AHEAD = 2  # a worker has to know the test after the one it runs, to end fixtures when that one would have


class Split:
    """A scheduler of pytest-xdist; deals out one test at a time, so that -x ends every worker soon."""

    def __init__(
        self, plan: Mapping[str, Sequence[str]], workers: int, note: Callable[[Collection[str]], object]
    ) -> None:
        self._plan, self._workers, self._note = plan, workers, note
        self._collected: dict[Node, list[str]] = {}
        self._running: dict[Node, list[str]] = {}  # the first of which runs
        self._waiting: dict[Node, list[str]] = {}
        self._orphans: list[list[str]] = []  # of workers that crashed
        self.collection_is_completed = False

    @property
    def nodes(self) -> list[Node]:
        """The workers that there are."""
        return [*self._running]

    @property
    def has_pending(self) -> bool:
        """Whether a worker has tests to run."""
        return any([*self._running.values(), *self._waiting.values()])

    @property
    def tests_finished(self) -> bool:
        """Whether every test has run."""
        return self.collection_is_completed and not self._orphans and not self.has_pending

    def add_node(self, node: Node) -> None:
        """A worker is there."""
        self._running[node], self._waiting[node] = [], []

    def add_node_collection(self, node: Node, collection: Sequence[str]) -> None:
        """A worker knows its tests."""
        self._collected[node] = [*collection]
        if self.collection_is_completed:
            self._waiting[node] = self._orphans.pop(0) if self._orphans else []
        elif len(self._collected) >= self._workers:
            self.collection_is_completed = True
            self._deal()

    def schedule(self) -> None:
        """Begins, or goes on with a worker that takes a crashed one's place."""
        for node in self._collected:
            self._feed(node)

    def mark_test_complete(self, node: Node, item_index: int, duration: float = 0) -> None:
        """A worker has run a test."""
        del duration
        self._running[node].remove(self._collected[node][item_index])
        self._feed(node)

    def remove_node(self, node: Node) -> str | None:
        """A worker is gone; the test that it was running then, if any."""
        running, waiting = self._running.pop(node), self._waiting.pop(node)
        self._collected.pop(node, None)
        if not running:
            return None
        self._orphans += [rest] if (rest := running[1:] + waiting) else []
        return running[0]

    def mark_test_pending(self, item: str) -> None:
        """The test that crashed its worker shall run again, as pytest-rerunfailures has it: before what was left."""
        self._orphans = self._orphans or [[]]
        self._orphans[-1].insert(0, item)

    def remove_pending_tests_from_node(self, node: Node, indices: Sequence[int]) -> None:
        """A worker has given tests back, which it does when it is asked to: never here."""

    def _deal(self) -> None:
        """Each worker gets its own list; one of a worker that is not here, since it replaced another, goes to any."""
        nodes = sorted(self._collected, key=lambda node: str(node.gateway.id))
        found = {*self._collected[nodes[0]]}
        self._note(found)
        here = {str(node.gateway.id): node for node in nodes}
        for number, (worker, tests) in enumerate(self._plan.items()):
            self._waiting[here.get(worker, nodes[number % len(nodes)])] += [test for test in tests if test in found]

    def _feed(self, node: Node) -> None:
        running, waiting, collected = self._running[node], self._waiting[node], self._collected[node]
        while waiting and len(running) < AHEAD and not node.shutting_down:
            running.append(waiting.pop(0))
            node.send_runtest_some([collected.index(running[-1])])
        if not waiting and not node.shutting_down:
            node.shutdown()
