"""Failures planted in a copy of the repository: what is changed, how the run is made, and what must be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reproduce import canaries

REPRODUCED, AFTER_OTHERS, NOT_REPRODUCED = 0, 80, 81
PLANTED = "tests/test_planted.py"
USERS, ORDERS = "docker/api/shop/users.py", "docker/api/shop/orders.py"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Edits and files of the planted commit, what the run alone is told, and the verdict that is right.

    `names` must be in the verdict's text, `accused` must not; `page` must be on the report's first screen.
    """

    verdicts: tuple[int, ...] = (REPRODUCED,)
    edits: tuple[tuple[str, str, str], ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    tests: str = ""
    arguments: tuple[str, ...] = (PLANTED,)
    untracked: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()
    page: str = ""
    patience: int = 1  # runs that may be green first
    canaries: bool = False  # of which none may be left in anything that the run leaves or prints

    def plant(self, folder: Path) -> None:
        """Makes of a copy of the repository the commit in which the failure is."""
        for name, old, new in self.edits:
            file = folder / name
            text = file.read_text()
            assert text.count(old) == 1, f"{name} has {text.count(old)} times: {old}"
            file.write_text(text.replace(old, new))
        for name, text in self.files.items():
            (folder / name).write_text(text)
        if self.tests:
            (folder / PLANTED).write_text(HEAD + self.tests)

    def set_up(self, folder: Path) -> None:
        """Puts beside it what no commit holds."""
        for name, text in self.untracked.items():
            (folder / name).write_text(text)


HEAD = """\
import os
import random
import time

from tests.checks import expect, items

LINES = [{"sku": "ROPE-10", "quantity": 3, "unit_price": 1250}]


def made(admin, unique, **fields):
    body = {"email": unique.email(), "name": unique.name(), "role": "viewer"}
    return expect(admin.post("/users", json=body | fields), 201)


def named(admin, name):
    users = items(expect(admin.get("/users", params={"limit": 100}), 200))
    return [user for user in users if user["name"] == name]

"""
INNOCENT = "\n\n".join(
    f"def test_{word}(admin):\n    expect(admin.get('/users'), 200)\n\n"
    f"def test_{word}_orders(admin):\n    expect(admin.get('/orders'), 200)\n"
    for word in ("read", "look", "list", "page", "search")
)
ORDER = "\n\ndef test_an_order(admin, unique):\n    user = made(admin, unique)\n"
PLACE = "    order = admin.post('/orders', json={'user_id': user['id'], 'lines': LINES})\n"
CODE = "\n\ndef _find(database: Session, "

PLACED = "    order = Order(user_id=body.user_id, lines=lines)\n"
THREE = "    if len(lines) == 3:\n        "
THREE_LINES = f"{ORDER}{PLACE.replace('LINES', 'LINES * 3')}    expect(order, 201)\n"
LISTED = "    query = select(Order).order_by(Order.id)\n"
FROZEN = (
    "    if __import__('os').environ.get('SHOP_MODE') == 'frozen':\n"
    "        raise HTTPException(503, 'The shop is frozen.')\n"
)
# Rows just so long that PostgreSQL does not compress them.
FILL = "CREATE TABLE heap AS SELECT repeat('x', 1900) AS t FROM generate_series(1, 100000) n"
DELETED = "    database.delete(user)\n    database.commit()\n"
STAYS = "    if user.name == 'Stays':\n        raise HTTPException(409, 'This user stays.')\n"
ACCOUNTS = "query = select(User).order_by(User.id)\n"
HASH = "    password_hash: Mapped[str | None] = mapped_column(Text)\n"

DETERMINISTIC = Failure(
    edits=((ORDERS, "for place, line in enumerate(body.lines)]", "for place, line in enumerate(body.lines[:1] * 2)]"),),
    arguments=("tests/test_orders.py", "-n", "2"),
    names=("tests/test_orders.py",),
)
AFTER_ONE = Failure(
    verdicts=(AFTER_OTHERS,),
    tests=f"{INNOCENT}\n\ndef test_polluter(admin, unique):\n    made(admin, unique, name='Left over')\n\n\n"
    f"{INNOCENT.replace('def test_', 'def test_other_')}\n\n"
    "def test_victim(admin):\n    assert named(admin, 'Left over') == []\n",
    arguments=(PLANTED, "-p", "no:randomly"),
    names=("test_polluter", "users"),
    accused=("test_read", "test_other_read"),
)
AFTER_TWO = Failure(
    verdicts=(AFTER_OTHERS,),
    tests="def test_first(admin, unique):\n    made(admin, unique, name='One')\n\n\n"
    f"{INNOCENT}\n\ndef test_second(admin, unique):\n    made(admin, unique, name='Two')\n\n\n"
    f"{INNOCENT.replace('def test_', 'def test_other_')}\n\n"
    "def test_victim(admin):\n    assert not (named(admin, 'One') and named(admin, 'Two'))\n",
    arguments=(PLANTED, "-p", "no:randomly"),
    names=("test_first", "test_second"),
    accused=("test_read", "test_other_read"),
)
LEFT_OVER = Failure(  # in random order, by the seed alone
    verdicts=(AFTER_OTHERS,),
    tests=f"{INNOCENT}\n\ndef test_leaves(admin, unique):\n    user = made(admin, unique)\n{PLACE}"
    "    expect(order, 201)\n"
    "\n\ndef test_none_is_there(admin):\n    assert items(expect(admin.get('/orders'), 200)) == []\n",
    arguments=(PLANTED, "-p", "randomly", "--randomly-seed=1"),
    names=("test_leaves",),
    accused=("test_read",),
)
WORKER = Failure(
    tests=f"{INNOCENT}\n\ndef test_of_a_worker(admin, unique):\n"
    "    made(admin, unique)\n    assert os.environ.get('PYTEST_XDIST_WORKER', 'gw0') == 'no worker'\n",
    arguments=(PLANTED, "-n", "2"),
    names=("test_of_a_worker",),
)
SEED = Failure(
    tests=f"{INNOCENT}\n\ndef test_of_a_number(admin):\n    expect(admin.get('/users'), 200)\n"
    "    assert random.Random(random.random()).random() < 0.0, random.random()\n",
    arguments=(PLANTED, "--randomly-seed=77"),
    names=("test_of_a_number",),
)
ZONE = Failure(
    tests="def test_local_time_is_universal(admin):\n    expect(admin.get('/users'), 200)\n"
    "    assert time.localtime(0).tm_hour == 0\n",
    variables={"TZ": "NZST-12"},
    names=("test_local_time_is_universal",),
)
SLOW = Failure(
    edits=((USERS, ACCOUNTS, f"{ACCOUNTS}    database.execute(select(func.pg_sleep(1)))\n"),),
    tests="def test_a_list_comes_at_once(admin):\n    expect(admin.get('/users'), 200)\n",
    variables={"TIDEGATE_CLIENT_TIMEOUT": "0.6"},
    names=("test_a_list_comes_at_once",),
)
FLAKY = Failure(
    verdicts=(REPRODUCED, NOT_REPRODUCED),
    tests="def test_one_in_five(admin):\n    expect(admin.get('/users'), 200)\n    assert os.urandom(1)[0] >= 51\n",
    names=("test_one_in_five",),
    patience=30,
)
CONSTRAINT = Failure(
    edits=(
        (
            "docker/api/shop/migrations/versions/0003_customers.py",
            '    """Allow the role."""\n',
            '    """Allow the role."""\n    op.create_unique_constraint("users_name_key", "users", ["name"])\n',
        ),
        (
            USERS,
            '        raise HTTPException(409, "A user with this e-mail exists already.") from None',
            "        raise",
        ),
    ),
    tests="def test_two_of_a_name(admin, unique):\n" + "    made(admin, unique, name='Ada')\n" * 2,
    names=("test_two_of_a_name",),
    page="users_name_key",
)
MIGRATION = Failure(
    edits=(("docker/api/shop/models.py", HASH, HASH + HASH.replace("password_hash", "nickname")),),
    arguments=("tests/test_users.py",),
    page="nickname",
)
IMAGE = Failure(
    edits=(("docker/api/Dockerfile", 'CMD ["python", "-m", "shop"]', 'CMD ["python", "-m", "shopp"]'),),
    arguments=("tests/test_health.py",),
    page="No module named shopp",
)
CONFIGURATION = Failure(  # a file that only the machine of CI has
    edits=((ORDERS, LISTED, FROZEN + LISTED),),
    arguments=("tests/test_orders.py", "-k", "list"),
    untracked={".env.api": "SHOP_MODE=frozen\n"},
    names=("SHOP_MODE",),
)
CRASH = Failure(
    edits=((ORDERS, PLACED, f"{THREE}__import__('os')._exit(3)\n{PLACED}"),),
    tests=f"{INNOCENT}{THREE_LINES}\n\ndef test_last(admin):\n    expect(admin.get('/orders'), 200)\n",
    arguments=(PLANTED, "-p", "no:randomly"),
    names=("test_an_order",),
    page="exit code 3",
)
DRIFT = Failure(
    edits=((ORDERS, '@router.delete("/{order_id}", status_code=204', '@router.delete("/{order_id}", status_code=200'),),
    arguments=("tests/test_orders.py", "-k", "deleted or removed"),
    page="DELETE /orders/{order_id}",
)
ADMIN = Failure(
    edits=(
        ("docker/api/shop/seed.py", "    return Admin(email, password)", "    return Admin(email, password + 'x')"),
    ),
    arguments=("tests/test_users.py",),
    names=("login",),
)
MEMORY = Failure(
    edits=((ORDERS, PLACED, f"{THREE}_held = [bytearray(b'x') * (64 << 20) for _ in range(40)]\n{PLACED}"),),
    tests=INNOCENT + THREE_LINES,
    arguments=(PLANTED, "-p", "no:randomly"),
    names=("test_an_order",),
    page="memory",
)
DISK = Failure(
    edits=(
        ("docker/stack.yaml", "gid=${DB_UID:-999},mode=0700", "gid=${DB_UID:-999},mode=0700,size=96m"),
        (ORDERS, PLACED, f'{THREE}database.execute(__import__("sqlalchemy").text("{FILL}"))\n{PLACED}'),
    ),
    tests=INNOCENT + THREE_LINES,
    arguments=(PLANTED, "-p", "no:randomly"),
    names=("test_an_order",),
    page="No space left on device",
)
TEST_BUG = Failure(
    tests=f"{INNOCENT}\n\ndef test_with_a_slip(admin):\n    assert itmes(expect(admin.get('/users'), 200))\n",
    names=("test_with_a_slip",),
    page="itmes",
)
CLEAN_UP = Failure(
    edits=((USERS, DELETED, STAYS + DELETED),),
    tests="def test_makes_one_that_stays(admin, unique):\n    made(admin, unique, name='Stays')\n",
    names=("/users/",),
    page="This user stays.",
)
SECRET = Failure(
    tests="def test_a_token_in_the_address(admin, admin_token):\n"
    "    expect(admin.get('/users', params={'access_token': admin_token}), 200)\n"
    "    expect(admin.get('/orders/0', params={'access_token': admin_token}), 200)\n",
    names=("test_a_token_in_the_address",),
)
CANARIES = Failure(
    edits=(
        ("docker/api/shop/app.py", "from shop import health, login", "from shop import canary, health, login"),
        ("docker/api/shop/app.py", "(health, login, users, orders):", "(health, login, users, orders, canary):"),
    ),
    files={"docker/api/shop/canary.py": canaries.API},
    untracked={".env.api": f"{canaries.ENV}={canaries.known()['from_env']}\n"},
    tests=canaries.TESTS,
    arguments=(PLANTED, "-l", "-p", "no:randomly"),
    names=("test_assertion", "test_echo"),
    canaries=True,
)
ALL: dict[str, Failure] = {
    name.lower().replace("_", "-"): value for name, value in list(globals().items()) if isinstance(value, Failure)
}
