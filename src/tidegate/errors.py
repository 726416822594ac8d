"""Everything that tidegate raises on purpose, drawn once.

TidegateError            what happened, what was seen, what to do next
├── UsageError           64  the command line asks for something that does not exist
├── DocumentError        65  the OpenAPI document cannot be had, or is none
├── BundleError          66  what a run left cannot be read: not a bundle, a newer one, or one that reaches outside
├── ApiNotHealthy        69  the gate gave up: the API never became healthy
│   └── StackFailed      69  what the API needs did not start; says at which stage
├── BudgetSpent          73  the tests have sent as many requests as client.budget allows
├── LedgerError          74  the record of what the tests made cannot be written
├── LeftoversRemain      75  clean-up could not remove everything that is ours
├── WriteRefused         76  the guard let a request that would change something not pass
│   └── NotOurs          76  the record is another run's by now
├── LoginRefused         77  the API did not accept the credentials
├── SettingsError        78  a setting is missing, malformed or unknown
├── ContractFailed       79  the contract changed, or too little of it was covered, in a run whose tests passed
└── Impossible           82  a red run cannot be made red again on this machine

80 and 81 are verdicts of `tidegate reproduce` as well, and no errors.
pytest's own exit codes, 0 to 5, stay pytest's. The numbers follow sysexits.h.
"""

from __future__ import annotations


class TidegateError(Exception):
    """An error whose text a user can act on; `exit_code` is what a command ends with."""

    exit_code = 70


class UsageError(TidegateError):
    """The command line asks for something that does not exist."""

    exit_code = 64


class DocumentError(TidegateError):
    """The API's OpenAPI document cannot be had, or is none."""

    exit_code = 65


class BundleError(TidegateError):
    """What a run left cannot be read: it is no bundle, of a newer format, or reaches outside of its folder."""

    exit_code = 66


class ApiNotHealthy(TidegateError):  # noqa: N818  the name is what a reader of a log sees
    """The gate gave up waiting: the API did not become healthy."""

    exit_code = 69


class StackFailed(ApiNotHealthy):
    """What the API needs did not start; the text says at which stage."""


class BudgetSpent(TidegateError):  # noqa: N818
    """The tests have sent as many requests as `client.budget` allows."""

    exit_code = 73


class LedgerError(TidegateError):
    """The record of what the tests made cannot be written or read."""

    exit_code = 74


class LeftoversRemain(TidegateError):  # noqa: N818
    """Clean-up could not remove every record that is ours."""

    exit_code = 75


class WriteRefused(TidegateError):  # noqa: N818
    """A request that would change something was not sent: the guard lets it pass nowhere but on a disposable target."""

    exit_code = 76


class NotOurs(WriteRefused):
    """The record that a request would change is another run's by now: nothing of ours is left there."""


class LoginRefused(TidegateError):  # noqa: N818
    """The API did not accept the credentials, or its answer holds no token."""

    exit_code = 77

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status
        """What the API answered; 0 when nothing came, None when nobody says."""


class SettingsError(TidegateError):
    """A setting is missing, malformed or unknown."""

    exit_code = 78


class ContractFailed(TidegateError):  # noqa: N818
    """The contract changed in a way that breaks clients, or the tests covered less of it than they must."""

    exit_code = 79


class Impossible(TidegateError):  # noqa: N818
    """A red run cannot be made red again on this machine."""

    exit_code = 82

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(f"cannot be reproduced here: {why}\n  next: {next_step}")
