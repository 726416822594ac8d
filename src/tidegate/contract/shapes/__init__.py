"""Shapes: what answers look like, learned from green runs, for an API without a document as for one with.

A suite's repository has them in a file that people can read and compare, a line for each field:

    "/items/*/email": "email",
    "/items/*/nickname": "null | string; optional",
    "/items/*/state": "one of closed, open",

It names no value but words of small sets, and no number of sightings, so that it changes only when an API does.
"""

from tidegate.contract.shapes.breach import breaches
from tidegate.contract.shapes.paths import operation_of
from tidegate.contract.shapes.payload import NOTHING, value_of
from tidegate.contract.shapes.shapes import NAME, LockedShapes, Shapes, read_shapes

__all__ = ["NAME", "NOTHING", "LockedShapes", "Shapes", "breaches", "operation_of", "read_shapes", "value_of"]
