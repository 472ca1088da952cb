"""What is known about a listing or an order, as pure values.

Invariant: an unknown fact is None and never a guess; schema, CEL types and documents come from
the same dataclasses.
"""

from compliance.facts.derive import (
    ListingFacts,
    Register,
    facts_from_content,
    outside_mainland,
)
from compliance.facts.document import (
    FACTS_VERSION,
    LISTING_TOPICS,
    ORDER_TOPICS,
    TOPICS,
    Facts,
    FactsRefused,
    OrderFacts,
    checked,
    cleared_document,
    cleared_facts,
    cleared_from_document,
    cleared_from_text,
    fact_at,
    json_schema,
    listing_from_document,
    order_from_document,
    order_text,
    reaches_abroad,
    to_context,
    to_document,
)
from compliance.facts.fields import Fact, facts_of
from compliance.facts.listing import (
    PersonalFacts,
    ProductFacts,
    ScanFacts,
    SourceFacts,
    SpecialFacts,
    TextFacts,
)
from compliance.facts.order import (
    BuyerFacts,
    ClearedFacts,
    ExportFacts,
    FitFacts,
    TermsFacts,
    TogetherFacts,
)
from compliance.facts.terms import PartyFacts, PriceFacts, RightsFacts, UseFacts
from compliance.facts.vocabulary import (
    IDENTIFYING_KINDS,
    PERSONAL_SCAN_KINDS,
    SCAN_KINDS,
    ZONE_LIST_PARTS,
)

__all__ = [
    "FACTS_VERSION",
    "IDENTIFYING_KINDS",
    "LISTING_TOPICS",
    "ORDER_TOPICS",
    "PERSONAL_SCAN_KINDS",
    "SCAN_KINDS",
    "TOPICS",
    "ZONE_LIST_PARTS",
    "BuyerFacts",
    "ClearedFacts",
    "ExportFacts",
    "Fact",
    "Facts",
    "FactsRefused",
    "FitFacts",
    "ListingFacts",
    "OrderFacts",
    "PartyFacts",
    "PersonalFacts",
    "PriceFacts",
    "ProductFacts",
    "Register",
    "RightsFacts",
    "ScanFacts",
    "SourceFacts",
    "SpecialFacts",
    "TermsFacts",
    "TextFacts",
    "TogetherFacts",
    "UseFacts",
    "checked",
    "cleared_document",
    "cleared_facts",
    "cleared_from_document",
    "cleared_from_text",
    "fact_at",
    "facts_from_content",
    "facts_of",
    "json_schema",
    "listing_from_document",
    "order_from_document",
    "order_text",
    "outside_mainland",
    "reaches_abroad",
    "to_context",
    "to_document",
]
