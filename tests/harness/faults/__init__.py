"""Every fault that the suite has to notice, by name, and a proxy that plants them."""

from __future__ import annotations

from faults import access, answers, change, create, lists, speech
from faults.proxy import NONE, Fault, FaultyApi

__all__ = ["CATALOGUE", "NONE", "Fault", "FaultyApi"]

CATALOGUE: dict[str, Fault] = {
    fault.name: fault for group in (answers, speech, create, lists, change, access) for fault in group.FAULTS
}
