"""Paging and the parts that lists have in common."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import StringConstraints
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from shop.fields import NO_NUL

Limit = Annotated[int, Query(ge=1, le=100, description="Most items to answer")]
Offset = Annotated[int, Query(ge=0, le=2_147_483_647, description="Items to pass over")]
EmailPrefix = Annotated[
    Annotated[str, StringConstraints(max_length=254, pattern=NO_NUL)],
    Query(description="How the e-mail begins, in any case; `%`, `_` and `\\` stand for themselves"),
]


def read_page(database: Session, query: Select[Any], limit: int, offset: int) -> dict[str, Any]:
    """The page of an ordered query, and how many rows the query has in all."""
    total = database.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return {"items": database.scalars(query.limit(limit).offset(offset)).all(), "total": total}
