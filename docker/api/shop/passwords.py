"""Password hashes, and checks that take as long for an unknown account as for a known one."""

from secrets import token_hex
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's argon2id setting with the least memory per login that is still recommended: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = BoundedSemaphore(4)  # 40 worker threads hashing together would need 760 MiB
_nobody = _hasher.hash(token_hex())


def hash_password(password: str) -> str:
    """A salted hash to store."""
    with _at_once:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether the password belongs to the stored hash; without one the same work is done and the answer is no."""
    with _at_once:
        try:
            _hasher.verify(stored or _nobody, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None
