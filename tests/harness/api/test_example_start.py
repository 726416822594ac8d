"""The example API: what it needs to start, and how its database is prepared."""

import json
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from subprocess import PIPE

import httpx
import pytest
from api.processes import ADMIN, ENVIRONMENT, PYTHON, Started, run_shop

DATABASE = "postgresql://shop:hunter2@localhost/shop"
LONG = "kQ8-zW2_vN5-xT7_bM4-cR9_dF3-gH6_jL1"
PRODUCTION = {"DATABASE_URL": DATABASE, "API_JWT_SECRET": LONG}
ASK = """
import json, sys
from shop.seed import read_admin
from shop.settings import SettingError, read_settings
answers = []
for environment in json.load(sys.stdin):
    try:
        read_settings(environment), read_admin(environment)
        answers.append("")
    except SettingError as error:
        answers.append(str(error))
json.dump(answers, sys.stdout)
"""
MIGRATE_OFTEN = """
import json, os, sys
from shop.migrate import main
for line in sys.stdin:
    os.environ.update(json.loads(line))
    main()
    sys.stdout.flush()
"""
CHECK_MIGRATIONS = """
from alembic.config import main
main(["check"]), main(["downgrade", "base"]), main(["upgrade", "head"])
"""
Environment = dict[str, str | None]


def refusals(*changes: Environment) -> list[str]:
    """What the API says to each environment, empty when it accepts it; from one process, because it starts slowly."""
    admin = {name: value for name, value in ENVIRONMENT.items() if name.startswith("API_ADMIN_")}
    environments = [
        {name: value for name, value in (admin | PRODUCTION | change).items() if value is not None}
        for change in changes
    ]
    return list(json.loads(run_shop("-c", ASK, stdin=json.dumps(environments)).stdout))


def test_a_proper_environment_is_accepted() -> None:
    accepted: list[Environment] = [
        {},
        {"PORT": "1", "API_TOKEN_SECONDS": "86400", "HOST": ""},
        {"API_JWT_SECRET": "short", "API_TEST_STACK": "1"},
        {"API_JWT_SECRET": "test-only-value-of-more-than-thirty-two-bytes", "API_TEST_STACK": "1"},
        {"DATABASE_URL": "postgres://shop@/shop?host=/run"},
    ]
    assert refusals(*accepted) == [""] * len(accepted)


def test_a_variable_that_is_missing_or_wrong_is_named_and_no_secret_is_shown() -> None:
    wrong: list[Environment] = [
        {"API_JWT_SECRET": None},
        {"API_JWT_SECRET": None, "API_TEST_STACK": "1"},
        {"API_JWT_SECRET": ""},
        {"API_JWT_SECRET": "hunter2"},
        {"DATABASE_URL": ""},
        {"API_JWT_SECRET": "test-only-hunter2-of-more-than-thirty-two-bytes"},
        {"API_JWT_SECRET": "test-only-hunter2-of-more-than-thirty-two-bytes", "API_TEST_STACK": "yes"},
        {"API_JWT_SECRET": "Change-me-hunter2-of-more-than-thirty-two-bytes"},
        {"API_JWT_SECRET": "a" * 64},
        {"DATABASE_URL": None},
        {"DATABASE_URL": "localhost hunter2"},
        {"DATABASE_URL": "postgresql://shop:hunter2@localhost:port/shop"},
        {"DATABASE_URL": "mysql://shop:hunter2@localhost/shop"},
        {"PORT": "80a"},
        {"PORT": "0"},
        {"PORT": "70000"},
        {"API_TOKEN_SECONDS": "-1"},
        {"API_TOKEN_SECONDS": "1e3"},
        {"API_ADMIN_EMAIL": None},
        {"API_ADMIN_EMAIL": "admin"},
        {"API_ADMIN_EMAIL": "admin@example.com\n"},
        {"API_ADMIN_PASSWORD": None},
        {"API_ADMIN_PASSWORD": ""},
        {"API_ADMIN_PASSWORD": "  "},
    ]
    answers = refusals(*wrong)
    names = [next(iter(change)) for change in wrong]
    assert [answer.partition(" ")[0] for answer in answers] == names
    assert "hunter2" not in "".join(answers)


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        (["-m", "shop"], "API_JWT_SECRET"),
        (["-m", "uvicorn", "--factory", "shop.app:create_app"], "API_JWT_SECRET"),
        (["-m", "shop.migrate"], "API_ADMIN_EMAIL"),
    ],
)
def test_a_refused_start_is_one_line_and_an_exit_code(command: list[str], missing: str) -> None:
    refused = run_shop(*command, **{"DATABASE_URL": DATABASE, missing: None})
    (line,) = refused.stderr.splitlines()
    assert refused.returncode != 0
    assert f": {missing} is missing." in line
    assert refused.stdout == ""


