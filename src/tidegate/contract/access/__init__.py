"""Who may do what: roles x operations from a table that people write, as cases that can be run."""

from tidegate.contract.access import said
from tidegate.contract.access.items import MINE, THEIRS, Item, items
from tidegate.contract.access.place import COLLECTION, RECORD, Place, place_of
from tidegate.contract.access.rows import line_for, missing_rows
from tidegate.contract.access.sessions import session_items
from tidegate.contract.access.table import MAKER, Role, Table, read_table
from tidegate.contract.access.verdict import Verdict, judge

__all__ = [
    "COLLECTION",
    "MAKER",
    "MINE",
    "RECORD",
    "THEIRS",
    "Item",
    "Place",
    "Role",
    "Table",
    "Verdict",
    "items",
    "judge",
    "line_for",
    "missing_rows",
    "place_of",
    "read_table",
    "said",
    "session_items",
]
