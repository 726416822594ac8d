"""What Alembic runs for each of its commands."""

from alembic import context
from sqlalchemy import Connection, create_engine

from shop.models import Base
from shop.settings import read_database_url


def run(connection: Connection) -> None:
    """Run the command on this connection."""
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:  # the `alembic` command line
    with create_engine(read_database_url()).connect() as own:
        run(own)
