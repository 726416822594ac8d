"""Every exchange of this process held against the contract, and what each test has seen of that."""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tidegate.contract.findings import DIFFERENT, Findings, printable
from tidegate.contract.shapes import NOTHING, Shapes, breaches, operation_of, value_of
from tidegate.contract.share import Share
from tidegate.contract.silence import Silence
from tidegate.plugin.contract.judging import is_judged
from tidegate.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidegate.contract.baseline import Baseline
    from tidegate.contract.check.payload import Readings
    from tidegate.contract.coverage import Coverage
    from tidegate.contract.document import Document
    from tidegate.contract.model import Bound
    from tidegate.contract.shapes import LockedShapes
    from tidegate.contract.share import Described
    from tidegate.plugin.state import State
    from tidegate.records import Exchange, Sighting
    from tidegate.settings import Settings

Key = tuple[str, str, str]
TROUBLES = 20
_HOLE = re.compile(r"\{[^{}]+\}")


@dataclass(slots=True, kw_only=True)
class Watched:
    """What one test has seen, `during` set-up and call and `after` it, and the shapes that it would teach."""

    during: dict[Key, Sighting] = field(default_factory=dict)
    after: dict[Key, Sighting] = field(default_factory=dict)
    shapes: Shapes
    passed: bool = False


@dataclass(slots=True, kw_only=True)
class Held:
    """What exchanges are held against; `origin` is where the API is, as it begins each of its URLs."""

    base_url: str
    origin: str
    baseline: Baseline
    document: Document | None = None
    described: Described | None = None
    coverage: Coverage | None = None
    shapes: LockedShapes | None = None


