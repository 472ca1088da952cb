"""The edge of the ground floor: how every app declares its endpoints, and core's own."""

from core.api import openapi
from core.api.paging import page_of
from core.api.routes import EdgeRequest, endpoint, urls_for

__all__ = ["EdgeRequest", "endpoint", "openapi", "page_of", "urls_for"]
