"""docker/stack.yaml as a file: what needs no engine to be checked."""

from ruamel.yaml import YAML
from stack.checkout import ROOT

from tidegate.settings.fields import env_name
from tidegate.settings.model import fields_by_key

PLACED_BY_THE_MOUNT = {"artifacts"}
OUTSIDE = "stack."  # the test container starts nothing: its API runs, and API_BASE_URL says where


def test_every_setting_reaches_the_test_container() -> None:
    """A variable of the caller's environment wins there too; unset, it stays unset."""
    stack = YAML(typ="safe").load(ROOT / "docker/stack.yaml")
    passed = stack["services"]["tests"]["environment"]
    inside = {key: field for key, field in fields_by_key().items() if not key.startswith(OUTSIDE)}
    settings = {env_name(key, field) for key, field in inside.items() if key not in PLACED_BY_THE_MOUNT}
    assert settings <= passed.keys()
    assert "TIDEGATE_STACK" not in passed
    given = {name: passed[name] for name in settings if name.startswith("TIDEGATE_") and passed[name]}
    assert given == {"TIDEGATE_DISPOSABLE": "api${TIDEGATE_DISPOSABLE:+,}${TIDEGATE_DISPOSABLE:-}"}
    assert passed["API_PROMISES"] is None