class Watch:
    """Looks at every exchange of this process."""

    def __init__(self, state: State, settings: Settings, held: Held, *, fails: bool) -> None:
        self.held, self.findings, self.exchanges, self._unchecked = held, Findings(), 0, 0
        self._state, self._settings, self._fails = state, settings, fails
        self._tests: defaultdict[str, Watched] = defaultdict(lambda: Watched(shapes=Shapes(self._may_be_kept)))
        self.in_full: dict[Key, str] = {}
        """What people were shown in full, by which test."""
        self.showing: set[Key] = set()
        """What the report that is being made shows in full."""
        self._told: set[Key] = set()
        self._silence = Silence()
        self._shown: dict[Key, Finding] = {}
        self._troubles = Counter[str]()
        self._learned = Shapes()
        self._lock = threading.RLock()

    def observe(self, exchange: Exchange) -> str:
        """Holds the exchange against the contract; gives the name of its operation, empty when it has none."""
        if not self._is_the_apis(exchange.url):
            return ""
        with self._lock:
            self._silence.note(exchange)
            try:
                return self._judged(exchange)
            except Exception as error:  # a flaw of ours must fail no request of a test, and not pass unseen
                what = f"{exchange.method} {exchange.status} not checked: {type(error).__name__}: {error}"
                self._troubles[what[:200] if len(self._troubles) < TROUBLES else "… and more that differ"] += 1
                return ""

    def note(self, finding: Finding, exchange: Exchange) -> None:
        """Takes what somebody else has found about an exchange that was observed."""
        with self._lock:
            self._note(finding, exchange, self._tests[exchange.test].during)

    def seen_during(self, test: str) -> list[Sighting]:
        """What fails the test after its own call: new findings of its set-up and call."""
        return self._taken(self._tests[test].during)

    def seen_after(self, test: str) -> list[Sighting]:
        """What fails its teardown."""
        return self._taken(self._tests[test].after)

    def passed(self, test: str) -> None:
        """Notes that the test's own call passed."""
        self._tests[test].passed = True

    def ended(self, test: str) -> None:
        """Learns the shapes that the test has seen, if it passed, and forgets the rest of it."""
        with self._lock:
            watched = self._tests.pop(test, None)
            if watched and watched.passed:
                self._learned.merge(watched.shapes)

    def share(self) -> Share:
        """What this process has to tell."""
        from tidegate.redact import mask

        strict = {each.finding.key for each in self.findings if self._is_new(each)}
        for each in self.findings:  # once more, since more is known to be secret by now
            texts = {name: mask(getattr(each.finding, name), self._state.secrets) for name in ("promised", "came")}
            each.finding, each.curl = replace(each.finding, **texts), mask(each.curl, self._state.secrets)
        silence = replace(self._silence, error=mask(self._silence.error, self._state.secrets))
        return Share(
            silence=silence,
            document=self.held.described,
            exchanges=self.exchanges,
            unchecked=self._unchecked,
            findings=self.findings,
            coverage=self.held.coverage,
            shapes=self._learned,
            shapes_locked=bool(self.held.shapes),
            unclaimed=strict - self._told,
            told=self._told,
            troubles=self._troubles,
        )

    def told(self) -> dict[str, Any]:
        """The same as plain data, for another process."""
        share = self.share()
        return {**share.to_json(), "shapes": share.shapes.to_text()}

    def _taken(self, seen: dict[Key, Sighting]) -> list[Sighting]:
        with self._lock:
            found = [each for each in seen.values() if self._is_new(each)]
            seen.clear()
            self._told.update(each.finding.key for each in found)
            return found

    def _is_new(self, sighting: Sighting) -> bool:
        return self._fails and sighting.level == "strict" and not sighting.known

    def _judged(self, exchange: Exchange) -> str:
        bound = self._bound(exchange)
        name = bound.operation.name if bound and bound.operation else self._general(exchange)
        if not is_judged():
            return name
        self.exchanges += 1
        self._unchecked += self._is_unreadable(exchange)
        watched = self._tests[exchange.test]
        seen = watched.after if exchange.phase == "teardown" else watched.during
        readings = _readings() if self.held.document else None
        for finding in self._departures(exchange, bound, name, readings):
            self._note(finding, exchange, seen)
        if self._settings.contract.shapes:
            for finding in self._held_to_shapes(exchange, name, watched, readings):
                self._note(finding, exchange, seen)
        return name

    def _is_the_apis(self, url: str) -> bool:
        origin = self.held.origin
        return url.startswith(origin) and url[len(origin) : len(origin) + 1] in ("", "/", "?", "#")

    def _may_be_kept(self, word: str) -> bool:
        from tidegate.redact import mask

        return mask(word, self._state.secrets) == word

    def _general(self, exchange: Exchange) -> str:
        """What to call an operation that no document names."""
        resources, prefix = self._settings.resources, self._settings.prefix
        return operation_of(exchange.method, exchange.url, resources, self.held.base_url, prefix)

    def _is_unreadable(self, exchange: Exchange) -> bool:
        """Whether there was a body that cannot be held against anything."""
        answer, limit = exchange.response, self._settings.contract.body_limit
        if answer is None or exchange.method == "HEAD" or exchange.status in (204, 304):
            return False
        return answer.body is None or len(answer.body) > limit

    def _bound(self, exchange: Exchange) -> Bound | None:
        document = self.held.document
        return document.bind(exchange.method, exchange.url, self.held.base_url) if document else None

    def _departures(
        self, exchange: Exchange, bound: Bound | None, name: str, readings: Readings | None
    ) -> Iterator[Finding]:
        if self.held.document and bound:
            from tidegate.contract.check import check

            if self.held.coverage:
                self.held.coverage.add(exchange, bound)
            limit = self._settings.contract.body_limit
            document = self.held.document
            yield from check(document, bound, exchange, body_limit=limit, name=name, readings=readings)

    def _held_to_shapes(
        self, exchange: Exchange, name: str, watched: Watched, readings: Readings | None
    ) -> Iterator[Finding]:
        """What departs from the locked shapes; the answer's own are learned when its test passes."""
        value = value_of(exchange, readings.of if readings else None)
        if value is NOTHING or exchange.status is None or _is_document(value):
            return
        key = _HOLE.sub("{id}", name)  # so that a lock is the same with and without a document
        watched.shapes.learn(key, exchange.status, value)
        if self.held.shapes:
            for finding in breaches(self.held.shapes, key, exchange.status, value):
                yield replace(finding, operation=name)

    def _note(self, finding: Finding, exchange: Exchange, seen: dict[Key, Sighting]) -> None:
        level = level_of(self._settings, finding.kind)
        if level == "off":
            return
        finding = self._shown.get(finding.key) or self._masked(finding)
        entry = self.held.baseline.known(finding)
        sighting = self.findings.add(
            finding,
            exchange.test,
            lambda: self._curl(exchange),
            known=entry.told if entry else "",
            level=level,
        )
        seen[finding.key] = sighting

    def _masked(self, finding: Finding) -> Finding:
        from tidegate.redact import mask

        texts = (finding.operation, finding.where, finding.promised, finding.came)
        shown = printable(Finding(finding.kind, *(mask(text, self._state.secrets) for text in texts)))
        if len(self._shown) < DIFFERENT:
            self._shown[finding.key] = shown
        return shown

    def _curl(self, exchange: Exchange) -> str:
        from tidegate.curl import curl
        from tidegate.redact import masked_exchange

        return curl(masked_exchange(exchange, self._state.secrets))


def _readings() -> Readings:
    from tidegate.contract.check.payload import Readings  # with a document only, since that takes a while

    return Readings()


def _is_document(value: Any) -> bool:
    """Whether the API shows its own document, which is locked as such."""
    return isinstance(value, dict) and "paths" in value and ("openapi" in value or "swagger" in value)


def level_of(settings: Settings, kind: str) -> str:
    """What a finding of this kind does; a mode from the command line bounds what the kinds have of their own."""
    mode = settings.contract.mode
    level = settings.contract.levels.get(kind, mode)
    asked = settings.origins.get("contract.mode") == "command line"
    return mode if asked and mode != "strict" and level == "strict" else level
