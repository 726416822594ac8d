"""What the parameters of a case's request are: records of the tests, what the settings say, what the document shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tidegate.contract.cases import ids
from tidegate.contract.cases.flat import flat
from tidegate.contract.cases.sample import NoSample, sample

if TYPE_CHECKING:
    from tidegate.contract.cases import Case
    from tidegate.contract.model import Operation, Parameter
    from tidegate.plugin.cases.records import Pool

NAMED = re.compile(r"\{([^{}]+)\}")
_TELLING = {"const", "enum", "example", "examples", "default"}


class CannotSay(Exception):  # noqa: N818  said by the name
    """The request cannot be made; the text says which setting would help."""


class Values:
    """The parameters of one case's request; `filled` names the resources that those of its path are ids of."""

    def __init__(self, case: Case, pool: Pool, filled: Mapping[str, str]) -> None:
        self._case, self._pool, self._filled = case, pool, filled

    def path(self, template: str) -> str:
        """The path with its parameters filled in; raises CannotSay."""
        return NAMED.sub(lambda found: quote(self._segment(found[1]), safe=""), template)

    def pairs(self, place: str) -> Iterator[tuple[str, str]]:
        """The parameters of query or header that the request has: what is required, and what the case is about."""
        for parameter in self._case.operation.parameters:
            name = parameter.name
            if parameter.place == place and (place, name) in self._case.parameters:
                if (text := self._case.parameters[place, name]) is not None:
                    yield name, text
            elif parameter.place == place and parameter.required:
                yield name, as_text(self._value(name, place))

    def _segment(self, name: str) -> str:
        case, known = self._case, self._pool.settings.contract.values
        real = self._pool.record(self._filled[name]).id if name in self._filled else known.get(name)
        if not case.ids or name != case.subject:
            return as_text(self._value(name, "path") if real is None else real)
        if case.ids == "malformed":
            return ids.MALFORMED
        plain = _plain(_parameter(case.operation, name, "path"))
        kind, form = str(plain.get("type")), str(plain.get("format"))
        return ids.unknown_of(kind, form) if real is None else ids.unknown(as_text(real))

    def _value(self, name: str, place: str) -> Any:
        """What the settings say, else what the document itself shows; of a path, nothing that is only of its type."""
        operation, values = self._case.operation, self._pool.settings.contract.values
        if name in values:
            return values[name]
        parameter = _parameter(operation, name, place)
        if parameter and parameter.schema and (place != "path" or _TELLING & _plain(parameter).keys()):
            try:
                return sample(parameter.schema)
            except NoSample:
                pass
        raise CannotSay(
            f"nothing says what {name} of {operation.name} may be; next: set values = {{ {name} = … }} in"
            " [tool.tidegate.contract], or declare the resource whose id it is"
        )


def as_text(value: Any) -> str:
    """A value as it stands in a path, a query or a header."""
    if isinstance(value, list):
        return ",".join(map(as_text, value))
    return value if isinstance(value, str) else json.dumps(value)


def _parameter(operation: Operation, name: str, place: str) -> Parameter | None:
    return next((each for each in operation.parameters if (each.name, each.place) == (name, place)), None)


def _plain(parameter: Parameter | None) -> Mapping[str, Any]:
    return flat(parameter.schema, parameter.schema.plain) if parameter and parameter.schema else {}
