"""`python -m shop.migrate`: bring the tables up to date, then see to the admin account."""

import os
import sys
import time

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from shop.seed import Admin, read_admin, seed_admin
from shop.settings import SettingError, read_database_url

DATABASE_SECONDS = float(os.environ.get("DATABASE_SECONDS") or 10)  # to wait for a database that is still starting
LOCK = 0x73686F70  # any number that nothing else in this database uses for an advisory lock


def main() -> int:
    """0 when the database is as asked; else 1 and the reason on standard error."""
    try:
        admin, url = read_admin(os.environ), read_database_url(os.environ)
        options = "-c timezone=UTC -c lock_timeout=30000"
        engine = create_engine(url, hide_parameters=True, connect_args={"connect_timeout": 2, "options": options})
        with _connect(engine) as connection:
            print(f"shop.migrate: tables up to date, admin {_bring_up_to_date(connection, admin)}")
    except SettingError as error:
        return _refuse(str(error))
    except DBAPIError as error:
        return _refuse(f"The database refused: {str(error.orig).strip()}")
    return 0


def _connect(engine: Engine) -> Connection:
    deadline = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            if time.monotonic() > deadline:
                seen = str(error.orig).strip()
                raise SettingError(
                    f"The database did not answer within {DATABASE_SECONDS:g} s. Last error: {seen} "
                    "Check DATABASE_URL and that the database runs."
                ) from None
            time.sleep(0.05)


def _bring_up_to_date(connection: Connection, admin: Admin) -> str:
    # One transaction: another one that starts meanwhile waits, and a failure leaves everything as it was.
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = Config()
        config.set_main_option("script_location", "shop:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        with Session(connection, join_transaction_mode="rollback_only") as session:
            done = seed_admin(session, admin)
            session.flush()
        return done


def _refuse(reason: str) -> int:
    print(f"shop.migrate: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
