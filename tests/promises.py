"""Which of the things that the pattern leaves open an API is held to."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import httpx
import pytest

from tidegate.settings import Settings

DEMAND = re.compile(r"\(API_PROMISES=([\w,]+) demands it\)")


class Promises:
    """What this API promises beyond the pattern."""

    def __init__(self, reasons: Mapping[str, str], held: Collection[str]) -> None:
        self._reasons = reasons
        self._held = held

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def skip_unless(self, name: str) -> None:
        """Skip here, with the reason, when this API does not promise `name`; else go on."""
        if name not in self._held:
            names = ",".join([*self._held, name])
            pytest.skip(f"the pattern leaves this open: {self._reasons[name]} (API_PROMISES={names} demands it)")


def not_held(skipped: Iterable[pytest.TestReport]) -> str:
    """A line on the promises that tests were skipped for; empty when there were none."""
    # Out of the reasons, since the process that writes the summary under pytest-xdist runs no test.
    demands = [found[1].split(",") for report in skipped if (found := DEMAND.search(str(report.longrepr)))]
    if not demands:
        return ""
    counts = Counter(names[-1] for names in demands)
    tests = ", ".join(f"{name} ({count} test{'s' * (count > 1)})" for name, count in counts.most_common())
    names = ",".join([*demands[0][:-1], *sorted(counts)])
    return f"not held to: {tests}; API_PROMISES={names} in .env.test demands it"


def held(reasons: Mapping[str, str], title: str, client: httpx.Client, settings: Settings) -> Collection[str]:
    """The names in API_PROMISES (or `all`, `none`); without it all for the API with that title, none for any other."""
    named = settings.variables.get("API_PROMISES", "").replace(",", " ").split()
    if named:
        names = {"all": list(reasons), "none": []}.get(named[0], named)
        if unknown := sorted(set(names) - set(reasons)):
            pytest.exit(
                f"API_PROMISES names {', '.join(unknown)}: expected all, none or some of {', '.join(reasons)}", 78
            )
        return names
    document = client.get("/openapi.json")
    # A server error says nothing about which API this is, so it excuses nothing.
    return reasons if document.is_server_error or title_of(document) == title else ()


def title_of(document: httpx.Response) -> str:
    """The title in an OpenAPI document; empty when this is none."""
    if not document.is_success or "json" not in document.headers.get("Content-Type", ""):
        return ""
    return str(document.json().get("info", {}).get("title", ""))
