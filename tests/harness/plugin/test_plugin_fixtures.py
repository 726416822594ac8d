from __future__ import annotations

import pytest
from plugin.conftest import Project
from projects import Answer, Bent
from wire import Wire, http

TWO_MODULES = """
def test_a({names}): seen({names})
def test_b({names}): seen({names})
"""


def test_every_fixture_is_one_and_the_same_in_the_whole_session(project: Project) -> None:
    names = [
        "settings",
        "base_url",
        "gate",
        "resources",
        "client",
        "login",
        "admin_token",
        "auth_headers",
        "admin",
        "unique",
        "ledger",
    ]
    code = f"SEEN = []\ndef seen(*values):\n    SEEN.append(values)\n{TWO_MODULES.format(names=', '.join(names))}"
    project.test(code)
    project.test(
        f"import test_it\ndef test_c({', '.join(names)}):\n    test_it.seen({', '.join(names)})\n"
        "    assert len(test_it.SEEN) == 3\n"
        "    assert all(a is b for one in test_it.SEEN for a, b in zip(one, test_it.SEEN[0]))",
        "test_other",
    )
    project.run("test_it.py", "test_other.py").assert_outcomes(passed=3)
    assert project.stub.requests == ["GET /health", "POST /auth/login"]


def test_the_clients_are_what_they_promise(project: Project) -> None:
    project.test("""
import httpx

def test_client(client, base_url):
    assert isinstance(client, httpx.Client)
    assert str(client.base_url).rstrip("/") == base_url
    assert client.timeout == httpx.Timeout(10, connect=5)
    assert not client.follow_redirects
    assert "authorization" not in client.headers
    assert client.headers["accept"].startswith("application/json")

def test_admin(admin, auth_headers, admin_token):
    assert auth_headers == {"Authorization": f"Bearer {admin_token}"}
    assert admin.get("/users").request.headers["authorization"] == auth_headers["Authorization"]
    assert admin.get("/users").status_code == 200

def test_anonymous(client, admin, login, settings):
    assert login(settings.admin_email, settings.admin_password)
    assert client.get("/users").status_code == 401

def test_unique(unique, settings):
    assert unique.email() != unique.email()
    assert unique.name().startswith(settings.prefix)

def test_resources(resources):
    assert [resource.name for resource in resources] == ["orders", "users"]
""")
    project.run().assert_outcomes(passed=5)


@pytest.mark.parametrize("way", ["login(settings.admin_email, settings.admin_password)", "admin.get('/users')",
                                 "client.post('/auth/login', json={'email': 'a@b.c', 'password': 'x'})"])  # fmt: skip
def test_the_client_carries_no_cookie_of_a_login(project: Project, way: str) -> None:
    tokens = Answer(200, {"access_token": "opaque-token"}, {"Set-Cookie": "session=admin; Path=/"})
    seen: list[str] = []

    def bend(call, usual):  # type: ignore[no-untyped-def]
        seen.append(call.headers.get("cookie", ""))
        return tokens if call.path == "/auth/login" else Answer(200, {"status": "ok"})

    project.stub.bend = bend
    project.test(f"def test_a(client, login, admin, settings):\n    {way}\n    client.get('/x')\n    admin.get('/x')")
    project.run().assert_outcomes(passed=1)
    assert set(seen) == {""}


