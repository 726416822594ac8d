"""The tables."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """All tables; migrations are compared with it."""


class User(Base):
    """An account. Without a password hash it exists, but can't log in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default=func.now())

    __table_args__ = (CheckConstraint("role IN ('admin', 'viewer', 'customer')", name="users_role"),)


# text_pattern_ops lets the same index serve both "is this address taken" and "addresses that begin with".
Index(
    "users_email_key",
    func.lower(User.email).label("address"),
    unique=True,
    postgresql_ops={"address": "text_pattern_ops"},
)


class Order(Base):
    """What a user ordered; the database deletes it together with the user."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    status: Mapped[str] = mapped_column(Text, server_default="pending")
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default=func.now())
    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.position", lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (CheckConstraint("status IN ('pending', 'paid', 'shipped', 'cancelled')", name="orders_status"),)

    @property
    def total(self) -> int:
        """The sum over all lines, in minor units of the currency."""
        return sum(line.quantity * line.unit_price for line in self.lines)


class OrderLine(Base):
    """One article of an order."""

    __tablename__ = "order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    sku: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("quantity > 0", name="order_lines_quantity"),
        CheckConstraint("unit_price >= 0", name="order_lines_unit_price"),
    )