def test_a_database_that_does_not_answer_is_one_message_after_a_bounded_wait() -> None:
    impatient = "import shop.migrate as m; m.DATABASE_SECONDS = 0.0; raise SystemExit(m.main())"
    refused = run_shop("-c", impatient, DATABASE_URL="postgresql://shop:hunter2@127.0.0.1:1/shop")
    assert refused.returncode == 1
    assert "The database did not answer within 0 s" in refused.stderr
    assert "Traceback" not in refused.stderr + refused.stdout
    assert "hunter2" not in refused.stderr


@pytest.fixture
def migrate(example: Started) -> Iterator[Callable[[str, str], str]]:
    """Prepare the running example's database for an admin; always in one process, because it starts slowly."""
    url = f"postgresql://shop@/postgres?host={example.folder()}"
    command, environment = [PYTHON, "-c", MIGRATE_OFTEN], ENVIRONMENT | {"DATABASE_URL": url}
    with subprocess.Popen(command, env=environment, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asking, answers = process.stdin, process.stdout

        def migrate(email: str, password: str) -> str:
            print(json.dumps({"API_ADMIN_EMAIL": email, "API_ADMIN_PASSWORD": password}), file=asking, flush=True)
            return answers.readline()

        yield migrate


def test_the_seed_ends_in_the_state_that_is_asked_for(
    migrate: Callable[[str, str], str], admin: httpx.Client, anonymous: httpx.Client
) -> None:
    def find() -> dict[str, object]:
        (user,) = admin.get("/users", params={"email_prefix": "second-admin@"}).json()["items"]
        return dict(user)

    def log_in(password: str) -> int:
        return anonymous.post(
            "/auth/login", json={"email": "second-admin@example.com", "password": password}
        ).status_code

    assert "created" in migrate("second-admin@example.com", "first-password")
    created = find()
    assert "unchanged" in migrate("second-admin@example.com", "first-password")
    assert (find(), log_in("first-password")) == (created, 200)
    admin.patch(f"/users/{created['id']}", json={"role": "viewer", "name": "Renamed"})
    assert "updated" in migrate("second-admin@example.com", "first-password")
    assert find() == created | {"name": "Renamed"}
    assert "updated" in migrate("Second-Admin@example.com", "second-password")
    assert find() == created | {"email": "Second-Admin@example.com", "name": "Renamed"}
    assert (log_in("first-password"), log_in("second-password")) == (401, 200)


def test_migrations_that_start_together_all_succeed_and_match_the_models(example: Started) -> None:
    connect = f"import psycopg; psycopg.connect('host={example.folder()} user=shop dbname=postgres', autocommit=True)"
    assert run_shop("-c", f"{connect}.execute('CREATE DATABASE together TEMPLATE template0')").returncode == 0
    url = f"postgresql://shop@/together?host={example.folder()}"
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda _: run_shop("-m", "shop.migrate", DATABASE_URL=url), range(3)))
    assert sorted(one.stdout.split()[-1] for one in done) == ["created", "unchanged", "unchanged"]
    checked = run_shop("-c", CHECK_MIGRATIONS, DATABASE_URL=url)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_admin_of_the_environment_can_log_in(log_in: Callable[[str, str], str]) -> None:
    assert log_in(*ADMIN.values())
