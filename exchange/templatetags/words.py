"""The words for codes, in the reader's language. Invariant: a code has one word everywhere.

`WORDS[kind][code]` is a lazy text. What is not here is shown as the code, and a test finds it.
"""

from exchange.templatetags import checklist_words, content_words, trading_words
from exchange.templatetags.content_words import Words
from exchange.templatetags.countries import PROVINCES, country

WORDS: dict[str, Words] = {
    "price_reason": trading_words.PRICE_REASONS,
    "account": trading_words.ACCOUNTS,
    "duty": trading_words.DUTIES,
    "organisation_kind": trading_words.ORGANISATION_KINDS,
    "shortlist_reason": trading_words.SHORTLIST_REASONS,
    "purpose": content_words.PURPOSES,
    "form": content_words.FORMS,
    "grade": content_words.GRADES,
    "determined_by": content_words.DETERMINED_BY,
    "data_class": content_words.DATA_CLASSES,
    "origin": content_words.ORIGINS,
    "legal_basis": content_words.LEGAL_BASES,
    "sensitivity": content_words.SENSITIVITIES,
    "consent_basis": content_words.CONSENT_BASES,
    "personal_category": content_words.PERSONAL_CATEGORIES,
    "sensitive_kind": content_words.SENSITIVE_KINDS,
    "frequency": content_words.FREQUENCIES,
    "field_type": content_words.FIELD_TYPES,
    "delivery_mode": content_words.DELIVERY_MODES,
    "buyer_type": content_words.BUYER_TYPES,
    "allocation_role": content_words.ALLOCATION_ROLES,
    "plan_kind": content_words.PLAN_KINDS,
    "offer_mode": content_words.OFFER_MODES,
    "unit": content_words.UNITS,
    "right_kind": content_words.RIGHT_KINDS,
    "release_kind": content_words.RELEASE_KINDS,
    "price_band": content_words.PRICE_BANDS,
    "scan_kind": trading_words.SCAN_KINDS,
    "severity": trading_words.SEVERITIES,
    "finding_state": trading_words.FINDING_STATES,
    "gate_step": trading_words.GATE_STEPS,
    "gate_state": trading_words.GATE_STATES,
    "station": trading_words.STATIONS,
    "station_state": trading_words.STATION_STATES,
    "step": trading_words.STEPS,
    "cause": trading_words.CAUSES,
    "reason": trading_words.REASONS,
    "role": trading_words.ROLES,
    "capacity": trading_words.CAPACITIES,
    "act": trading_words.ACTS,
    "stage": trading_words.STAGES,
    "deadline": trading_words.DEADLINES,
    "verdict": trading_words.VERDICTS,
    "difference": trading_words.DIFFERENCES,
    "closed_to": trading_words.CLOSED_TO,
    "attested": trading_words.ATTESTED,
    "decision": trading_words.DECISION_KINDS,
    "decided": trading_words.DECIDED,
    "audience": trading_words.AUDIENCES,
    "check": trading_words.CHECKS,
    "seal_check": trading_words.SEAL_CHECKS,
    "attestation": trading_words.ATTESTATIONS,
    "proof": trading_words.PROOFS,
    "document": trading_words.DOCUMENTS,
    "fact_origin": trading_words.ORIGINS_OF_FACTS,
    "ledger": trading_words.LEDGER,
    "territory": trading_words.TERRITORIES,
    "processing_basis": trading_words.PROCESSING_BASES,
    "consent_channel": trading_words.CONSENT_CHANNELS,
    "risk": trading_words.RISKS,
    "anonymisation": trading_words.ANONYMISATIONS,
    "record_kind": trading_words.RECORD_KINDS,
    "new_record": trading_words.NEW_RECORDS,
    "why_record": trading_words.WHY_RECORDS,
    "checklist_list": checklist_words.LISTS,
    "scope": checklist_words.SCOPES,
    "item_kind": checklist_words.KINDS,
    "asked_of": checklist_words.ASKED_OF,
    "basis": checklist_words.BASES,
    "force": checklist_words.FORCES,
    "expectation": checklist_words.EXPECTATIONS,
    "example_answer": checklist_words.ANSWERS,
    "giver": checklist_words.GIVERS,
    "change": checklist_words.CHANGES,
    "trial_fault": checklist_words.FAULTS,
}


def region(text: str) -> str:
    """Return the name of a region by its code, else the text itself.

    Codes are those of the territories (CN-SH), of ISO 3166 (DE, US-CA) and of GB/T 2260 (CN-31);
    what the name alone does not tell again is kept beside it: 上海 (CN-31).
    """
    known = WORDS["territory"].get(text)
    if known is not None:
        return str(known)
    head, _dash, tail = text.partition("-")
    letters = PROVINCES.get(tail[:2]) if head == "CN" and tail.isdigit() else None
    name = str(WORDS["territory"][letters]) if letters else country(head)
    if name == head:
        return text
    return f"{name} ({text})" if tail else name


def word(kind: str, code: str) -> str:
    """Return the word for `code` of `kind`, or the code itself where there is none."""
    if kind == "territory":
        return region(code)
    return str(WORDS[kind].get(code, code))
