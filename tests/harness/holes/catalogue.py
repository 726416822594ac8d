"""The holes: what is changed in which file of the example API, and the items that must name it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

Edit = tuple[str, str, str]
LIVE = "every operation of the live document"

TOO_LATE = 'if caller.role != "admin":\n        raise HTTPException(403, "Only an admin may do this.")\n'
UNCHECKED_ORDER = "order = database.get(Order, parse_id(order_id))"
UNCHECKED_USER = "user = database.get(User, parse_id(user_id))"


@dataclass(frozen=True)
class Hole:
    """Edits of files of the package, and ids of the items that fail because of them."""

    edits: tuple[Edit, ...]
    named_by: tuple[str, ...]

    @property
    def arguments(self) -> list[str]:
        """What has pytest run these items alone; the contract is read only where it is what they are about."""
        contract = ["--contract=report", "--tidegate-set=contract.document=/openapi.json"]
        items = [f"tests/test_access_matrix.py::test_access[{name}]" for name in self.named_by]
        return [*(contract if LIVE in self.named_by else ["--contract=off"]), *items]

    def plant(self, package: Path) -> None:
        """Makes the edits in a copy of the package."""
        for name, old, new in self.edits:
            file = package / name
            text = file.read_text()
            assert text.count(old) == 1, f"{name} has {text.count(old)} times: {old}"
            file.write_text(text.replace(old, new))


def hole(file: str, old: str, new: str, *named_by: str) -> Hole:
    """A hole of one edit."""
    return Hole(((file, old, new),), named_by)


def added(file: str, code: str, *named_by: str) -> Hole:
    """A hole of some code at the end of a file."""
    return hole(file, "\n\ndef _find(", f"\n\n{code}\n\n\ndef _find(", *named_by)


HIDDEN_HEAD = """
@router.head("/{user_id}", include_in_schema=False)
def head_user(user_id: str) -> None:
    return None
"""
HIDDEN_PUT = """
@router.put("/{user_id}", include_in_schema=False, response_model=UserAnswer)
def put_user(user_id: str, body: UserChanges, caller: Caller, database: Database) -> User:
    user = _find(database, user_id, caller)
    user.name = body.name
    database.commit()
    return user
"""
FORGOTTEN = """
@router.get("/{user_id}/secrets")
def forgotten(user_id: str) -> dict[str, str]:
    return {}
"""
CLAIMED = """    import jwt

    said = jwt.decode(credentials.credentials, settings.jwt_secret, algorithms=["HS256"]).get("role")
    if said:
        database.expunge(caller)
        caller.role = said
    return caller


