"""Logging in: credentials to a session, and the session on every request."""

from tidegate.session.login.identity import Identity
from tidegate.session.login.session import Session
from tidegate.session.login.sessions import Login, Sessions

__all__ = ["Identity", "Login", "Session", "Sessions"]