def test_a_proxy_of_the_environment_is_not_heeded(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with Wire(http(500)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        project.test("def test_a(client, admin, unique): client.get('/health'); admin.get('/users')")
        project.run().assert_outcomes(passed=1)
        assert proxy.requests == []


def test_refused_credentials_are_an_exception_that_a_test_may_expect(project: Project) -> None:
    project.test("""
import pytest, tidegate
def test_a(login):
    with pytest.raises(tidegate.LoginRefused, match="HTTP 401"):
        login("nobody@example.com", "wrong")
""")
    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("style", ["auto", "long", "native"])
def test_no_traceback_shows_a_password(project: Project, style: str) -> None:
    project.test("def test_a(login, settings): login('nobody@example.com', settings.admin_password + 'x')")
    result = project.run(f"--tb={style}")
    result.assert_outcomes(failed=1)
    assert "tide-and-gate" not in result.stdout.str()


SEAMS = {
    "base_url": "import pytest\n@pytest.fixture(scope='session')\ndef base_url(): return {url!r}",
    "settings": (
        "import dataclasses, pytest\n@pytest.fixture(scope='session')\n"
        "def settings(settings): return dataclasses.replace(settings, base_url={url!r})"
    ),
    "client": (
        "import httpx, pytest\n@pytest.fixture(scope='session')\n"
        "def client(): \n    with httpx.Client(base_url={url!r}) as c: yield c"
    ),
    "login": (
        "import pytest\n@pytest.fixture(scope='session')\n"
        "def login(login): return lambda email, password: login({email!r}, {password!r})"
    ),
    "admin_token": (
        "import pytest\n@pytest.fixture(scope='session')\ndef admin_token(login): return login({email!r}, {password!r})"
    ),
    "auth_headers": (
        "import pytest\n@pytest.fixture(scope='session')\n"
        "def auth_headers(login): return {{'Authorization': 'Bearer ' + login({email!r}, {password!r})}}"
    ),
}


@pytest.mark.parametrize("seam", SEAMS)
def test_a_suite_may_put_its_own_in_place_of(project: Project, monkeypatch: pytest.MonkeyPatch, seam: str) -> None:
    conftest = SEAMS[seam].format(url=project.stub.url, email="admin@example.com", password="tide-and-gate-2026")
    asks = "client.get('/health')"
    if seam in ("base_url", "settings", "client"):
        monkeypatch.setenv("API_BASE_URL", "http://127.0.0.1:9")
    else:
        monkeypatch.setenv("API_ADMIN_PASSWORD", "another")
        asks = "admin.get('/users')"
    names = "client" if seam == "client" else "client, admin, unique"
    project.test(
        f"def test_a({names}):\n    assert {asks}.status_code == 200\n"
        + ("" if seam == "client" else "    admin.post('/users', json={'email': unique.email(), 'name': 'x'})\n"),
        conftest=conftest,
    )
    project.run().assert_outcomes(passed=1)
    assert project.stub.emails() == set(), "clean-up uses the suite's own seams"


def test_a_suite_may_leave_the_gate_out_or_declare_its_resources_itself(project: Project) -> None:
    project.test(
        "def test_a(admin, unique):\n    admin.post('/users', json={'email': unique.email(), 'name': 'x'})",
        conftest=(
            "import pytest\nfrom tidegate.settings import Resource\n"
            "@pytest.fixture(scope='session')\ndef gate(): pass\n"
            "@pytest.fixture(scope='session')\n"
            "def resources(): return (Resource(name='users', path='/users', marker='email'),)"
        ),
    )
    (project.path / "pyproject.toml").write_text("")
    result = project.run()
    result.assert_outcomes(passed=1)
    assert "GET /health" not in project.stub.requests
    assert project.stub.emails() == set()


def test_settings_come_from_options_and_the_file_that_an_option_names(project: Project) -> None:
    (project.path / "other.env").write_text("API_ADMIN_EMAIL=other@example.com\n")
    project.test(
        "def test_a(settings):\n    assert settings.admin_email == 'other@example.com'\n"
        "    assert (settings.health.timeout, settings.client.timeout) == (3, 4)"
    )
    project.pytester._monkeypatch.delenv("API_ADMIN_EMAIL")
    args = ("--tidegate-env-file=other.env", "--tidegate-set", "health.timeout=3", "--tidegate-set=client.timeout=4")
    project.run(*args).assert_outcomes(passed=1)
    project.run(*args, "-n", "2").assert_outcomes(passed=1)


def test_a_run_from_a_sub_folder_is_the_same_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    below = project.path / "tests" / "deep"
    below.mkdir(parents=True)
    (below / "test_below.py").write_text(
        f"def test_a(settings, client):\n    assert str(settings.root) == {str(project.path)!r}\n"
        f"    assert settings.base_url == {project.stub.url!r}"
    )
    monkeypatch.delenv("API_BASE_URL")
    (project.path / ".env.test").write_text(f"API_BASE_URL={project.stub.url}\n")
    monkeypatch.chdir(below)
    project.run().assert_outcomes(passed=1)
    assert (project.path / "artifacts").exists()
    assert not (below / "artifacts").exists()


@pytest.mark.parametrize("args", [("-o", "addopts=", "-p", "no:terminal"), ("-p", "no:logging"), ("-s",)])
def test_a_run_without_this_or_that_plugin_of_pytest_works(project: Project, stub: Bent, args: tuple[str, ...]) -> None:
    project.test("def test_a(admin, unique): admin.post('/users', json={'email': unique.email(), 'name': 'x'})")
    assert project.run(*args).ret == 0
    assert stub.emails() == set()
