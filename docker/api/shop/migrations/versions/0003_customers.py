"""Customers: accounts that see what is their own."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Allow the role."""
    op.drop_constraint("users_role", "users")
    op.create_check_constraint("users_role", "users", "role IN ('admin', 'viewer', 'customer')")


def downgrade() -> None:
    """Make viewers of customers, without a password: they would see everybody's orders."""
    op.execute("UPDATE users SET role = 'viewer', password_hash = NULL WHERE role = 'customer'")
    op.drop_constraint("users_role", "users")
    op.create_check_constraint("users_role", "users", "role IN ('admin', 'viewer')")
