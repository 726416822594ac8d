"""Which declared resource's records the path of an operation is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from tidegate.settings import Resource

_NAMED = re.compile(r"\{([^{}]+)\}")


def fillers(path: str, resources: Iterable[Resource], named: Mapping[str, str] | None = None) -> dict[str, str]:
    """The resource that each parameter of `path` is the id of, as far as the settings say it.

    Of two that fit, that with the longer path wins. `named` says it for parameters that no setting tells about.
    """
    known = {resource.name: resource for resource in resources}
    found: dict[str, str] = {}
    for resource in known.values():
        for action in ("read", "update", "delete"):
            template = resource.request(action)[1].partition("?")[0]
            if (names := _aligned(template, path)) and "id" in names:
                found.setdefault(names["id"], resource.name)
                if resource.parent and "parent.id" in names:
                    found.setdefault(names["parent.id"], resource.parent)
        if resource.parent and (names := _aligned(resource.path, path)) and "parent.id" in names:
            found.setdefault(names["parent.id"], resource.parent)
    return found | {name: resource for name, resource in (named or {}).items() if resource in known}


def is_of(method: str, path: str, resource: Resource, action: str) -> bool:
    """Whether an operation is this declared request of a resource."""
    wanted, template = resource.request(action)
    return method == wanted and _shape(path) == _shape(template.partition("?")[0])


def below(
    base_path: str, prefixes: Sequence[str], paths: Sequence[str], resources: Iterable[Resource]
) -> Callable[[str], str]:
    """Gives the path below the base URL of a path of the document.

    `prefixes` are the paths of its servers (OpenAPI 3.1, 4.8.5). What the settings call the paths of the resources
    decides where both would do: a document may leave out what a proxy adds, or say it twice.
    """
    known = {_shape(path.partition("?")[0]) for each in resources for path in (each.path, each.request("read")[1])}
    base = base_path.rstrip("/")
    if base and all(path.startswith(f"{base}/") for path in paths) and not _fit(known, paths, ""):
        return lambda path: path.removeprefix(base)
    for prefix in prefixes:
        if prefix and not base.endswith(prefix) and (_fit(known, paths, prefix) or not _fit(known, paths, "")):
            return lambda path: prefix + path
    return lambda path: path


def _fit(known: Collection[str], paths: Iterable[str], prefix: str) -> bool:
    return any(_shape(prefix + path) in known for path in paths)


def _shape(path: str) -> str:
    return _NAMED.sub("{}", path)


def _aligned(template: str, path: str) -> dict[str, str]:
    """The placeholders of a template by the parameters of the path that begins like it: `{"id": "thing_id"}`."""
    wanted, given = template.rstrip("/").split("/"), path.rstrip("/").split("/")
    names: dict[str, str] = {}
    for one, other in zip(wanted, given, strict=False):
        meant, named = _NAMED.fullmatch(one), _NAMED.fullmatch(other)
        if meant and named:
            names[meant[1]] = named[1]
        elif one != other:
            return {}
    return names if len(wanted) <= len(given) else {}
