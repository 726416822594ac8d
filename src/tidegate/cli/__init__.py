"""The command line, one module a command."""

from tidegate.cli.main import main

__all__ = ["main"]
