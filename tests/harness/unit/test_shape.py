"""assert_shape: what it lets pass, and what it says."""

from __future__ import annotations

import copy
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate import Date, DateTime, Email, Id, Url, Uuid, assert_shape

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("x", str),
        (1, int),
        (1, float),
        (1.5, float),
        (True, bool),
        (None, None),
        ([], list),
        ({}, dict),
        ([1, "x"], list),
        ({"a": 1}, Any),
        (None, str | None),
        ("a@example.com", Email | None),
        ({"id": 1}, ({"id": Id}, None)),
        (None, ({"id": Id}, None)),
        ([1, 2], [int]),
        ([], [int]),
        ([], []),
        ({"a": 1}, {"a": int, "b?": str}),
        ({"a": 1, "b": "x"}, {"a": int, "b?": str}),
        ({"a?": 1}, {"a?": int}),
        ({"a": 1, "z": [None]}, {"a": int, ...: ...}),
        ({"k1": 1, "k2": 2}, {...: int}),
        ("open", {"open", "closed"}),
        (5, 5),
        (True, True),
        (7, Id),
        ("x7", Id),
        (UUID, Uuid),
        ("2024-02-29", Date),
        ("2024-02-29T23:59:60Z", DateTime),
        ("2024-02-29t00:00:00.123456789+05:30", DateTime),
        ("http://127.0.0.1:8000", Url),
        ("https://example.com/a?b#c", Url),
    ],
)
def test_a_value_of_the_shape_passes(value: Any, shape: Any) -> None:
    assert_shape(value, shape)


@pytest.mark.parametrize(
    ("value", "shape", "said"),
    [
        (1, str, "$: expected a text, got 1"),
        (True, int, "$: expected a whole number, got true"),
        (True, float, "$: expected a number, got true"),
        (1.0, int, "$: expected a whole number, got 1.0"),
        (0, False, "$: expected false, got 0"),
        (0, None, "$: expected null, got 0"),
        (1, bool, "$: expected true or false, got 1"),
        ("", Id, '$: expected an id, a whole number or a text that is not empty, got ""'),
        (True, Id, "got true"),
        (None, Id, "got null"),
        ("x", Email, '$: expected an e-mail address, got "x"'),
        ("a@b", Email, "an e-mail address"),
        (f"{UUID}0", Uuid, "a UUID"),
        ("2023-02-29", Date, "a date such as"),
        ("2024-02-29T10:00:00", DateTime, "a time such as"),
        ("2024-02-29T25:00:00Z", DateTime, "a time such as"),
        ("/users/1", Url, "a URL"),
        ("pending", {"open", "closed"}, '$: expected "closed" or "open", got "pending"'),
        (3, str | None, "$: expected a text or null, got 3"),
        ({}, [int], "$: expected a list, got an empty object"),
        ([1], [], "$: expected an empty list, got a list of 1"),
        ([1], {}, "$: expected an object, got a list of 1"),
        ({}, {"a": Email}, "$.a: missing, expected an e-mail address"),
        ({"a": 1}, {}, "$.a: unexpected, got 1"),
        ({"b": None}, {"b?": int}, "$.b: expected a whole number, got null"),
        ({"a": 1, "z": "x"}, {"a": int, ...: int}, '$.z: expected a whole number, got "x"'),
        ({"items": [{}, {"email": "x"}]}, {"items": [{"email?": Email}]}, "$.items[1].email: expected an e-mail"),
        ({"id": "x"}, ({"id": int}, None), '$.id: expected a whole number, got "x"'),
        ({"odd key": 1}, {"odd key": str}, "$['odd key']: expected a text, got 1"),
    ],
)
def test_a_value_of_another_shape_fails_and_is_told_where_and_why(value: Any, shape: Any, said: str) -> None:
    with pytest.raises(AssertionError) as failure:
        assert_shape(value, shape)
    assert said in str(failure.value)


def test_every_wrong_place_is_named() -> None:
    with pytest.raises(AssertionError) as failure:
        assert_shape({"a": 1, "b": [True, 2]}, {"a": str, "b": [int], "c": int})
    first, *rest = str(failure.value).splitlines()
    assert first.startswith("3 places")
    assert [line.split(":")[0].strip() for line in rest] == ["$.a", "$.b[0]", "$.c"]


def test_a_message_stays_short_whatever_the_value_is() -> None:
    with pytest.raises(AssertionError) as failure:
        assert_shape([{"x": "y" * 100_000}] * 5_000, [int])
    assert len(str(failure.value)) < 2_000
    with pytest.raises(AssertionError) as failure:
        assert_shape("y" * 100_000, int)
    assert len(str(failure.value)) < 200


def test_a_message_shows_no_secret() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    value = {"password": "hunter2", "tokens": ["s3cr3t"], "note": token, "pin_token": 1234}
    with pytest.raises(AssertionError) as failure:
        assert_shape(value, {"password": int, "tokens": [int], "note": int, "pin_token": str})
    assert not [word for word in ("hunter2", "s3cr3t", "eyJ", "1234") if word in str(failure.value)]


@pytest.mark.parametrize("shape", [[int, str], bytes, complex])
def test_a_shape_that_no_value_can_have_is_the_authors_mistake(shape: Any) -> None:
    with pytest.raises(TypeError):
        assert_shape([1], shape)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text().filter(lambda key: key[-1:] != "?"), inner),
    max_leaves=8,
)


def exact(value: Any) -> Any:
    """The shape that only values like this one have."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    return [tuple(exact(each) for each in value)] if isinstance(value, list) and value else copy.copy(value)


@settings(deadline=None)
@given(JSON)
def test_any_value_has_the_shape_that_is_made_of_it(value: Any) -> None:
    assert_shape(value, exact(value))
    assert_shape(value, Any)


@settings(deadline=None)
@given(JSON, JSON)
def test_whatever_comes_the_outcome_is_a_pass_or_a_failed_assertion(value: Any, other: Any) -> None:
    with suppress(AssertionError):
        assert_shape(value, exact(other))


def test_a_failing_test_shows_its_own_line_and_none_of_ours(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("from tidegate import assert_shape\ndef test_it():\n    assert_shape({'a': 1}, {'a': str})\n")
    output = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider").stdout.str()
    assert "E   " in output
    assert "$.a: expected a text, got 1" in output
    assert "shape.py" not in output


def test_whoever_does_not_use_it_does_not_load_it() -> None:
    loaded = "print('tidegate.shape' in sys.modules)"
    code = f"import sys, tidegate\n{loaded}\ntidegate.Email\n{loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