Caller = """
HOLES: dict[str, Hole] = {
    "an order of another can be read": hole(
        "orders.py",
        "return _find(database, order_id, caller)",
        "return database.get(Order, parse_id(order_id))",
        "customer GET /orders/{order_id} of another",
        "viewer turned customer GET /orders/{order_id} of another",
    ),
    "an order of another can be cancelled": hole(
        "orders.py",
        "order = _find(database, order_id, caller, lock=True)",
        UNCHECKED_ORDER,
        "customer PATCH /orders/{order_id} of another",
    ),
    "an account of another can be read": hole(
        "users.py",
        "return _find(database, user_id, caller)",
        "return database.get(User, parse_id(user_id))",
        "customer GET /users/{user_id} of another",
    ),
    "an account of another can be renamed": hole(
        "users.py",
        "user = _find(database, user_id, caller, lock=True)\n    changes",
        f"{UNCHECKED_USER}\n    changes",
        "customer PATCH /users/{user_id} of another",
    ),
    "an order can be placed for another": hole(
        "orders.py", "if not sees(caller, body.user_id):", "if False:", "customer POST /orders for another"
    ),
    "the list shows the orders of all": hole(
        "orders.py",
        'if caller.role == "customer":',
        "if False:",
        "customer GET /orders",
        "customer GET /orders of another",
    ),
    "the filter of a list goes before its owner": hole(
        "orders.py",
        'if caller.role == "customer":',
        'if caller.role == "customer" and user_id is None:',
        "customer GET /orders of another",
    ),
    "the list shows the accounts of all": hole(
        "users.py", 'if caller.role == "customer":', "if False:", "customer GET /users"
    ),
    "an order can be read without a token": hole(
        "orders.py",
        "def get_order(order_id: str, caller: Caller, database: Database) -> Order:",
        "def get_order(order_id: str, database: Database) -> Order:\n    caller = User(role='viewer')",
        "anonymous GET /orders/{order_id}",
    ),
    "an account can be deleted without a token": hole(
        "users.py",
        "def delete_user(user_id: str, caller: Admin, database: Database) -> None:",
        "def delete_user(user_id: str, database: Database) -> None:\n    caller = User(role='admin')",
        "anonymous DELETE /users/{user_id}",
        "viewer DELETE /users/{user_id}",
        "customer DELETE /users/{user_id}",
    ),
    "a viewer may do what an admin may": hole(
        "access.py",
        'if caller.role != "admin":',
        'if caller.role == "customer":',
        "viewer POST /users",
        "viewer DELETE /orders/{order_id}",
    ),
    "a viewer may do what an owner may": hole(
        "access.py",
        'if caller.role == "viewer":',
        "if False:",
        "viewer PATCH /users/{user_id}",
        "viewer POST /orders",
    ),
    "a customer may delete own orders": hole(
        "orders.py",
        "problems(401, 403, 404), dependencies=[WRITER])",
        "problems(401, 403, 404), dependencies=[OWNER])",
        "customer DELETE /orders/{order_id}",
    ),
    "a customer may become an admin": hole(
        "users.py",
        "if user.id == caller.id and changes",
        'if caller.role == "admin" and user.id == caller.id and changes',
        "customer PATCH /users/{user_id} setting role",
    ),
    "a customer may call an order paid": hole(
        "orders.py",
        'body.status != "cancelled"',
        'body.status == "shipped"',
        "customer PATCH /orders/{order_id} setting status",
    ),
    "the token of a deleted account goes on": hole(
        "access.py",
        "if user_id else None\n",
        'if user_id else None\n    caller = caller or (user_id and User(id=user_id, role="viewer"))\n',
        "deleted viewer GET /orders",
        "deleted customer GET /orders",
    ),
    "the role is read from the token": Hole(
        (
            ("login.py", "select(User.id, User.password_hash)", "select(User.id, User.password_hash, User.role)"),
            (
                "login.py",
                "settings.jwt_secret, settings.token_seconds)",
                "settings.jwt_secret, settings.token_seconds, user.role)",
            ),
            ("tokens.py", "secret: str, seconds: int)", 'secret: str, seconds: int, role: str = "")'),
            ("tokens.py", '{"sub": str(user_id), ', '{"sub": str(user_id), "role": role, '),
            ("access.py", "    return caller\n\n\nCaller = ", CLAIMED),
        ),
        ("viewer turned customer GET /orders/{order_id} of another",),
    ),
    "an order is deleted, and then the deletion refused": hole(
        "orders.py",
        "problems(401, 403, 404), dependencies=[WRITER])\n"
        "def delete_order(order_id: str, caller: Caller, database: Database) -> None:\n"
        '    """Delete the order and its lines."""\n'
        "    database.delete(_find(database, order_id, caller, lock=True))\n    database.commit()\n",
        "problems(401, 403, 404))\n"
        "def delete_order(order_id: str, caller: Caller, database: Database) -> None:\n"
        "    database.delete(_find(database, order_id, caller, lock=True))\n    database.commit()\n"
        f"    {TOO_LATE}",
        "viewer DELETE /orders/{order_id}",
        "customer DELETE /orders/{order_id}",
    ),
    "an account is made, and then its making refused": Hole(
        (
            (
                "users.py",
                "problems(401, 403, 409, *BODY),\n    dependencies=[WRITER, JSON_BODY],",
                "problems(401, 403, 409, *BODY),\n    dependencies=[JSON_BODY],",
            ),
            (
                "users.py",
                "response: Response, database: Database) -> User:\n",
                "response: Response, caller: Caller, database: Database) -> User:\n",
            ),
            (
                "users.py",
                '    response.headers["Location"]',
                f'    {TOO_LATE}    response.headers["Location"]',
            ),
        ),
        ("viewer POST /users", "customer POST /users"),
    ),
    "HEAD is open to all": added("users.py", HIDDEN_HEAD, "anonymous GET /users/{user_id}"),
    "PUT is open to viewers": added("users.py", HIDDEN_PUT, "viewer PATCH /users/{user_id}"),
    "an operation that nobody thought of": added("users.py", FORGOTTEN, LIVE),
}
