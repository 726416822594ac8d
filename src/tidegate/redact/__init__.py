"""The one place where secrets are taken out, before anything shows or stores them."""

from tidegate.redact.exchange import CUT, masked_again, masked_exchange
from tidegate.redact.lessons import lessons
from tidegate.redact.names import MASK
from tidegate.redact.secrets import Secrets
from tidegate.redact.text import mask

__all__ = ["CUT", "MASK", "Secrets", "lessons", "mask", "masked_again", "masked_exchange"]
