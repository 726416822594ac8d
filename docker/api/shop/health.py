"""GET /health."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from shop.problems import problems
from shop.schemas import Health, Unhealthy

router = APIRouter(tags=["health"])
RESPONSES: dict[int | str, dict[str, Any]] = {
    **problems(),
    503: {"model": Unhealthy, "description": "The database does not answer"},
}


@router.get("/health", responses=RESPONSES, response_model=Health)
async def check_health(request: Request) -> Any:
    """200 when the API and its database answer, else 503 with the reason; within 2 s either way."""
    problem = await request.app.state.probe.find_problem()
    if problem is None:
        return Health(status="ok", database="ok")
    return JSONResponse(Unhealthy(status="unavailable", detail=problem).model_dump(), 503)
