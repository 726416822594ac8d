"""Request and answer bodies."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shop.fields import NO_NUL, Email, Id, Name, NewPassword, Quantity, Role, Sku, Status, UnitPrice

# An absent field of a PATCH stays as it is; sent, it is never null. The default is not checked and never used.
ABSENT: Any = Field(default=None)


class Request(BaseModel):
    """A body that refuses fields it doesn't know."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """A body made from a table row."""

    model_config = ConfigDict(from_attributes=True)


class Login(Request):
    """Credentials."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=NO_NUL)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=NO_NUL)]


class Token(BaseModel):
    """An access token; send it as `Authorization: Bearer <access_token>`."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(ge=1, description="Seconds from now")


class Health(BaseModel):
    """The API can do its work."""

    status: Literal["ok"]
    database: Literal["ok"]


class Unhealthy(BaseModel):
    """The API can't do its work."""

    status: Literal["unavailable"]
    detail: str


class NewUser(Request):
    """An account to create; without a password it can't log in."""

    email: Email
    name: Name
    role: Role = "viewer"
    password: NewPassword | None = None


class UserChanges(Request):
    """What to change; absent fields stay as they are."""

    email: Email = ABSENT
    name: Name = ABSENT
    role: Role = ABSENT
    password: NewPassword = ABSENT


class UserAnswer(Answer):
    """An account."""

    id: int
    email: Email
    name: str
    role: Role
    created_at: datetime


class UserPage(BaseModel):
    """Some accounts in the order of their ids, and how many match in all."""

    items: list[UserAnswer]
    total: int = Field(ge=0)


class Line(Request):
    """One article of an order; `unit_price` in minor units of the currency."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    sku: Sku
    quantity: Quantity
    unit_price: UnitPrice


class NewOrder(Request):
    """An order to place."""

    user_id: Id
    lines: Annotated[list[Line], Field(min_length=1, max_length=100)]


class OrderChange(Request):
    """The status to move to: pending -> paid -> shipped; pending or paid -> cancelled."""

    status: Status


class OrderAnswer(Answer):
    """An order; `total` is the sum of quantity * unit_price over its lines."""

    id: int
    user_id: int
    status: Status
    lines: list[Line]
    total: int = Field(ge=0)
    created_at: datetime


class OrderPage(BaseModel):
    """Some orders in the order of their ids, and how many match in all."""

    items: list[OrderAnswer]
    total: int = Field(ge=0)
