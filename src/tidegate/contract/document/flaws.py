"""What a validator says about a value, as breaches that name a place and a promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tidegate.contract.document import pointers
from tidegate.contract.document.trouble import named, shown
from tidegate.contract.schema import Breach

_KEYWORDS = {"falseSchema": "false"}
WORDS: Mapping[str, str] = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "pattern": "matching {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} fields",
    "maxProperties": "at most {} fields",
    "uniqueItems": "items that all differ",
    "falseSchema": "nothing",
}
"""What a keyword with a limit promises."""
_SILENT = ("backtrackLimitExceeded", "regexEngineFailure")


def told(error: Any, root: Mapping[str, Any]) -> Iterator[Breach]:
    """The breaches behind one error; of several branches, those of the nearest."""
    keyword = _KEYWORDS.get(error.kind.name, error.kind.name)
    context = getattr(error.kind, "context", None)
    if context is not None:
        yield from _branched(error, context, root)
    elif keyword in ("additionalProperties", "unevaluatedProperties") and hasattr(error.kind, "unexpected"):
        came = error.instance
        for name in error.kind.unexpected:
            at = pointers.join([*error.instance_path, name])
            yield Breach(at, keyword, "no such field", shown(came.get(name) if isinstance(came, Mapping) else came))
    elif keyword == "required":
        at = pointers.join([*error.instance_path, error.kind.property])
        yield Breach(at, keyword, "required", "missing")
    elif type(error.kind).__name__.lower() not in [each.lower() for each in _SILENT]:
        yield Breach(pointers.join(error.instance_path), keyword, _promise(error), _came(error))


def _branched(error: Any, context: Sequence[Sequence[Any]], root: Mapping[str, Any]) -> Iterator[Breach]:
    """The breaches of the branch that a value names itself, else of the one that it fits best."""
    at = pointers.join(error.instance_path)
    parent = _parent(root, error)
    keyword = error.kind.name
    chosen = _named_branch(parent, keyword, error.instance)
    if isinstance(chosen, int) and chosen < len(context):
        for each in context[chosen]:
            yield from told(each, root)
        return
    if isinstance(chosen, str):
        name = parent["discriminator"]["propertyName"]
        came = error.instance.get(name)
        below = pointers.join([*error.instance_path, name])
        yield Breach(below, "discriminator", chosen, "missing" if name not in error.instance else shown(came))
        return
    fitting = [index + 1 for index, branch in enumerate(context) if not branch]
    if fitting:
        numbers = " and ".join(map(str, fitting))
        yield Breach(at, keyword, f"exactly one of {len(context)} schemas", f"{shown(error.instance)} fits {numbers}")
        return
    best = min(context, key=lambda branch: _distance(branch, len(error.instance_path)), default=())
    if not best or all(_at_itself(branch, error) for branch in context):
        yield _none_fits(error, context, at)
        return
    for each in best:
        yield from told(each, root)


def _named_branch(parent: Any, keyword: str, value: Any) -> int | str | None:
    """The number of the branch that the discriminator names; the names there are where the value has none of them."""
    found = parent.get("discriminator") if isinstance(parent, Mapping) else None
    if not isinstance(found, Mapping) or not isinstance(value, Mapping) or not found["mapping"]:
        return None
    refs = [each.get("$ref") if isinstance(each, Mapping) else None for each in parent.get(keyword, ())]
    name = value.get(found["propertyName"])
    ref = found["mapping"].get(name) if isinstance(name, str) else None
    if ref is None:
        return "one of " + ", ".join(found["mapping"])
    return refs.index(ref) if ref in refs else None


def _parent(root: Mapping[str, Any], error: Any) -> Any:
    """The schema that holds the keyword which failed."""
    path = getattr(error, "absolute_keyword_location", None) or ""
    tokens = pointers.split(path.partition("#")[2]) if "#" in path else list(error.schema_path)
    node: Any = root
    for token in tokens[:-1]:
        if isinstance(node, Mapping) and str(token) in node:
            node = node[str(token)]
        elif isinstance(node, list) and str(token).isdecimal() and int(token) < len(node):
            node = node[int(token)]
        else:
            return None
    return node


def _distance(branch: Sequence[Any], depth: int) -> tuple[bool, bool, int, int]:
    """How far a value is from a branch: farthest by a wrong type of its own, then by a field that names another branch.

    After that by many errors, then by high ones.
    """
    fixed = [len(each.instance_path) for each in branch if each.kind.name in ("const", "enum")]
    here = any(len(each.instance_path) == depth and each.kind.name == "type" for each in branch)
    deepest = max((len(each.instance_path) for each in branch), default=0)
    return here or depth in fixed, depth + 1 in fixed, len(branch), -deepest


def _at_itself(branch: Sequence[Any], error: Any) -> bool:
    depth = len(error.instance_path)
    return any(len(each.instance_path) == depth and each.kind.name in ("type", "const", "enum") for each in branch)


def _none_fits(error: Any, context: Sequence[Sequence[Any]], at: str) -> Breach:
    said = [_promise(each) for branch in context for each in branch[:1]]
    promised = " or ".join(dict.fromkeys(said)) or "one of several schemas"
    return Breach(at, error.kind.name, promised[:160], _came(error))


def _promise(error: Any) -> str:
    kind, keyword = error.kind, error.kind.name
    if keyword == "type":
        return " or ".join(sorted(kind.types, key=lambda each: each == "null"))
    if keyword == "enum":
        return choice(kind.options)
    if keyword == "const":
        return shown(kind.expected_value)
    if keyword == "format":
        return f"string ({kind.format})"
    told = next((getattr(kind, name) for name in ("limit", "multiple_of", "pattern") if hasattr(kind, name)), "")
    return WORDS.get(keyword, str(keyword)).format(told)


def choice(values: Sequence[Any]) -> str:
    """Values of which a promise allows one."""
    return "one of: " + ", ".join(each if isinstance(each, str) else shown(each) for each in values)


def _came(error: Any) -> str:
    value = error.instance
    if error.kind.name in ("minLength", "maxLength", "minItems", "maxItems"):
        return f"{len(value)}: {shown(value, 60)}"
    return f"{shown(value)} ({named(value)})" if error.kind.name == "type" else shown(value)
