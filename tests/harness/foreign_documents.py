"""Documents that others wrote, a folder of them: read, bound and held against answers made from them.

    python tests/harness/foreign_documents.py FOLDER-OR-FILE…

For each: its size and version, the time to read it, to bind a call and to check an answer; how many of the answers
that follow the document were objected to (`alarms`, to be 0), and how many with one value of another type were not
(`missed`, to be 0).
`vague` are answers that fit several branches of a oneOf, which no check can help; `unmade` could not be made.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foreign_answers import Maker
from foreign_scalars import Impossible

from tidegate.contract.document import Document, read_document
from tidegate.errors import DocumentError


@dataclass
class Figures:
    """What one document came to."""

    operations: int = 0
    unbound: list[str] = field(default_factory=list)
    answers: int = 0
    unmade: int = 0
    alarms: list[str] = field(default_factory=list)
    vague: int = 0
    spoiled: int = 0
    missed: list[str] = field(default_factory=list)
    load: float = 0.0
    bind: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)


def measured(path: Path, most: int = 400) -> tuple[Document, Figures]:
    """The figures of a document, from at most so many of its answers."""
    begun = time.process_time()
    document = read_document(lambda name: Path(name).read_bytes(), str(path))
    figures = Figures(operations=len(document.operations), load=time.process_time() - begun)
    bind(document, figures)
    maker = Maker(document.plain)
    nodes = list(answers(document))
    step = max(1, len(nodes) // most)
    for name, node, schema in nodes[::step]:
        judge(name, node, schema, maker, figures)
    return document, figures


def bind(document: Document, figures: Figures) -> None:
    """Calls every operation by a URL without its server, and by one with it."""
    document.bind("GET", "/")
    for operation in document.operations:
        called = operation.path.partition("#")[0].replace("{", "x").replace("}", "y").replace(" ", "%20")
        begun = time.perf_counter()
        found = document.bind(operation.method, called).operation
        figures.bind.append(time.perf_counter() - begun)
        if found is not operation and (found is None or found.path.count("{") > operation.path.count("{")):
            figures.unbound.append(f"{operation.name} -> {found and found.name}")


def answers(document: Document) -> Any:
    """Each answer with a schema, from the operations and as the document writes it."""
    follow = Maker(document.plain)._follow
    for operation in document.operations:
        item = follow(document.plain["paths"][operation.path])
        node = item.get(operation.method.lower()) or item["additionalOperations"][operation.method]
        for answer in operation.answers:
            content = follow(node["responses"][answer.status] or {}).get("content") or {}
            for media, raw in zip(answer.media, content.values(), strict=True):
                if media.schema is not None:
                    yield f"{operation.name} {answer.status}", follow(raw)["schema"], media.schema


def judge(name: str, node: Any, schema: Any, maker: Maker, figures: Figures) -> None:
    """Holds an answer and a spoiled one against a schema."""
    try:
        value = maker.answer(node)
    except Impossible:
        figures.unmade += 1
        return
    begun = time.perf_counter()
    schema.allows(None)
    figures.first.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    found = list(schema.breaches(value))
    figures.check.append(time.perf_counter() - begun)
    figures.answers += 1
    if found and all(each.keyword == "oneOf" and " fits " in each.came for each in found):
        figures.vague += 1
        return
    if found:
        figures.alarms.append(f"{name}: {found[0]}")
        return
    try:
        spoiled = maker.spoiled(value)
    except Impossible:
        return
    figures.spoiled += 1
    if not list(schema.breaches(spoiled)):
        figures.missed.append(f"{name}: {spoiled}"[:300])


def files(arguments: list[str]) -> list[Path]:
    """The documents among files and folders."""
    found: list[Path] = []
    for each in map(Path, arguments):
        found += (
            sorted(p for p in each.rglob("*") if p.suffix in (".json", ".yaml", ".yml")) if each.is_dir() else [each]
        )
    return found


def main() -> int:
    """Prints a line for each document, and what is wrong with it."""
    head = (
        "kB",
        "version",
        "operations",
        "load ms",
        "bind us",
        "first us",
        "check us",
        "answers",
        "unmade",
        "vague",
        "alarms",
        "missed",
    )
    print(f"{'document':<44}" + "".join(f"{each:>11}" for each in head))
    wrong = 0
    for path in files(sys.argv[1:]):
        try:
            document, found = measured(path)
        except DocumentError as error:
            print(f"{path.name:<44} {str(error).splitlines()[0]} {str(error).splitlines()[1]}")
            continue
        times = [statistics.median(each or [0]) * 1e6 for each in (found.bind, found.first, found.check)]
        counts = (found.answers, found.unmade, found.vague, len(found.alarms), len(found.missed))
        cells = [path.stat().st_size // 1000, document.version, found.operations, round(found.load * 1e3)]
        cells += [*(f"{each:.1f}" for each in times), *counts]
        print(f"{'/'.join(path.parts[-2:])[:43]:<44}" + "".join(f"{each!s:>11}" for each in cells), flush=True)
        for line in [*found.alarms[:3], *(f"missed {each}" for each in found.missed[:2]), *found.unbound[:2]]:
            print(f"    {line}")
        wrong += len(found.alarms) + len(found.missed) + len(found.unbound)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
