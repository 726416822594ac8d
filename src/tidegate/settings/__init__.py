"""What a run is told: defaults < [tool.tidegate] < .env.test < environment < command line."""

from tidegate.settings.load import load
from tidegate.settings.model import Client, Health, Login, Resource, Settings
from tidegate.settings.show import described
from tidegate.settings.sources import overrides

__all__ = ["Client", "Health", "Login", "Resource", "Settings", "described", "load", "overrides"]
