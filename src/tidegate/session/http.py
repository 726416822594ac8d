"""The one place that names the HTTP client library."""

from __future__ import annotations

import httpx

__all__ = ["httpx"]
