"""Test cases that a document implies by itself: for each operation, the requests that it says are wrong."""

from tidegate.contract.cases.case import Case, Edit
from tidegate.contract.cases.negative import negative_cases
from tidegate.contract.cases.sample import NoSample, sample

__all__ = ["Case", "Edit", "NoSample", "negative_cases", "sample"]
