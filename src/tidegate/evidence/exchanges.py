"""The exchanges of a run, found by test without reading all of them again."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from tidegate.lines import exchange_of
from tidegate.records import Exchange

_HEAD = re.compile(
    rb'\{"run": "(?P<run>[^"]*)", "started": (?P<started>\d+(?:\.\d+)?), "elapsed": [^,]+, "number": \d+,'
    rb' "test": (?P<test>"(?:[^"\\]|\\.)*")'
)
Place = tuple[float, int, int]


class Exchanges:
    """The exchanges in these files that are of `run`, whichever of its workers made them; of any run when it is ""."""

    def __init__(self, paths: Iterable[Path], run: str) -> None:
        self.cut = 0
        self._paths, self._run = [*paths], run.encode("utf-8", "replace")
        self._of: defaultdict[str, list[Place]] = defaultdict(list)
        for number in range(len(self._paths)):
            self._index(number)

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self._of.values()))

    def senders(self) -> dict[str, float]:
        """The tests that have sent something, and when each began to, in that order."""
        first = {test: min(places)[0] for test, places in self._of.items() if places}
        return dict(sorted(first.items(), key=lambda item: item[1]))

    def read(self, test: str | None = None) -> Iterator[Exchange]:
        """All of them, or those of a test, in the order in which they began."""
        places = self._of.get(test, []) if test is not None else [at for each in self._of.values() for at in each]
        with ExitStack() as stack:
            files = [stack.enter_context(path.open("rb")) for path in self._paths]
            for _, number, offset in sorted(places):
                files[number].seek(offset)
                with suppress(ValueError, RecursionError):
                    yield exchange_of(files[number].readline())[1]

    def _index(self, number: int) -> None:
        offset = 0
        with self._paths[number].open("rb") as lines:
            for line in lines:
                found = _HEAD.match(line) if line.endswith(b"}\n") else None
                if found is None:
                    self.cut += bool(line.strip())
                elif not self._run or found["run"].partition(b"-gw")[0] == self._run:
                    with suppress(ValueError):
                        self._of[json.loads(found["test"])].append((float(found["started"]), number, offset))
                offset += len(line)
