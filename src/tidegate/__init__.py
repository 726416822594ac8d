"""tidegate: a test harness for JSON REST APIs. The fixtures come from the pytest plugin; see README.md."""

from tidegate.errors import (
    ApiNotHealthy,
    BudgetSpent,
    ContractFailed,
    DocumentError,
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

__version__ = "0.1.0"
__all__ = [
    "ApiNotHealthy",
    "BudgetSpent",
    "ContractFailed",
    "DocumentError",
    "LedgerError",
    "LeftoversRemain",
    "LoginRefused",
    "NotOurs",
    "SettingsError",
    "StackFailed",
    "TidegateError",
    "UsageError",
    "WriteRefused",
]
