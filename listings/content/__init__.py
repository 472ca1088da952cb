"""What a version says about the data it offers, as one pure document.

Invariant: everything read from outside goes through `parse_content`.
"""

from listings.content.differences import Difference, Snapshot, differences
from listings.content.plan import (
    PlanTerms,
    Tier,
    cheapest,
    main_currency,
    parse_plans,
    plan_document,
    total_minor,
)
from listings.content.shapes import Problem, shapes_of
from listings.content.submission import missing_for_submission, needs_confirmation
from listings.content.upstream import inside, upstream_codes, wider_than_upstream
from listings.content.version import (
    AllocationLine,
    ContentRefused,
    Coverage,
    DictionaryField,
    PermittedUse,
    Personal,
    Source,
    Special,
    VersionContent,
    content_digest,
    content_schema,
    parse_content,
    part_digest,
    strictest_class,
    to_document,
)

__all__ = [
    "AllocationLine",
    "ContentRefused",
    "Coverage",
    "DictionaryField",
    "Difference",
    "PermittedUse",
    "Personal",
    "PlanTerms",
    "Problem",
    "Snapshot",
    "Source",
    "Special",
    "Tier",
    "VersionContent",
    "cheapest",
    "content_digest",
    "content_schema",
    "differences",
    "inside",
    "main_currency",
    "missing_for_submission",
    "needs_confirmation",
    "parse_content",
    "parse_plans",
    "part_digest",
    "plan_document",
    "shapes_of",
    "strictest_class",
    "to_document",
    "total_minor",
    "upstream_codes",
    "wider_than_upstream",
]
