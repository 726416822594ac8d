"""Tests that the API's document implies, as ordinary parametrised pytest tests; a suite has a line for each kind.

`test_negative = negative_cases(skip={"GET /health *": "anybody may ask"})` in a test module is all that it takes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

    from tidegate.contract.cases import Case
    from tidegate.errors import TidegateError
    from tidegate.settings import Settings


def negative_cases(
    *,
    only: str | Iterable[str] = (),
    skip: Mapping[str, str] | None = None,
    resources: Mapping[str, str] | None = None,
    error: str = "",
) -> Callable[..., None]:
    """The standard negative tests of every operation: `test_negative[POST /things missing email]` and so on.

    `only` and `skip` (with a reason) name cases by patterns such as `POST *` or `* wrong method`. `resources` says
    whose id a path parameter is, where no setting does: `{"owner_id": "people"}`. `error` is a key that refusals must
    have of which the document says nothing.
    """
    from tidegate.plugin.cases.negative import Choice, items, run

    chosen = Choice((only,) if isinstance(only, str) else tuple(only), dict(skip or {}), dict(resources or {}), error)

    def test_negative(case: Case | TidegateError, request: pytest.FixtureRequest, settings: Settings) -> None:  # noqa: ARG001
        run(case, chosen, request)

    test_negative.tidegate_items = partial(items, chosen)  # type: ignore[attr-defined]
    return test_negative


def access_matrix(path: str = "access.toml") -> Callable[..., None]:
    """Who may do what, from a table beside the test module: `test_access[viewer DELETE /things/{id}]` and so on.

    An operation of the document without a row fails, and so does a row without a cell for each role.
    """
    from tidegate.plugin.cases.access import items, run

    place = Path(str(sys._getframe(1).f_globals["__file__"])).parent / path

    def test_access(case: Any, request: pytest.FixtureRequest, settings: Settings) -> None:  # noqa: ARG001
        run(case, place, request)

    test_access.tidegate_items = partial(items, place)  # type: ignore[attr-defined]
    return test_access
