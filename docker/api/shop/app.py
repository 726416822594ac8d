"""The application and its OpenAPI document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from sqlalchemy.orm import sessionmaker

from shop import health, login, orders, users
from shop.access_log import AccessLog
from shop.body_limit import BodyLimit
from shop.database import DatabaseProbe, connect
from shop.problems import answer_problems
from shop.settings import SettingError, Settings, read_settings

DESCRIPTION = """Users and their orders.

Every error is JSON with `detail`. An unknown path answers 404, a known path with another method 405 and `Allow`.
A viewer may read, an admin may also write. A customer sees the own account and the own orders, and may change the account,
place orders and cancel them; what belongs to others answers 404."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API, ready to be served; a message and the end of the process when its environment is wrong."""
    try:
        settings = settings or read_settings()
    except SettingError as error:
        raise SystemExit(f"shop: {error}") from None
    app = FastAPI(
        title="Shop",
        version="1.0.0",
        description=DESCRIPTION,
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a redirect would be an answer that isn't documented
        lifespan=_close_connections,
    )
    app.state.settings = settings
    app.state.engine = connect(settings.database_url)
    app.state.sessions = sessionmaker(app.state.engine, expire_on_commit=False)
    app.state.probe = DatabaseProbe(settings.database_url)
    for part in (health, login, users, orders):
        app.include_router(part.router)
    answer_problems(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(AccessLog)
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _close_connections(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.engine.dispose()
    app.state.probe.engine.dispose()


def _describe(app: FastAPI) -> dict[str, Any]:
    # FastAPI adds its own 422 to whatever has a path parameter; here an id of the wrong form is a 404.
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for operation in (operation for path in document["paths"].values() for operation in path.values()):
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema
