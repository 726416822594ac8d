from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tidegate import SettingsError
from tidegate.settings import Settings, described, load

DEFAULT_URL = "http://localhost:8000"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.tidegate]\n")
    return tmp_path


def toml(root: Path, text: str) -> None:
    (root / "pyproject.toml").write_text(text, encoding="utf-8")


def dotenv(root: Path, text: str | bytes) -> None:
    (root / ".env.test").write_bytes(text if isinstance(text, bytes) else text.encode())


def problem(root: Path, **more: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        load(root, **{"env": {}, **more})
    return str(caught.value)


@pytest.mark.parametrize(
    ("sources", "url", "origin"),
    [
        (0, DEFAULT_URL, "default"),
        (1, "http://pyproject", "[tool.tidegate] in pyproject.toml"),
        (2, "http://file", ".env.test"),
        (3, "http://environment", "environment"),
        (4, "http://command-line", "command line"),
    ],
)
def test_a_later_source_wins_and_is_named_as_origin(root: Path, sources: int, url: str, origin: str) -> None:
    if sources >= 1:
        toml(root, '[tool.tidegate]\nbase_url = "http://pyproject"')
    if sources >= 2:
        dotenv(root, "API_BASE_URL=http://file\n")
    env = {"API_BASE_URL": "http://environment"} if sources >= 3 else {}
    found = load(root, env=env, overrides={"base_url": "http://command-line"} if sources >= 4 else None)
    assert found.base_url == url
    assert ("base_url", url, origin) in described(found)


def test_an_empty_variable_of_the_environment_is_an_error_and_not_a_fallback(root: Path) -> None:
    dotenv(root, "API_BASE_URL=http://file\n")
    assert "API_BASE_URL (environment) is empty: expected http://" in problem(root, env={"API_BASE_URL": ""})


def test_sections_are_set_by_table_variable_and_dotted_key(root: Path) -> None:
    toml(root, "[tool.tidegate.health]\ntimeout = 1\n")
    assert load(root, env={}).health.timeout == 1
    assert load(root, env={"TIDEGATE_HEALTH_TIMEOUT": "2"}).health.timeout == 2
    assert load(root, env={"TIDEGATE_HEALTH_TIMEOUT": "2"}, overrides={"health.timeout": "3"}).health.timeout == 3
    assert load(root, env={"API_HEALTH_PATH": "/up"}).health.path == "/up"


def test_every_problem_is_named_with_key_place_value_and_form(root: Path) -> None:
    toml(root, '[tool.tidegate]\nbase_url = 5\nbase_ulr = "x"\n[tool.tidegate.health]\ntimeout = -1\n')
    dotenv(root, "API_HEALTH_PATH=health\n")
    text = problem(root, env={"TIDEGATE_PREFIX": "X"}, overrides={"client.timeout": "soon", "colour": "red"})
    assert text.splitlines()[0] == "the settings cannot be used"
    assert set(text.splitlines()[1:]) == {
        "  base_ulr ([tool.tidegate] in pyproject.toml) is not a setting; did you mean base_url?",
        "  base_url ([tool.tidegate] in pyproject.toml) is 5: expected http:// or https:// with a host, and perhaps"
        " a port and a path, such as http://localhost:8000",
        "  health.timeout ([tool.tidegate] in pyproject.toml) is -1: expected seconds above 0 and below a day,"
        " such as 30 or 0.5",
        "  API_HEALTH_PATH (.env.test) is 'health': expected a path that starts with one slash and has no blanks,"
        " such as /health",
        "  TIDEGATE_PREFIX (environment) is 'X': expected at least three small letters or digits and a closing"
        " hyphen, such as test-",
        "  client.timeout (command line) is 'soon': expected seconds above 0 and below a day, such as 30 or 0.5",
        "  colour (command line) is not a setting",
    }


@pytest.mark.parametrize(
    "url",
    [
        "http://bob:hunter2@host",
        "http://bob:hunter2@host:port",
        "http://bob:hun/ter2@host",
        "http://bob:hun@ter2@host",
        "http://hunter2@host",
        "bob:hunter2@host:8000",
        "https://bob:hunter2@host?x=1",
    ],
)
def test_credentials_in_a_url_are_hidden_in_the_message(root: Path, url: str) -> None:
    text = problem(root, env={"API_BASE_URL": url})
    assert "API_BASE_URL (environment) is" in text
    assert not any(part in text for part in ("hunter2", "ter2")), text


def test_a_malformed_password_is_hidden_and_one_in_pyproject_refused(root: Path) -> None:
    toml(root, '[tool.tidegate]\nadmin_password = ["hunter2"]\n')
    text = problem(root)
    assert "admin_password ([tool.tidegate] in pyproject.toml) is *** (hidden): expected a text" in text
    assert "does not belong into a file that is committed: set API_ADMIN_PASSWORD" in text
    assert "hunter2" not in text


def test_the_value_of_an_unknown_variable_is_not_shown_since_it_may_be_a_secret(root: Path) -> None:
    dotenv(root, "API_ADMIN_PASSWROD=hunter2\n")
    text = problem(root)
    assert "API_ADMIN_PASSWROD (.env.test) is not a setting; did you mean API_ADMIN_PASSWORD?" in text
    assert "hunter2" not in text


def test_only_near_misses_and_our_own_prefix_are_judged(root: Path) -> None:
    dotenv(root, "API_JWT_SECRET=x\nAPI_COLOUR=red\nOTHER_BASE_URL=x\nTIDEGATE_REQUIRE_DOCKER=1\n")
    assert load(root, env={"API_BASE_ULR": "x", "PATH": "/bin"}).base_url == DEFAULT_URL
    assert "TIDEGATE_COLOUR (environment) is not a setting" in problem(root, env={"TIDEGATE_COLOUR": "red"})


def test_secrets_appear_in_no_representation(root: Path) -> None:
    found = load(root, env={"API_ADMIN_PASSWORD": "hunter2", "API_ADMIN_EMAIL": "a@b.c"})
    assert found.admin_password == "hunter2"
    assert found.secrets == ("hunter2",)
    assert "hunter2" not in repr(found) + str(found) + str(described(found))
    assert ("admin_password", "*** (hidden)", "environment") in described(found)


def test_settings_are_frozen(root: Path) -> None:
    found = load(root, env={})
    with pytest.raises(AttributeError):
        found.base_url = "http://other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.origins["base_url"] = "me"  # type: ignore[index]


def test_the_nearest_folder_upwards_with_our_files_is_the_root(root: Path) -> None:
    below = root / "tests" / "deep"
    below.mkdir(parents=True)
    (root / "tests" / "pyproject.toml").write_text("[tool.other]\n")
    assert load(below, env={}).root == root
    (root / "tests" / ".env.test").write_text("")
    assert load(below, env={}).root == root / "tests"
    assert load(below, env={}).artifacts_dir == root / "tests" / "artifacts"


@pytest.mark.parametrize("text", ["tool = 5\n", "tool = 'tidegate'\n", "tool = []\n", "[tool]\ntidegate = 5\n"])
def test_a_tool_entry_that_is_no_table_stops_nobody_or_is_named(tmp_path: Path, text: str) -> None:
    toml(tmp_path, text)
    try:
        load(tmp_path, env={})
    except SettingsError as error:
        assert "is not a table" in str(error)  # noqa: PT017  either is fine


@pytest.mark.parametrize("text", ["[tool.tidegate\n", "a = " + "9" * 5000 + "\n", "a = " + "[" * 9999 + "\n", "\0"])
def test_broken_toml_is_named_with_its_file(root: Path, text: str) -> None:
    toml(root, text)
    assert f"{root / 'pyproject.toml'} is not valid TOML: " in problem(root)


def test_toml_that_is_not_utf_8_is_named_with_its_file(root: Path) -> None:
    (root / "pyproject.toml").write_bytes(b'name = "\xff"\n')
    assert f"{root / 'pyproject.toml'} is not valid TOML: " in problem(root)


def test_a_folder_in_place_of_a_file_is_named(root: Path) -> None:
    (root / ".env.test").mkdir()
    assert f"{root / '.env.test'} cannot be read: Is a directory" in problem(root)


@pytest.mark.parametrize("section", ["health = 5", "resources = 5", "resources = []", "[tool.tidegate.resources]\nx=1"])
def test_a_section_that_is_no_table_is_named(root: Path, section: str) -> None:
    toml(root, f"[tool.tidegate]\n{section}\n")
    assert "expected a table" in problem(root) or "expected tables" in problem(root)


@given(
    table=st.recursive(
        st.booleans() | st.integers() | st.text(st.characters(codec="ascii", exclude_characters='"\\\n\r'), max_size=9),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["path", "marker", "filter", "parent", "name", "x"]), inner, max_size=4)
        ),
        max_leaves=8,
    ),
    key=st.sampled_from(["resources", "health", "login", "prefix", "base_url", "artifacts", "origins", "root"]),
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_is_taken_or_refused_by_a_settings_error(root: Path, table: object, key: str) -> None:
    toml(root, f"[tool.tidegate]\n{key} = {_toml(table)}\n")
    try:
        assert isinstance(load(root, env={}), Settings)
    except SettingsError as error:
        assert str(error).startswith(("the settings cannot be used\n  ", str(root)))  # noqa: PT017  either is fine


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"'.replace("\x7f", "") if isinstance(value, str) else str(value)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/healthz", "http://api:8000/api/v1/healthz"),
        ("http://api:8000/healthz", "http://api:8000/healthz"),
        ("https://probe/", "https://probe"),
    ],
)
def test_health_is_below_the_base_url_or_has_a_url_of_its_own(tmp_path: Path, path: str, asked: str) -> None:
    settings = load(tmp_path, env={"API_BASE_URL": "http://api:8000/api/v1/", "API_HEALTH_PATH": path})
    assert settings.health_url(settings.base_url) == asked


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("API_PROT", "API_PORT"), ("API_PROMISE", "API_PROMISES"), ("API_HELTH_PATH", "API_HEALTH_PATH")],
)
def test_a_typo_in_a_variable_of_the_stack_is_named_too(tmp_path: Path, typo: str, meant: str) -> None:
    (tmp_path / ".env.test").write_text(f"{typo}=9000\n")
    with pytest.raises(SettingsError, match=f"{typo} \\(.env.test\\) is not a setting; did you mean {meant}"):
        load(tmp_path, env={})


def test_the_stacks_own_variables_are_no_typos(tmp_path: Path) -> None:
    stack = (Path(__file__).parents[4] / "docker" / "stack.yaml").read_text()
    names = sorted(set(re.findall(r"\$\{(API_\w+)", stack)))
    assert "API_PORT" in names
    (tmp_path / ".env.test").write_text("".join(f"{name}=1\n" for name in names if name not in JUDGED))
    load(tmp_path, env={})


JUDGED = {"API_BASE_PATH", "API_HEALTH_PATH", "API_ADMIN_EMAIL", "API_ADMIN_PASSWORD", "API_BASE_URL", "API_LOGIN_PATH"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.tidegate.logn]\n", "logn ([tool.tidegate] in pyproject.toml) is not a setting; did you mean login?"),
        ("[tool.tidgate]\n[tool.tidegate]\n", "pyproject.toml: did you mean [tool.tidegate]?"),
        ("[tool.tidgate.login]\n", "[tool.tidgate] in"),
    ],
)
def test_a_misspelled_table_is_named(root: Path, text: str, said: str) -> None:
    toml(root, text)
    assert said in problem(root)


def test_a_near_miss_in_the_environment_is_a_doubt_and_no_problem(root: Path) -> None:
    """Others may set variables there that have nothing to do with us."""
    found = load(root, env={"API_HELTH_PATH": "/up", "API_PORT": "1", "API_COLOUR": "red"})
    assert found.doubts == (
        "API_HELTH_PATH (environment) is not a setting, and has no effect; did you mean API_HEALTH_PATH?",
    )
