"""Who is asking, and what they may do."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from shop.models import User
from shop.problems import unauthorized
from shop.settings import Settings
from shop.tokens import read_token

bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="The access token that POST /auth/login answers")


def open_session(request: Request) -> Iterator[Session]:
    """A database session; what the operation doesn't commit is rolled back."""
    with request.app.state.sessions() as session:
        yield session


Database = Annotated[Session, Depends(open_session)]


def find_caller(
    request: Request, database: Database, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> User:
    """The account that the token belongs to, as it is now: a deleted account or changed role counts at once."""
    if credentials is None:
        raise unauthorized("No access token. Send Authorization: Bearer <token>.")
    settings: Settings = request.app.state.settings
    user_id = read_token(credentials.credentials, settings.jwt_secret)
    caller = database.get(User, user_id) if user_id else None
    if caller is None:
        raise unauthorized("The access token is not valid or has expired.")
    return caller


Caller = Annotated[User, Depends(find_caller)]


def require_admin(caller: Caller) -> User:
    """The caller, if they may write."""
    if caller.role != "admin":
        raise HTTPException(403, "Only an admin may do this.")
    return caller


Admin = Annotated[User, Depends(require_admin)]
WRITER = Depends(require_admin)


def require_owner(caller: Caller) -> User:
    """The caller, if they may write what is their own: a customer that alone, an admin everything."""
    if caller.role == "viewer":
        raise HTTPException(403, "A viewer may only read.")
    return caller


Owner = Annotated[User, Depends(require_owner)]
OWNER = Depends(require_owner)


def sees(caller: User, user_id: int) -> bool:
    """Whether the caller may see what belongs to this user."""
    return caller.role != "customer" or caller.id == user_id


async def require_json(request: Request) -> None:
    """Refuse a body that isn't declared as JSON; an absent body is left to the schema."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    if not is_json and await request.body():
        raise HTTPException(415, "Send the body as JSON, with Content-Type: application/json.")


JSON_BODY = Depends(require_json)
