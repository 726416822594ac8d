"""The logs of all services, found by time and by trace without reading them again."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from tidegate.evidence.loglines import trace_id

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.evidence.loglines import LogLine

_TRACE = re.compile(r"\b[0-9a-f]{32}\b")


class LogIndex:
    """Read once, for a report that asks thousands of times."""

    def __init__(self, bundle: Bundle) -> None:
        self.lines = {name: sorted(bundle.log(name), key=lambda line: line.at) for name in bundle.services}
        self._times = {name: [line.at for line in lines] for name, lines in self.lines.items()}
        self._traced: dict[str, defaultdict[str, list[int]]] = {}
        for name, lines in self.lines.items():
            traced = self._traced.setdefault(name, defaultdict(list))
            for number, line in enumerate(lines):
                for found in _TRACE.findall(line.text):
                    traced[found].append(number)

    def near(self, start: float, end: float, trace: str = "") -> dict[str, list[LogLine]]:
        """Of each service the lines of that time, and those that name the trace, in order."""
        found = {name: self._near(name, start, end, trace_id(trace)) for name in self.lines}
        return {name: lines for name, lines in found.items() if lines}

    def tail(self, service: str, end: float, count: int = 200) -> dict[str, list[LogLine]]:
        """The last lines of a service before a moment."""
        lines = self.lines.get(service, [])
        last = bisect_right(self._times.get(service, []), end)
        return {service: lines[max(0, last - count) : last]}

    def _near(self, name: str, start: float, end: float, trace: str) -> list[LogLine]:
        times, lines = self._times[name], self.lines[name]
        numbers = {*range(bisect_left(times, start), bisect_right(times, end)), *self._traced[name].get(trace, ())}
        return [lines[number] for number in sorted(numbers)]
