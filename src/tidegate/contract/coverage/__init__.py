"""What of the document the tests have seen: the points, the number, and what is the cheapest to add."""

from tidegate.contract.coverage.coverage import Coverage
from tidegate.contract.coverage.suggest import Suggestion, suggestions
from tidegate.contract.coverage.table import headline, summary, table
from tidegate.contract.coverage.thresholds import Failure, failures

__all__ = ["Coverage", "Failure", "Suggestion", "failures", "headline", "suggestions", "summary", "table"]
