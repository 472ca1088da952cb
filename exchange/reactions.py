"""What follows what: (subject, verb) → reactions. The one table that joins the apps."""

from core.services.work import Reaction

TABLE: dict[tuple[str, str], list[Reaction]] = {}
