"""The one place where secrets are taken out, before anything shows or stores them."""

from tidegate.redact.exchange import masked_exchange
from tidegate.redact.secrets import Secrets
from tidegate.redact.text import MASK, mask

__all__ = ["MASK", "Secrets", "mask", "masked_exchange"]
