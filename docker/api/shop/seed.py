"""The first account: an admin, from the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.fields import EMAIL_PATTERN
from shop.models import User
from shop.passwords import hash_password, matches
from shop.settings import SettingError, read_required


@dataclass(frozen=True)
class Admin:
    """Who the admin is to be."""

    email: str
    password: str = field(repr=False)


def read_admin(environment: Mapping[str, str]) -> Admin:
    """The admin that the environment asks for; SettingError for a variable that is missing or malformed."""
    email = read_required(environment, "API_ADMIN_EMAIL", "the admin's e-mail")
    password = read_required(environment, "API_ADMIN_PASSWORD", "the admin's password")
    if len(email) > 254 or not re.fullmatch(EMAIL_PATTERN, email):
        raise SettingError(f"API_ADMIN_EMAIL is {email[:80]!r}. Set an e-mail address such as admin@example.com.")
    if not password.strip() or len(password) > 1024:
        raise SettingError("API_ADMIN_PASSWORD is blank or longer than 1024 characters. Set a password.")
    return Admin(email, password)


def seed_admin(session: Session, admin: Admin) -> str:
    """Bring the account to what is asked, and say what that took; nothing is written when nothing has to change."""
    user = session.scalar(select(User).where(func.lower(User.email) == admin.email.lower()))
    if user is None:
        hashed = hash_password(admin.password)
        session.add(User(email=admin.email, name="Administrator", role="admin", password_hash=hashed))
        return "created"
    unchanged = user.role == "admin" and user.email == admin.email and matches(admin.password, user.password_hash)
    if unchanged:
        return "unchanged"
    user.email, user.role, user.password_hash = admin.email, "admin", hash_password(admin.password)
    return "updated"
