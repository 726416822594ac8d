"""What one process of a run, or one shard, has to tell of the contract, and all of them together."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tidegate.contract.findings import Findings
from tidegate.contract.shapes import Shapes
from tidegate.contract.silence import Silence
from tidegate.errors import UsageError

if TYPE_CHECKING:  # a run without a document needs nothing of it
    from tidegate.contract.coverage import Coverage
    from tidegate.contract.document import Document

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Described:
    """Which document exchanges were held to; two that bind to the same have one digest."""

    title: str
    version: str
    openapi: str
    digest: str

    @classmethod
    def of(cls, document: Document) -> Described:
        """What tells the document from others."""
        from tidegate.contract.lock import lock_text

        info = document.plain.get("info")
        version = str(info.get("version") or "") if isinstance(info, Mapping) else ""
        digest = hashlib.sha256(lock_text(document.plain).encode("utf-8", "replace")).hexdigest()[:16]
        return cls(document.title or "the API", version, document.version, digest)

    def __str__(self) -> str:
        kind = "swagger" if self.openapi.startswith("2") else "openapi"
        return f"{self.title} {self.version}".strip() + f" ({kind} {'.'.join(self.openapi.split('.')[:2])})"


@dataclass(slots=True)
class Share:
    """What one process or shard has to tell, or several of them have.

    `unchecked`: bodies that were too large, or that nobody read. `told`: what has failed a test; `unclaimed`: what
    should have, and did not. `troubles` of ours, and how often.
    """

    document: Described | None = None
    exchanges: int = 0
    unchecked: int = 0
    findings: Findings = field(default_factory=Findings)
    coverage: Coverage | None = None
    shapes: Shapes = field(default_factory=Shapes)
    shapes_locked: bool = False
    unclaimed: set[Key] = field(default_factory=set)
    told: set[Key] = field(default_factory=set)
    troubles: Counter[str] = field(default_factory=Counter)
    silence: Silence = field(default_factory=Silence)

    def join(self, other: Share) -> None:
        """Takes over what another one tells; raises UsageError when it was held to another document."""
        if self.document and other.document and self.document.digest != other.document.digest:
            raise UsageError(_differ(self.document, other.document))
        self.document = self.document or other.document
        self.exchanges += other.exchanges
        self.unchecked += other.unchecked
        self.findings.merge(other.findings)
        self.findings.more += other.findings.more
        if self.coverage and other.coverage:
            self.coverage.merge(other.coverage.to_json())
        self.coverage = self.coverage or other.coverage
        self.shapes.merge(other.shapes)
        self.shapes_locked = self.shapes_locked or other.shapes_locked
        self.told |= other.told
        self.unclaimed = (self.unclaimed | other.unclaimed) - self.told
        self.troubles.update(other.troubles)
        self.silence.join(other.silence)

    def to_json(self) -> dict[str, Any]:
        """As plain data, but for the shapes, which are kept apart."""
        return {
            "document": asdict(self.document) if self.document else None,
            "exchanges": self.exchanges,
            "unchecked": self.unchecked,
            "findings": self.findings.to_json(),
            "findings_not_kept": self.findings.more,
            "coverage": self.coverage.to_json() if self.coverage else None,
            "shapes_locked": self.shapes_locked,
            "unclaimed": sorted(self.unclaimed),
            "told": sorted(self.told),
            "troubles": dict(self.troubles),
            "silence": asdict(self.silence),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any], shapes: str = "") -> Share:
        """What `to_json` told, and the shapes."""
        share = cls(**{name: told[name] for name in ("exchanges", "unchecked", "shapes_locked")})
        share.document = Described(**told["document"]) if told["document"] else None
        share.findings = Findings.from_json(told["findings"])
        share.findings.more = told["findings_not_kept"]
        share.coverage = _coverage(told["coverage"]) if told["coverage"] else None
        share.shapes = Shapes.from_text(shapes) if shapes else Shapes()
        share.unclaimed, share.told = ({tuple(key) for key in told[name]} for name in ("unclaimed", "told"))
        share.troubles, share.silence = Counter(told["troubles"]), Silence(**told.get("silence", {}))
        return share


def _coverage(told: Mapping[str, Any]) -> Coverage:
    from tidegate.contract.coverage import Coverage

    return Coverage.of_json(told)


def joined(shares: Iterable[Share]) -> Share:
    """All of them together; raises UsageError when they were held to different documents."""
    whole = Share()
    for share in shares:
        whole.join(share)
    return whole


def _differ(one: Described, other: Described) -> str:
    return (
        "the runs were held to different documents\n"
        f"  seen: {one}, digest {one.digest}, and {other}, digest {other.digest}\n"
        "  next: run all of them against the same build of the API"
    )
