from __future__ import annotations

import pytest

from tidegate.settings.contract_forms import skips


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("5XX, default,  GET  /things 404", ("5XX", "default", "GET /things 404")),
        (["/internal/*", "DELETE /things/{id}"], ("/internal/*", "DELETE /things/{id}")),
        ("", ()),
        ([], ()),
    ],
)
def test_statuses_and_operations_are_named_with_commas_or_in_a_list(given: object, read: tuple[str, ...]) -> None:
    assert skips(given) == read


@pytest.mark.parametrize("given", ["GET", "things", "GET 404", "get /things", "600", "/a b", [""], [404], 404, None])
def test_what_names_neither_a_status_nor_a_path_is_refused_with_the_form(given: object) -> None:
    with pytest.raises(ValueError, match="a list of statuses and operations"):
        skips(given)
