"""/users: accounts."""

from typing import Any

from fastapi import APIRouter, HTTPException, Response
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.access import JSON_BODY, OWNER, WRITER, Admin, Caller, Database, Owner, sees
from shop.fields import parse_id
from shop.models import User
from shop.pages import EmailPrefix, Limit, Offset, read_page
from shop.passwords import hash_password
from shop.problems import BODY, problems
from shop.schemas import NewUser, UserAnswer, UserChanges, UserPage

router = APIRouter(prefix="/users", tags=["users"])
LOCATION = {"Location": {"description": "Path of the new account", "schema": {"type": "string"}}}
CREATED: dict[int | str, dict[str, Any]] = {201: {"description": "Created", "headers": LOCATION}}


@router.post(
    "",
    status_code=201,
    response_model=UserAnswer,
    responses=CREATED | problems(401, 403, 409, *BODY),
    dependencies=[WRITER, JSON_BODY],
)
def create_user(body: NewUser, response: Response, database: Database) -> User:
    """A new account; 409 when the e-mail is taken, in whatever case."""
    hashed = hash_password(body.password) if body.password else None
    user = User(email=body.email, name=body.name, role=body.role, password_hash=hashed)
    database.add(user)
    _commit(database)
    response.headers["Location"] = f"/users/{user.id}"
    return user


@router.get("", response_model=UserPage, responses=problems(401, 422))
def list_users(
    caller: Caller, database: Database, limit: Limit = 50, offset: Offset = 0, email_prefix: EmailPrefix = ""
) -> dict[str, Any]:
    """Accounts in the order of their ids; for a customer the own one."""
    query = select(User).order_by(User.id)
    if caller.role == "customer":
        query = query.where(User.id == caller.id)
    if email_prefix:
        query = query.where(func.lower(User.email).startswith(email_prefix.lower(), autoescape=True))
    return read_page(database, query, limit, offset)


@router.get("/{user_id}", response_model=UserAnswer, responses=problems(401, 404))
def get_user(user_id: str, caller: Caller, database: Database) -> User:
    """One account."""
    return _find(database, user_id, caller)


@router.patch(
    "/{user_id}",
    response_model=UserAnswer,
    responses=problems(401, 403, 404, 409, *BODY),
    dependencies=[OWNER, JSON_BODY],
)
def change_user(user_id: str, body: UserChanges, caller: Owner, database: Database) -> User:
    """The account after the change; fields that were not sent are as before. Nobody can change their own role."""
    user = _find(database, user_id, caller, lock=True)
    changes = body.model_dump(exclude_unset=True)
    if user.id == caller.id and changes.get("role", user.role) != user.role:
        raise HTTPException(403 if caller.role == "customer" else 409, "You can't change your own role.")
    if password := changes.pop("password", None):
        user.password_hash = hash_password(password)
    for name, value in changes.items():
        setattr(user, name, value)
    _commit(database)
    return user


@router.delete("/{user_id}", status_code=204, responses=problems(401, 403, 404, 409))
def delete_user(user_id: str, caller: Admin, database: Database) -> None:
    """Delete the account and all its orders, together or not at all. Nobody can delete their own account."""
    user = _find(database, user_id, caller, lock=True)
    if user.id == caller.id:
        raise HTTPException(409, "You can't delete your own account.")
    database.delete(user)
    database.commit()


def _find(database: Session, user_id: str, caller: User, *, lock: bool = False) -> User:
    # Locked, a row can't be deleted between being read and being changed.
    number = parse_id(user_id)
    user = database.get(User, number, with_for_update=lock or None) if number else None
    if user is None or not sees(caller, user.id):
        raise HTTPException(404, "No user has this id.")
    return user


def _commit(database: Session) -> None:
    # The unique index decides, not a query before it: two requests at once can't both win.
    try:
        database.commit()
    except IntegrityError:
        raise HTTPException(409, "A user with this e-mail exists already.") from None
