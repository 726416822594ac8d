"""Who may log in."""

import pytest

from tidegate import LoginRefused


@pytest.mark.readonly
def test_the_admin_can_log_in(admin):
    """The client logs in before its first request: a refusal ends the run with what the API said."""
    assert admin.get("/").status_code != 401


def test_a_wrong_password_is_refused(login, settings):
    if settings.login.kind in ("basic", "token"):
        pytest.skip("there is no login, every request carries the credentials")
    with pytest.raises(LoginRefused):
        login(settings.admin_email, "not-the-password")
