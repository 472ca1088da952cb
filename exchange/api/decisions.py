"""Endpoint of a decision. Invariant: it calls one function."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from core.api import endpoint
from exchange import serializers
from exchange.selectors.explanations import explained


@endpoint(
    "GET",
    "decisions/<uuid:decision_id>",
    summary="Why it was decided so",
    response=serializers.ExplainedOut,
)
def read_decision(request: Any, body: Any, decision_id: UUID) -> Any:
    """Return every finding with item, law, facts, way out and who can; and whether it replays."""
    return explained(decision_id, request.member, get_language() or "en")
