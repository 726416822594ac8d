"""Every request of a test and what came of it, as one exchange each."""

from tidegate.session.recorder.owners import Owners
from tidegate.session.recorder.recorded import Recorded, Recorder

__all__ = ["Owners", "Recorded", "Recorder"]
