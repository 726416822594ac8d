"""/orders: what users ordered."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.access import JSON_BODY, OWNER, WRITER, Caller, Database, Owner, sees
from shop.fields import LARGEST_ID, Status, parse_id
from shop.models import Order, OrderLine, User
from shop.pages import Limit, Offset, read_page
from shop.problems import BODY, invalid, problems
from shop.schemas import NewOrder, OrderAnswer, OrderChange, OrderPage

router = APIRouter(prefix="/orders", tags=["orders"])
LOCATION = {"Location": {"description": "Path of the new order", "schema": {"type": "string"}}}
CREATED: dict[int | str, dict[str, Any]] = {201: {"description": "Created", "headers": LOCATION}}
NEXT: dict[str, set[Status]] = {
    "pending": {"paid", "cancelled"},
    "paid": {"shipped", "cancelled"},
    "shipped": set(),
    "cancelled": set(),
}


@router.post(
    "",
    status_code=201,
    response_model=OrderAnswer,
    responses=CREATED | problems(401, 403, *BODY),
    dependencies=[OWNER, JSON_BODY],
)
def create_order(body: NewOrder, response: Response, caller: Owner, database: Database) -> Order:
    """A new order in status pending; 422 when no user has the `user_id`. A customer orders for nobody else."""
    if not sees(caller, body.user_id):
        raise HTTPException(403, "A customer may only order for themselves.")
    lines = [OrderLine(position=place, **line.model_dump()) for place, line in enumerate(body.lines)]
    order = Order(user_id=body.user_id, lines=lines)
    database.add(order)
    try:
        database.commit()
    except IntegrityError:
        raise invalid(["body", "user_id"], "No user has this id") from None
    response.headers["Location"] = f"/orders/{order.id}"
    return order


@router.get("", response_model=OrderPage, responses=problems(401, 422))
def list_orders(
    caller: Caller,
    database: Database,
    limit: Limit = 50,
    offset: Offset = 0,
    user_id: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="Only this user's orders")] = None,
    status: Annotated[Status | None, Query(description="Only orders in this status")] = None,
) -> dict[str, Any]:
    """Orders in the order of their ids; for a customer the own ones."""
    query = select(Order).order_by(Order.id)
    if caller.role == "customer":
        query = query.where(Order.user_id == caller.id)
    if user_id is not None:
        query = query.where(Order.user_id == user_id)
    if status is not None:
        query = query.where(Order.status == status)
    return read_page(database, query, limit, offset)


@router.get("/{order_id}", response_model=OrderAnswer, responses=problems(401, 404))
def get_order(order_id: str, caller: Caller, database: Database) -> Order:
    """One order."""
    return _find(database, order_id, caller)


@router.patch(
    "/{order_id}",
    response_model=OrderAnswer,
    responses=problems(401, 403, 404, 409, *BODY),
    dependencies=[OWNER, JSON_BODY],
)
def change_order(order_id: str, body: OrderChange, caller: Owner, database: Database) -> Order:
    """The order in its new status; 409 when the status can't follow the present one. A customer may only cancel."""
    order = _find(database, order_id, caller, lock=True)
    if caller.role == "customer" and body.status != "cancelled":
        raise HTTPException(403, "A customer may only cancel an order.")
    if body.status not in NEXT[order.status]:
        raise HTTPException(409, f"An order that is {order.status} can't become {body.status}.")
    order.status = body.status
    database.commit()
    return order


@router.delete("/{order_id}", status_code=204, responses=problems(401, 403, 404), dependencies=[WRITER])
def delete_order(order_id: str, caller: Caller, database: Database) -> None:
    """Delete the order and its lines."""
    database.delete(_find(database, order_id, caller, lock=True))
    database.commit()


def _find(database: Session, order_id: str, caller: User, *, lock: bool = False) -> Order:
    # Locked, of two requests that change one order the second sees what the first made of it.
    number = parse_id(order_id)
    order = database.get(Order, number, with_for_update=lock or None) if number else None
    if order is None or not sees(caller, order.user_id):
        raise HTTPException(404, "No order has this id.")
    return order
