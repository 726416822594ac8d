"""POST /auth/login."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import func, select

from shop.access import JSON_BODY, Database
from shop.models import User
from shop.passwords import matches
from shop.problems import BODY, problems, unauthorized
from shop.schemas import Login, Token
from shop.settings import Settings
from shop.tokens import issue_token

router = APIRouter(tags=["login"])
NO_STORE = {"Cache-Control": {"description": "Always no-store", "schema": {"type": "string", "const": "no-store"}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    **problems(401, *BODY),
    200: {"description": "The credentials are right", "headers": NO_STORE},
}
RESPONSES[401] |= {"description": "The e-mail or the password is wrong; which one is not said"}


@router.post("/auth/login", responses=RESPONSES, dependencies=[JSON_BODY])
def log_in(body: Login, request: Request, response: Response, database: Database) -> Token:
    """An access token for an account that has a password."""
    account = select(User.id, User.password_hash).where(func.lower(User.email) == body.email.lower())
    user = database.execute(account).first()
    database.rollback()  # the connection goes back to the pool before the slow part
    if not matches(body.password, user and user.password_hash) or user is None:
        raise unauthorized("The e-mail or the password is wrong.")
    settings: Settings = request.app.state.settings
    response.headers["Cache-Control"] = "no-store"
    token = issue_token(user.id, settings.jwt_secret, settings.token_seconds)
    return Token(access_token=token, token_type="bearer", expires_in=settings.token_seconds)
