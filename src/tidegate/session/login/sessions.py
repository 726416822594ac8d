"""Logging in, whatever the kind of login, and knowing which session belongs to which token."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tidegate.errors import LoginRefused, SettingsError
from tidegate.session.http import httpx
from tidegate.session.login.obtain import Obtaining
from tidegate.session.login.session import Session, carried
from tidegate.settings import Account, Settings
from tidegate.settings.identities import ADMIN

Login = Callable[[str, str], str]


class Sessions:
    """The logins of one process, sent by `client`; `learn` hears of every value that must not be shown.

    `own` hears whose each session is, where it is one of those who are set.
    """

    def __init__(
        self,
        settings: Settings,
        client: httpx.Client,
        learn: Callable[[Iterable[str]], None] = lambda _values: None,
        own: Callable[[str, Session], None] = lambda _who, _session: None,
    ) -> None:
        self._settings = settings
        self._client = client
        self._learn = learn
        self._own = own
        self._known: dict[str, Session] = {}

    def log_in(self, email: str, password: str) -> str:
        """The token for these credentials; raises LoginRefused with what came, secrets masked."""
        __tracebackhide__ = True  # pytest shows a frame's arguments, and one is a password
        login = self._settings.login
        if login.kind == "basic":
            session = carried(login, login.basic(email, password))
        elif login.asks:
            session = self._ask(email, password)
        else:
            raise LoginRefused(
                f"login refused for {email}\n  seen: login.kind is {login.kind}, which takes no password\n"
                "  next: use the fixture as_identity, or set API_LOGIN_KIND to how the API logs in"
            )
        self._learn(session.secrets)
        if account := self._account(email, password):
            self._own(account.name, session)
        self._known[session.token] = session
        return session.token

    def open(self, account: Account, log_in: Login | None = None) -> Session:
        """The session of somebody who is set; `log_in` gives a token in the place of our own login.

        Raises LoginRefused, or SettingsError naming the variable that is not set.
        """
        login = self._settings.login
        for name in login.needs:
            if not (login.client_secret if name == "client_secret" else getattr(account, name)):
                raise SettingsError(_not_set(account, name))
        if login.kind == "none":
            return Session(login=login)
        token = account.token or ""
        if login.kind != "token":
            token = (log_in or self.log_in)(account.email or "", account.password or "")
        session = self._known[token] = self.of(token)
        self._learn(session.secrets)
        self._own(account.name, session)
        return session

    def open_admin(self) -> Session:
        """The session of the seeded admin."""
        return self.open(self._settings.accounts[ADMIN])

    def of(self, token: str) -> Session:
        """The session that a token stands for; of one that came from elsewhere, as the settings say it is carried."""
        if not token:
            return Session(login=self._settings.login)
        return self._known.get(token) or carried(self._settings.login, token)

    def behind(self, headers: Mapping[str, str]) -> Session:
        """The session that shows itself as these headers; else one that is these headers."""
        fitting = (session for session in self._known.values() if session.unsafe == headers)
        return next(fitting, None) or Session(headers=dict(headers), login=self._settings.login)

    def _ask(self, email: str, password: str) -> Session:
        account = self._account(email, password)
        needs = self._settings.login.needs
        values = {"email": email, "password": password, "client_secret": self._settings.login.client_secret or ""}
        return Obtaining(
            self._client,
            self._settings.login,
            values,
            who=email or (account.name if account else "nobody"),
            variables=tuple(account.variable(name) for name in needs) if account else (),
            identity=account.name if account else "",
        ).session()

    def _account(self, email: str, password: str) -> Account | None:
        """Whose credentials these are, of all who are set."""
        accounts = self._settings.accounts.values()
        return next((each for each in accounts if (each.email or "", each.password) == (email, password)), None)


def _not_set(account: Account, name: str) -> str:
    variable = account.variable(name)
    also = ", or API_TOKEN," if variable == "API_ADMIN_TOKEN" else ""
    return f"{variable} is not set\n  next: write it{also} into .env.test, or set it in the environment"
