"""The next step after a login that failed, by what the API answered and how it is logged in to."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig
from tidegate.session.login.cookies import set_by
from tidegate.session.login.hidden import asks_for_password
from tidegate.session.login.likely import places_of_tokens
from tidegate.session.login.places import json_of
from tidegate.session.login.shown import is_page, place_in
from tidegate.settings import Login

_CSRF = re.compile("csrf|xsrf|authenticity.?token|forgery|page expired", re.IGNORECASE)
# Few APIs tell a wrong password from a body that they do not understand.
ELSE = ", or the API wants another login.kind or login.body than was sent"


def next_step(login: Login, answer: httpx.Response, variables: tuple[str, ...]) -> str:
    """What to set or to compare."""
    status = answer.status_code
    if is_login_again(answer, login):  # before CSRF, which the form's own hidden field may mention
        return f"the answer leads to the login again: {_credentials(variables)}{ELSE}"
    if status < 300:
        return _no_token(login, answer)
    if status < 400:
        return f"{_redirect(answer)}: set login.path to that, or login.token to cookies where a login ends so"
    if status == 419 or (status < 500 and _CSRF.search(answer.text)):
        return _csrf(login)
    if status in (404, 405):
        return "set API_LOGIN_PATH, or login.path in [tool.tidegate], to the path that takes a login"
    if status == 415:
        return f"the API takes no body of login.kind {login.kind}: set it to {_other_kind(login)}"
    if status == 429:
        return "the API takes no more logins for now: wait, or allow the tests more of them"
    if status >= 500:
        return "the API failed: look at its log"
    return _refused(login, answer, variables)


def no_csrf(login: Login, answer: httpx.Response) -> str:
    """What to set when the question for the CSRF token brought none."""
    if answer.is_redirect:
        return f"{_redirect(answer)}: set login.csrf_path to that"
    if answer.status_code >= 400:
        return "set login.csrf_path to a path that hands out the CSRF token"
    set_now = ", ".join(f"cookie:{name}" for name in set_by(answer))
    there = f" (it sets {set_now})" if set_now else ""
    return f"the answer holds no CSRF token at {login.csrf_from}{there}: set login.csrf_from, or login.csrf_path"


def is_login_again(answer: httpx.Response, login: Login) -> bool:
    """Whether an answer is the login page, or leads back to it."""
    if answer.is_redirect:
        there = urlsplit(urljoin(str(answer.request.url), answer.headers["Location"])).path
        page = answer.request.url.path
        return there != "/" and (there == page or (login.csrf_path != "" and there.endswith(login.csrf_path)))
    return is_page(answer) and asks_for_password(answer.text)


def _no_token(login: Login, answer: httpx.Response) -> str:
    kind, _, name = login.token.partition(":")
    named = {"header": f"the answer has no header {name}", "cookie": f"the login sets no cookie {name}"}
    missing = named.get(kind, "the login sets no cookie" if kind == "cookies" else f"the answer holds no {login.token}")
    if found := places_of_tokens(answer):
        return f"{missing}; what may be a token is at {', '.join(found)}: set login.token"
    return f"{missing}: does login.path in [tool.tidegate] lead to the login?"


def _redirect(answer: httpx.Response) -> str:
    return f"it redirects to {place_in(answer)}"


def _csrf(login: Login) -> str:
    if login.csrf_from:
        return (
            "the API does not take the CSRF token: compare login.csrf_from with where it is handed out, and"
            " login.csrf_send, or {csrf} in login.body, with where it is expected"
        )
    return (
        "the API asks for a CSRF token: set login.csrf_path and login.csrf_from to where it is handed out, and"
        " login.csrf_send, or {csrf} in login.body, to where it is expected"
    )


def _refused(login: Login, answer: httpx.Response, variables: tuple[str, ...]) -> str:
    error = dig(json_of(answer), "error")  # RFC 6749, 5.2
    if error in ("invalid_client", "unauthorized_client"):
        return 'the API refuses the client: compare client_id and client_secret = "{client_secret}" in login.body'
    if error == "unsupported_grant_type" or ("grant_type" in answer.text and login.kind != "oauth2"):
        return "set login.kind to oauth2 when the API has the password grant, or login.body to the grant that it has"
    return _credentials(variables) if error == "invalid_grant" else f"{_credentials(variables)}{ELSE}"


def _credentials(variables: tuple[str, ...]) -> str:
    if not variables:
        return "compare e-mail and password with those of a user that exists"
    return f"compare {' and '.join(variables)} with what the API was seeded with"


def _other_kind(login: Login) -> str:
    return "form, or oauth2" if login.kind == "json" else "json"
