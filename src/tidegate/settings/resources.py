"""[tool.tidegate.resources]: declared records, checked against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.settings.resource import Resource

TABLE = "[tool.tidegate.resources] in pyproject.toml"


def read_resources(table: object, prefix: str, problems: list[str]) -> tuple[Resource, ...]:
    """The declared resources, each after those that must be deleted before it; problems are appended."""
    if not isinstance(table, dict):
        problems.append(f"resources is {table!r}: expected tables, [tool.tidegate.resources.<name>]")
        return ()
    found = [_read(name, inner, problems) for name, inner in table.items()]
    resources = {resource.name: resource for resource in found if resource}
    for resource in resources.values():
        _check(resource, resources, prefix, problems)
    return () if problems else in_delete_order(resources, problems)


def _read(name: str, inner: object, problems: list[str]) -> Resource | None:
    where = f"[tool.tidegate.resources.{name}] in pyproject.toml"
    if not isinstance(inner, dict):
        problems.append(f"{where} is {inner!r}: expected a table")
        return None
    declared = {key: field for key, field in Resource.__dataclass_fields__.items() if field.metadata}
    values: dict[str, Any] = {"path": f"/{name}"}
    for key, raw in inner.items():
        try:
            values[key] = declared[key].metadata["form"](raw)
        except KeyError:
            problems.append(f"{key} in {where} is not a setting; possible are {', '.join(declared)}")
        except ValueError as form:
            problems.append(f"{key} in {where} is {raw!r}: expected {form}")
    values["path"] = values["path"].rstrip("/") or "/"
    return Resource(name=name, **{key: value for key, value in values.items() if key in declared})


def _check(resource: Resource, resources: Mapping[str, Resource], prefix: str, problems: list[str]) -> None:
    where = f"[tool.tidegate.resources.{resource.name}] in pyproject.toml"
    for other in (*resource.delete_first, *((resource.parent,) if resource.parent else ())):
        if other not in resources:
            problems.append(f"{where} names {other!r}, which is not declared; declared are {', '.join(resources)}")
    if (resource.parent is None) != (resource.parent_field is None):
        problems.append(f"{where}: parent and parent_field go together")
    if resource.filter and "{parent.id}" in resource.filter and not resource.parent:
        problems.append(f"{where}: the filter says {{parent.id}}, but no parent is set")
    if resource.filter and "{prefix}" in resource.filter and not resource.marker:
        problems.append(f"{where}: the filter says {{prefix}}, but no marker says which field starts with {prefix!r}")


def in_delete_order(resources: Mapping[str, Resource], problems: list[str]) -> tuple[Resource, ...]:
    """The resources ordered so that children and everything in `delete_first` come first."""
    from graphlib import CycleError, TopologicalSorter

    order: TopologicalSorter[str] = TopologicalSorter()
    for resource in resources.values():
        order.add(resource.name, *(name for name in resource.delete_first))
        if resource.parent:
            order.add(resource.parent, resource.name)
    try:
        return tuple(resources[name] for name in order.static_order())
    except CycleError as cycle:
        problems.append(f"{TABLE}: {' -> '.join(cycle.args[1])} must each be deleted before the other")
        return ()
