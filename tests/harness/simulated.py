"""An API that does not exist: what its answers look like is drawn once, what is in them each time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Answer = tuple[str, int, Any]
Make = Callable[[random.Random], Any]
WORDS = ("open", "closed", "in_review", "lost")
NAMES = ("Ann", "bob", "Carol Smith", "dora", "Émile", "frank")


def _text(chance: random.Random) -> str:
    return " ".join(chance.choice(NAMES) for _ in range(chance.randrange(3)))


def _time(chance: random.Random) -> str:
    fraction = chance.choice(["", ".5", ".123456"])
    return f"2024-0{chance.randrange(1, 10)}-1{chance.randrange(10)}T10:00:0{chance.randrange(10)}{fraction}Z"


KINDS: dict[str, Make] = {
    "integer": lambda chance: chance.randrange(10**6),
    "number": lambda chance: chance.choice([0, 1, 2.5, chance.random()]),
    "boolean": lambda chance: chance.random() < 0.5,
    "text": _text,
    "name": lambda chance: chance.choice(NAMES),
    "word": lambda chance: chance.choice(WORDS[:3]),
    "email": lambda chance: f"{chance.choice('abc')}{chance.randrange(10**6)}@example.com",
    "uuid": lambda chance: str(uuid.UUID(int=chance.getrandbits(128))),
    "date-time": _time,
    "date": lambda chance: f"2024-0{chance.randrange(1, 10)}-1{chance.randrange(10)}",
    "uri": lambda chance: f"https://example.com/{chance.randrange(10**6)}",
    "by-id": lambda chance: {str(chance.randrange(10**6)): chance.random() for _ in range(chance.randrange(4))},
    "by-name": lambda chance: {name: chance.randrange(9) for name in NAMES if chance.random() < 0.5},
    "texts": lambda chance: [chance.choice(NAMES) for _ in range(chance.randrange(3))],
}


@dataclass
class Field:
    """A field of a record: how often it is there, and how often it is null."""

    make: Make
    kind: str
    present: float = 1.0
    null: float = 0.0


@dataclass
class Api:
    """Records of one kind: made, read one by one and in lists, looked for in vain."""

    fields: dict[str, Field] = field(default_factory=dict)

    def record(self, chance: random.Random) -> dict[str, Any]:
        """One record."""
        made = {}
        for name, each in self.fields.items():
            if chance.random() < each.present:
                made[name] = None if chance.random() < each.null else each.make(chance)
        return made

    def run(self, chance: random.Random, tests: int) -> Iterator[Answer]:
        """What the tests of a run see."""
        for _ in range(tests):
            yield "POST /things", 201, self.record(chance)
            yield "GET /things/{id}", 200, self.record(chance)
            items = [self.record(chance) for _ in range(chance.randrange(6))]
            yield "GET /things", 200, {"items": items, "total": len(items)}
            yield "GET /things/{id}", 404, {"detail": _text(chance)}
            detail = chance.choice([_text(chance), [{"loc": ["body", _text(chance)], "msg": _text(chance)}]])
            yield "POST /things", 422, {"detail": detail}


def api(chance: random.Random) -> Api:
    """An API of some fields, most of them always there and never null."""
    made = Api({"id": Field(KINDS[chance.choice(["integer", "uuid"])], "id")})
    for at in range(chance.randrange(3, 12)):
        kind = chance.choice(sorted(KINDS))
        rare = chance.choice([1.0, 1.0, 1.0, 0.75, 0.5, 0.25])
        null = chance.choice([0.0, 0.0, 0.0, 0.25, 0.5])
        made.fields[f"{kind.replace('-', '_')}_{at}"] = Field(KINDS[kind], kind, rare, null)
    if chance.random() < 0.5:
        inner = Api({name: each for name, each in made.fields.items() if chance.random() < 0.5})
        made.fields["inner"] = Field(inner.record, "object")
        made.fields["inners"] = Field(lambda chance: [inner.record(chance) for _ in range(chance.randrange(3))], "list")
    return made
