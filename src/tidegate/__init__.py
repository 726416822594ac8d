"""tidegate: a test harness for JSON REST APIs. The fixtures come from the pytest plugin; see README.md."""

from __future__ import annotations

from tidegate.errors import (
    ApiNotHealthy,
    BudgetSpent,
    BundleError,
    ContractFailed,
    DocumentError,
    Impossible,
    LedgerError,
    LeftoversRemain,
    LoginRefused,
    NotOurs,
    SettingsError,
    StackFailed,
    TidegateError,
    UsageError,
    WriteRefused,
)

TYPE_CHECKING = False  # typing's, without loading it
if TYPE_CHECKING:
    from tidegate.shape import Date, DateTime, Email, Id, Url, Uuid, assert_shape

__version__ = "0.1.0"
__all__ = [
    "ApiNotHealthy",
    "BudgetSpent",
    "BundleError",
    "ContractFailed",
    "Date",
    "DateTime",
    "DocumentError",
    "Email",
    "Id",
    "Impossible",
    "LedgerError",
    "LeftoversRemain",
    "LoginRefused",
    "NotOurs",
    "SettingsError",
    "StackFailed",
    "TidegateError",
    "Url",
    "UsageError",
    "Uuid",
    "WriteRefused",
    "assert_shape",
]


def __getattr__(name: str) -> object:
    """What `tidegate.shape` has, loaded by who asks for it: every pytest run on a machine imports this module."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tidegate import shape

    return getattr(shape, name)
