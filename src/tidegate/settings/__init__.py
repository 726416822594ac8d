"""What a run is told: defaults < [tool.tidegate] < .env.test < environment < command line."""

from tidegate.settings.load import load
from tidegate.settings.model import Client, Health, Login, Resource, Settings

__all__ = ["Client", "Health", "Login", "Resource", "Settings", "load"]
