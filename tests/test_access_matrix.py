"""Each role does what tests/access.toml says it may, and nothing else."""

import pytest

from tests.records import Account
from tidegate.cases import access_matrix


@pytest.fixture(autouse=True)
def _all_roles(customer: Account) -> None:
    """Skips on an API that does not have the roles of the table."""


test_access = access_matrix()
