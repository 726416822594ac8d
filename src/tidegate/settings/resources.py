"""[tool.tidegate.resources]: declared records, checked against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.settings.guess import guess
from tidegate.settings.resource import Resource
from tidegate.settings.resource_forms import OF_A_PAGE
from tidegate.settings.template import placeholders

TABLE = "[tool.tidegate.resources] in pyproject.toml"


def read_resources(table: object, prefix: str, problems: list[str]) -> tuple[Resource, ...]:
    """The declared resources, each after those that must be deleted before it; problems are appended."""
    if not isinstance(table, dict):
        problems.append(f"resources is {table!r}: expected tables, [tool.tidegate.resources.<name>]")
        return ()
    found = [_read(name, inner, problems) for name, inner in table.items()]
    resources = {resource.name: resource for resource in found if resource}
    for resource in resources.values():
        where = f"[tool.tidegate.resources.{resource.name}] in pyproject.toml"
        checks = (_relations(resource, resources), _requests(resource), _lists(resource, prefix), _bodies(resource))
        problems += [f"{where}: {problem}" for check in checks for problem in check]
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
            meant = guess(key, declared) or "; docs/settings.md lists those of a resource"
            problems.append(f"{key} in {where} is not a setting{meant}")
        except ValueError as form:
            problems.append(f"{key} in {where} is {raw!r}: expected {form}")
    return Resource(name=name, **{key: value for key, value in values.items() if key in declared})


def _relations(resource: Resource, resources: Mapping[str, Resource]) -> Iterator[str]:
    nested = "parent.id" in placeholders(resource.path)
    for other in (*resource.delete_first, *((resource.parent,) if resource.parent else ())):
        if other not in resources:
            yield f"names {other!r}, which is not declared; declared are {', '.join(resources)}"
    if resource.parent_field and not resource.parent:
        yield "parent and parent_field go together: set parent to the resource that a record belongs to"
    if resource.parent and not (resource.parent_field or nested):
        yield "parent and parent_field go together, unless {parent.id} is in the path"
    asked = {key: getattr(resource, key) for key in ("path", "create", "filter", "list", "list_body", "body", "change")}
    for key, template in asked.items():
        if "parent.id" in placeholders(template) and not resource.parent:
            yield f"the {key} says {{parent.id}}, but no parent is set"
    parent = resources.get(resource.parent or "")
    if nested and parent and "parent.id" in placeholders(parent.path):
        yield f"is below {parent.name!r}, which is itself below another: there can be one {{parent.id}} alone"


def _requests(resource: Resource) -> Iterator[str]:
    for action in ("read", "update", "delete"):
        _, path = resource.request(action)
        if "id" not in placeholders(path):
            yield f"{action} is {path!r}, which does not say which record: put {{id}} where the id belongs"
    method, path = resource.request("create")
    if "id" in placeholders((resource.body,)) and "id" not in placeholders(path):
        yield f'body says {{id}}, but the path of create does not: write create = "{method} {path}/{{id}}"'
    places = {"offset": ("offset",), "page": ("page",), "cursor": ("cursor",)}.get(resource.paging, ())
    for place in placeholders(resource.list_body):
        if place in OF_A_PAGE and place not in (*places, "limit"):
            yield f"list_body says {{{place}}}, but paging is {resource.paging}: set paging, or write another"
    if resource.list_body and resource.request("list")[0] != "POST":
        yield 'list_body is sent with a POST only: write list = "POST /path"'


def _lists(resource: Resource, prefix: str) -> Iterator[str]:
    asked = resource.listed_by
    if "prefix" in asked and not resource.marker:
        said = "filter says * or" if resource.filter == "*" else "filter says"
        yield f"the {said} {{prefix}}, but no marker says which field starts with {prefix!r}"
    if asked and resource.id == "Location":
        yield "what a list shows has no Location: set id to the field that holds the id, or leave the filter out"


def _bodies(resource: Resource) -> Iterator[str]:
    value: Any = resource.body
    for step in (*resource.record.split("."), *(resource.marker or "").split(".")):
        value = value.get(step, value) if isinstance(value, Mapping) else value
    if isinstance(value, str) and resource.marker and not {*placeholders(value)} & {"unique", "email", "name", "id"}:
        yield (
            f"body makes every record with {value!r} as its {resource.marker}, which is the marker: write {{unique}},"
            " {email} or {name} there"
        )


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
