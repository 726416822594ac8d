"""What the API's document promises about requests that are wrong: each is refused, and changes nothing."""

import pytest

from tests.promises import Promises
from tests.tokens import is_jwt, signed
from tidegate.cases import negative_cases
from tidegate.settings import Settings


@pytest.fixture(autouse=True)
def locked_api(promises: Promises) -> None:
    """Skips where the API under test is another than that of contract/openapi.lock.json."""
    promises.skip_unless("contract")


@pytest.fixture(scope="session")
def expired_token(admin_token: str, settings: Settings) -> str | None:
    """The admin's token as of long ago; None where nothing says what signs tokens."""
    secret = settings.variables.get("API_JWT_SECRET")
    return signed(admin_token, secret, exp=1) if secret and is_jwt(admin_token) else None


test_negative = negative_cases(error="detail")
