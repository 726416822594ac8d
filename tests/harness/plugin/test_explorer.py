"""How exploring spends its time, and what it says of what it could not do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tidegate.contract.model import Operation
from tidegate.errors import BudgetSpent, UsageError, WriteRefused
from tidegate.plugin.explore.explorer import Explorer, Wanted, Way

LIST, MAKE, DELETE = Operation("GET", "/things"), Operation("POST", "/things"), Operation("DELETE", "/things/{id}")


class Drawn:
    def __init__(self, number: int, *, legal: bool) -> None:
        self.legal, self._number = legal, number

    def keep(self, queries: set[str], headers: set[str]) -> None:
        pass

    def name(self, records: dict[str, Any]) -> None:
        pass

    def asked(self, base_url: str) -> Any:
        return Asked(f"{base_url}/{self.legal}/{self._number}")


class Asked:
    method, headers, content = "GET", (), b""

    def __init__(self, url: str) -> None:
        self.url = url

    def __hash__(self) -> int:
        return hash(self.url)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asked) and self.url == other.url


class World:
    """Everything that exploring goes by, with a clock that each request moves on by a second."""

    def __init__(self) -> None:
        self.now, self.sent, self.said = 0.0, 0, list[str]()
        self.answer: Any = httpx.Response(200)
        self.count, self.made, self.deleted = 0, list[Any](), list[str]()
        self.forgotten: list[str] = []

    # of the source
    def draw(self, _name: str, most: int, *, legal: bool) -> Iterator[Drawn]:
        return iter([Drawn(number, legal=legal) for number in range(most)])

    # of the ground
    def why_not(self, operation: Operation) -> str:
        return "it is nobody's" if operation is DELETE and "nobody's" in self.forgotten else ""

    def records(self, _operation: Operation, _drawn: Drawn) -> dict[str, str]:
        return {}

    def arrange(self, operation: Operation, drawn: Drawn) -> None:
        pass

    def above(self, operation: Operation, base_url: str) -> str:
        return f"{base_url}/{operation.method}"

    def gone(self, operation: Operation) -> None:
        self.forgotten.append(operation.name)

    # of the client
    def request(self, *_args: Any, **_kwargs: Any) -> httpx.Response:
        self.now += 1
        self.sent += 1
        if isinstance(self.answer, BaseException):
            raise self.answer
        assert isinstance(self.answer, httpx.Response)
        return self.answer

    # of the ledger and the collections
    def outstanding(self) -> list[Any]:
        return self.made

    def __call__(self, _resource: str, _parent: str | None) -> World:
        return self

    def send(self, _action: str, record: str) -> None:
        self.deleted.append(record)

    def explore(self, *operations: Operation, **wanted: Any) -> None:
        it: Any = self
        way = Way(it, "http://api", it, it, it, it, lambda: 0, self.said.append, lambda: self.now)
        Explorer(way, Wanted(**{"examples": 5, **wanted})).run(operations)


def test_each_operation_gets_legal_and_illegal_requests_reads_first() -> None:
    world = World()
    world.explore(DELETE, MAKE, LIST, seed=7)
    assert [line.partition(":")[0] for line in world.said[:3]] == ["GET /things", "POST /things", "DELETE /things/{id}"]
    assert world.said[0] == "GET /things: 10 requests, 0 new findings"
    assert "30 requests sent; --seed 7 draws the same ones again" in world.said
    assert world.forgotten == ["DELETE /things/{id}"] * 10


def test_no_operation_takes_the_time_of_the_others() -> None:
    world = World()
    world.explore(LIST, MAKE, examples=500, seconds=100)
    assert world.said[:2] == ["GET /things: 50 requests, 0 new findings", "POST /things: 50 requests, 0 new findings"]
    assert world.said[-2] == "out of time: GET /things, POST /things: --max-time SECONDS gives more than 100"


def test_what_one_leaves_of_the_time_is_for_those_that_need_more() -> None:
    world = World()
    world.explore(LIST, MAKE, examples=30, seconds=121)
    assert [line for line in world.said if line.startswith("GET")] == ["GET /things: 60 requests, 0 new findings"]
    assert not any(line.startswith("out of time") for line in world.said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (WriteRefused("no"), "10 requests not sent: the guard protects the admin and what is not this run's"),
        (httpx.ReadTimeout("slow"), "10 requests without an answer, or that HTTP cannot carry"),
        (httpx.InvalidURL("odd"), "10 requests without an answer, or that HTTP cannot carry"),
    ],
)
def test_what_was_not_answered_is_counted(answer: Exception, said: str) -> None:
    world = World()
    world.answer = answer
    world.explore(LIST)
    assert world.said[0] == "GET /things: 0 requests, 0 new findings"
    assert said in world.said


def test_a_create_that_the_ledger_did_not_see_is_named() -> None:
    world = World()
    world.explore(MAKE)
    assert world.said[-1].startswith("POST /things succeeded, but what it made could not be told")


def test_operations_are_chosen_by_name_and_deprecated_ones_only_so() -> None:
    old = Operation("GET", "/old", deprecated=True)
    world = World()
    world.explore(LIST, old)
    assert world.sent == 10
    world.explore(LIST, old, operations=("GET /old",))
    assert world.said[-2] == "GET /old: 10 requests, 0 new findings"


def test_an_operation_that_may_not_be_explored_is_named_with_the_reason() -> None:
    world = World()
    world.forgotten.append("nobody's")
    world.explore(DELETE)
    assert world.said[0] == "not explored: DELETE /things/{id}: it is nobody's"
    assert world.sent == 0


def test_what_was_made_is_removed_newest_first_however_it_ends() -> None:
    class Made:
        resource, parent = "things", None

        def __init__(self, id_: str) -> None:
            self.id = id_

    world = World()
    world.made, world.answer = [Made("1"), Made("2")], BudgetSpent("no more")
    with pytest.raises(BudgetSpent):
        world.explore(LIST)
    assert world.deleted == ["2", "1"]


def test_an_unknown_operation_is_refused_with_what_was_meant() -> None:
    with pytest.raises(UsageError, match="did you mean GET /things"):
        World().explore(LIST, operations=("GET /thing",))
