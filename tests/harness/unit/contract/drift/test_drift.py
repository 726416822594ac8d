"""Drift: each change is noticed, with whether it breaks clients; what changes nothing is none."""

from __future__ import annotations

import copy
import json

import pytest
from unit.contract.drift.drift_changes import BREAKING, HARMLESS, NOTHING
from unit.contract.drift.drift_document import Change, Plain, all_of, at, changed, document, put, swap

from tidegate.contract.drift import compare
from tidegate.contract.lock import lock_text


@pytest.mark.parametrize(("change", "where", "said"), BREAKING.values(), ids=list(BREAKING))
def test_a_change_that_breaks_clients_is_named_and_said_to_break_them(change: Change, where: str, said: str) -> None:
    found = compare(document(), changed(change))
    hits = [each for each in found if where in f"{each.operation} {each.where}" and said in each.text]
    assert hits, [str(each) for each in found]
    assert hits[0].breaking
    assert found[0].breaking


@pytest.mark.parametrize(("change", "said"), HARMLESS.values(), ids=list(HARMLESS))
def test_a_change_that_breaks_nobody_is_noted(change: Change, said: str) -> None:
    found = compare(document(), changed(change))
    assert not [str(each) for each in found if each.breaking]
    assert not said or any(said in str(each) for each in found), [str(each) for each in found]


@pytest.mark.parametrize("change", NOTHING.values(), ids=list(NOTHING))
def test_what_says_the_same_in_another_way_is_no_change(change: Change) -> None:
    assert [str(each) for each in compare(document(), changed(change))] == []


@pytest.mark.parametrize(("change", "where", "said"), BREAKING.values(), ids=list(BREAKING))
def test_a_change_is_noticed_against_the_lock_as_against_the_document(change: Change, where: str, said: str) -> None:
    locked = json.loads(lock_text(document()))
    assert compare(locked, document()) == []
    assert compare(locked, changed(change)) == compare(document(), changed(change))


def test_a_change_of_a_shared_schema_is_told_once_with_all_that_use_it() -> None:
    found = compare(document(), changed(put("thing", made=None)))
    answers = [each for each in found if each.where == "200 body /made"]
    assert [(each.operation, each.also) for each in answers] == [("GET /things/{id}", ("PUT /things/{id}",))]
    assert "also PUT /things/{id}" in str(answers[0])


def test_a_wider_format_breaks_those_who_read_it_alone() -> None:
    one, other = (changed(put("item parameters 0", schema={"type": "integer", "format": f"int{n}"})) for n in (32, 64))
    assert {each.breaking for each in compare(one, other)} == {False}
    assert {each.breaking for each in compare(other, one)} == {True}


def test_another_value_of_a_discriminator_breaks_whoever_tells_by_it() -> None:
    def with_values(**mapping: str) -> Plain:
        found = document()
        parts = found["components"]["schemas"]["Thing"]["properties"]["parts"]["items"]
        parts["discriminator"] = {"propertyName": "kind", "mapping": mapping}
        return found

    one = with_values(bolt="#/components/schemas/Bolt", nut="#/components/schemas/Nut")
    other = with_values(screw="#/components/schemas/Bolt", nut="#/components/schemas/Nut")
    changes = {each for each in compare(json.loads(lock_text(one)), other) if each.breaking}
    assert {each.text for each in changes} == {"what stands for Bolt changed from bolt to screw"}
    assert compare(one, json.loads(lock_text(one))) == []


def test_single_statuses_instead_of_their_class_break_nobody() -> None:
    one = changed(swap("item get responses", "200", "2XX"))
    assert not [each for each in compare(one, document()) if each.breaking]
    removed = copy.deepcopy(one)
    del at(removed, "item get responses")["2XX"]
    assert [each.breaking for each in compare(one, removed)] == [True]


def test_an_answer_is_compared_with_that_of_its_class() -> None:
    other = changed(all_of(swap("item get responses", "200", "2XX"), put("thing", made=None)))
    assert "200 body /made" in {each.where for each in compare(document(), other) if each.operation.startswith("GET")}


def test_fields_that_go_one_way_alone_are_compared_on_that_way_alone() -> None:
    only_read = compare(document(), changed(put("thing id", type="string", format=None)))
    assert {each.where for each in only_read} == {"200 body /id"}
    only_written = compare(document(), changed(put("thing pass", type="integer")))
    assert {each.where for each in only_written} == {"request body /pass"}
