"""What can be wrong with the parameters of an operation, those of its path aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tidegate.contract.cases.bodies import beyond
from tidegate.contract.cases.case import Case
from tidegate.contract.cases.expected import statuses
from tidegate.contract.cases.flat import flat
from tidegate.contract.model import Operation, Parameter

_NOT_OF_TYPE = {"integer": "not-a-number", "number": "not-a-number", "boolean": "not-a-boolean"}
_LONGEST = 4_000  # some servers read no longer line (RFC 9112, 3)


def input_cases(operation: Operation) -> Iterator[Case]:
    """One case for each way in which a parameter of query or header can be wrong."""
    for parameter in operation.parameters:
        if parameter.place not in ("query", "header") or parameter.media or parameter.style == "deepObject":
            continue
        if parameter.required:
            yield _case(operation, parameter, "missing", None)
        for kind, text in _texts(parameter):
            yield _case(operation, parameter, kind, text)


def _case(operation: Operation, parameter: Parameter, kind: str, text: str | None) -> Case:
    case = Case(operation, kind, f"{parameter.place} {parameter.name}", statuses(operation, "invalid"))
    return replace(case, parameters={(parameter.place, parameter.name): text})


def _texts(parameter: Parameter) -> Iterator[tuple[str, str]]:
    if parameter.schema is None:
        return
    plain = _alone(flat(parameter.schema, parameter.schema.plain), parameter)
    declared = plain.get("type")
    kinds = {declared} if isinstance(declared, str) else {*(declared or ())} - {"null"}
    if len(kinds) == 1 and (wrong := _NOT_OF_TYPE.get(*kinds)):
        yield "wrong type", wrong
    if plain.get("enum"):
        yield "not in enum", "not-in-the-enum"
    elif kinds & {"integer", "number"}:
        for kind, number in beyond(plain):
            yield kind, str(number)
    elif kinds == {"string"} and (most := plain.get("maxLength", _LONGEST)) < _LONGEST:
        yield "too long", "x" * (most + 1)


def _alone(plain: Mapping[str, Any], parameter: Parameter) -> Mapping[str, Any]:
    """What one value must be: of a list, its item; of something that may be null, the other thing."""
    assert parameter.schema is not None
    schema = parameter.schema
    if plain.get("type") == "array":
        plain = flat(schema, plain.get("items", True))
    branches = [flat(schema, each) for each in plain.get("anyOf", plain.get("oneOf", ()))]
    others = [each for each in branches if each.get("type") != "null"]
    return others[0] if len(others) == 1 else plain
