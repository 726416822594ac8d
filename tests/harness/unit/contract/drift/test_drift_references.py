"""Drift however a document is written: in another order, with references or without, and with any of them."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.contract.drift.drift_changes import BREAKING
from unit.contract.drift.drift_document import Plain, body, changed, document, ref

from tidegate.contract.drift import compare


def inlined(plain: Any, root: Plain, depth: int) -> Any:
    """The same with its references replaced by what they lead to, as far down as asked."""
    if isinstance(plain, list):
        return [inlined(each, root, depth) for each in plain]
    if not isinstance(plain, dict):
        return plain
    if "$ref" in plain and depth:
        target: Any = root
        for step in plain["$ref"].split("/")[1:]:
            target = target[step]
        return inlined(target, root, depth - 1)
    return {key: inlined(each, root, depth) for key, each in plain.items()}


def shuffled(plain: Any, order: random.Random) -> Any:
    if isinstance(plain, list):
        return [shuffled(each, order) for each in plain]
    if not isinstance(plain, dict):
        return plain
    keys = order.sample(list(plain), len(plain))
    return {key: shuffled(plain[key], order) for key in keys}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999).map(random.Random), st.integers(0, 3))
def test_the_order_of_keys_and_references_instead_of_their_targets_change_nothing(
    order: random.Random, depth: int
) -> None:
    plain = document()
    other = shuffled(plain | {"paths": inlined(plain["paths"], plain, depth)}, order)
    assert [str(each) for each in compare(plain, other)] == []
    assert [str(each) for each in compare(other, plain)] == []


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(BREAKING)), st.integers(0, 999).map(random.Random), st.integers(0, 2))
def test_a_change_is_noticed_through_references_as_without_them(name: str, order: random.Random, depth: int) -> None:
    change, where, _ = BREAKING[name]
    plain, other = document(), changed(change)
    other = shuffled(other | {"paths": inlined(other["paths"], other, depth)}, order)
    found = compare(plain, other)
    hits = [each for each in found if where.partition(" ")[2] in f"{each.operation} {each.where}" and each.breaking]
    assert hits, [str(each) for each in found]


SCHEMAS = st.recursive(
    st.sampled_from(
        [
            {},
            {"type": "string"},
            {"type": "integer", "minimum": 0},
            {"type": ["number", "null"]},
            {"enum": ["a", "b", None]},
            {"$ref": "#/components/schemas/A"},
            {"$ref": "#/components/schemas/B"},
            {"$ref": "#/components/schemas/Missing"},
            {"type": "string", "format": "date", "pattern": "x"},
        ]
    ),
    lambda inner: (
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(st.sampled_from("pqrs"), inner, max_size=3)},
            optional={"required": st.just(["p"]), "additionalProperties": inner | st.booleans()},
        )
        | st.fixed_dictionaries({"type": st.just("array"), "items": inner})
        | st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=2)})
        | st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3), "nullable": st.booleans()})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=6,
)


def with_schemas(one: Plain, other: Plain) -> Plain:
    operation = {"requestBody": body(ref("A")), "responses": {"200": body(ref("B"))}}
    components = {"schemas": {"A": one, "B": other}}
    return {"openapi": "3.1.0", "paths": {"/x": {"post": operation}}, "components": components}


@settings(max_examples=40, deadline=None)
@given(SCHEMAS, SCHEMAS, SCHEMAS, SCHEMAS)
def test_any_two_documents_can_be_compared_whatever_refers_to_whatever(
    one: Plain, other: Plain, new: Plain, last: Plain
) -> None:
    old, now = with_schemas(one, other), with_schemas(new, last)
    before = copy.deepcopy(old)
    assert compare(old, old) == []
    assert compare(old, now) == compare(old, now)
    assert old == before


def test_a_chain_of_thousands_of_schemas_is_followed_to_its_end() -> None:
    count = 3_000
    chain = {f"S{at}": {"properties": {"next": ref(f"S{at + 1}")}} for at in range(count)}
    operation = {"responses": {"200": body(ref("S0"))}}
    old = {"openapi": "3.1.0", "paths": {"/x": {"get": operation}}}
    ends = [{f"S{count}": {"type": kind}} for kind in ("string", "integer")]
    one, other = ({**old, "components": {"schemas": {**chain, **end}}} for end in ends)
    assert [each.text for each in compare(one, other)] == ["type changed from string to integer"]
