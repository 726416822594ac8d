"""How a login says whose it is, since no header of it does."""

CLAIMED = "tidegate.identity"
"""The extension of a request that holds the name; empty for somebody who is not set."""
