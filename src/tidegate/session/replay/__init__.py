"""The recorded exchanges of a test sent once more, with sessions and ids of now in the places of those of then."""

from tidegate.session.replay.compare import Difference
from tidegate.session.replay.sending import replay

__all__ = ["Difference", "replay"]
