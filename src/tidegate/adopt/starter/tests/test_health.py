"""The canary: when this fails, nothing else is worth reading."""

import pytest


@pytest.mark.readonly
def test_the_api_is_well(client, settings, base_url):
    answer = client.get(settings.health_url(base_url))
    assert answer.status_code < 500, answer.text
