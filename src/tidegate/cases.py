"""Tests that the API's document implies, as ordinary parametrised pytest tests; a suite has a line for each kind.

`test_negative = negative_cases(skip={"GET /health *": "anybody may ask"})` in a test module is all that it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tidegate.contract.cases import Case
    from tidegate.plugin.case_runs import Negatives


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
    from tidegate.plugin.cases import Choice, items

    chosen = Choice((only,) if isinstance(only, str) else tuple(only), dict(skip or {}), dict(resources or {}), error)

    def test_negative(case: Case, _negatives: Negatives, request: pytest.FixtureRequest) -> None:  # noqa: PT019
        __tracebackhide__ = True
        _negatives.run(case, chosen, lambda: request.getfixturevalue("expired_token"))

    test_negative.tidegate_items = partial(items, chosen)  # type: ignore[attr-defined]
    return test_negative
