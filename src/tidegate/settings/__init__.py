"""What a run is told: defaults < [tool.tidegate] < .env.test < environment < command line."""

from tidegate.settings.client import Client
from tidegate.settings.health import Health
from tidegate.settings.identities import Account
from tidegate.settings.load import load
from tidegate.settings.login import Login
from tidegate.settings.model import Settings
from tidegate.settings.resource import Resource
from tidegate.settings.show import described, markdown
from tidegate.settings.sources import overrides
from tidegate.settings.stack import Stack
from tidegate.settings.target import Target

__all__ = [
    "Account",
    "Client",
    "Health",
    "Login",
    "Resource",
    "Settings",
    "Stack",
    "Target",
    "described",
    "load",
    "markdown",
    "overrides",
]
