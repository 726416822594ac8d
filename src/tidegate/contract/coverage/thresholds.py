"""How much must be covered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tidegate.contract.coverage.coverage import Coverage
from tidegate.contract.coverage.shares import Share, shown
from tidegate.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Failure:
    """A resource, or all under the empty name, of which less was covered than must be."""

    resource: str
    wanted: float
    got: Share

    def __str__(self) -> str:
        return (
            f"{self.resource or 'the contract'} is covered to {shown(self.got.percent)} %"
            f" ({self.got.covered} of {self.got.total}), and contract.fail_under wants {self.wanted:g} %"
        )


def failures(coverage: Coverage, thresholds: Mapping[str, float]) -> list[Failure]:
    """Where too little was covered, compared exactly; raises SettingsError of a resource that there is not."""
    return list(_failures(coverage, thresholds))


def _failures(coverage: Coverage, thresholds: Mapping[str, float]) -> Iterator[Failure]:
    known = coverage.by_resource()
    for resource, wanted in thresholds.items():
        if resource and resource not in known:
            raise SettingsError(_unknown(resource, known))
        got = known[resource].overall if resource else coverage.tally.overall
        # A document that promises nothing must not pass for one that is kept.
        empty = not resource and not got.total and wanted
        if empty or got.percent < Fraction(str(wanted)):
            yield Failure(resource, wanted, got)


def _unknown(resource: str, known: Mapping[str, object]) -> str:
    return (
        f"contract.fail_under names the resource {resource!r}, which the API's document does not have\n"
        f"  seen: it has {', '.join(sorted(known)) or 'none'}\n"
        "  next: name one of these: an operation's resource is its first tag, else the first segment of its path"
    )
