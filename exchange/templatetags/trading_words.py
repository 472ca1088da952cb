"""Words of what happens to listings, orders and money. Invariant: as `words`."""

from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from compliance.scan import KINDS
from core.actors import ACT_NAMES, CAPACITY_NAMES, ROLE_NAMES
from exchange.templatetags.content_words import Words

# What the scan of a sample tells apart; its own titles, said in the reader's language.
SCAN_KINDS: Words = {code: gettext_lazy(kind.title) for code, kind in KINDS.items()}
SEVERITIES: Words = {
    "prohibited": _("Prohibited"),
    "restricted": _("Restricted"),
    "unknown": _("Unknown"),
    "caution": _("Caution"),
}
FINDING_STATES: Words = {
    "open": pgettext_lazy("finding", "Open"),
    "given": _("Evidence given"),
    "lifted": _("Lifted"),
    "stands": _("Stands"),
}
GATE_STEPS: Words = {
    "clearance": _("Clearance"),
    "declaration": _("Declaration"),
    "purpose": _("Purpose"),
    "territory": _("Territory"),
    "volume": _("Volume"),
    "term": _("Term"),
    "buyer": _("Buyer"),
    "price": _("Price"),
    "funds": _("Funds"),
}
GATE_STATES: Words = {
    "passed": _("passed"),
    "failed": _("not passed"),
    "waiting": _("not checked yet"),
    "later": _("once agreed"),
    "unknown": _("Unknown"),
}
STATIONS: Words = {
    "recorded": _("Recorded"),
    "declared": _("Declared"),
    "screened": _("Screened"),
    "reviewed": _("Reviewed"),
    "cleared": _("Cleared"),
    "ordered": _("Ordered"),
    "confirmed": _("Confirmed"),
    "contracted": _("Contracted"),
    "delivered": _("Delivered"),
    "accepted": _("Accepted"),
    "settled": _("Settled"),
    "paid": _("Paid"),
    # How a path ends before its end.
    "refused": _("Refused"),
    "declined": _("Declined by the vendor"),
    "cancelled": _("Cancelled"),
    "expired": _("Expired"),
    "refunded": _("Refunded"),
}
STATION_STATES: Words = {
    "done": _("done"),
    "current": _("under way"),
    "ahead": _("still to come"),
    "stopped": _("stopped here"),
}
STEPS: Words = {
    "describe": _("Describe"),
    "sources": _("Sources"),
    "personal": _("Personal data and special questions"),
    "use": _("Use and price"),
    "files": _("Files and scan"),
    "declaration": _("Declaration"),
    "split": _("Who gets what"),
}
CAUSES: Words = {
    "clearance-missing": _("No clearance"),
    "clearance-suspended": _("Clearance suspended"),
    "clearance-expired": _("Clearance expired"),
    "declaration-expired": _("Declaration expired"),
    "use-not-permitted": _("The purpose is outside the permitted use"),
    "territory-not-permitted": _("The territory is outside the permitted use"),
    "redistribution-not-permitted": _("Passing the data on is not permitted"),
    "derivation-not-permitted": _("Making products from it is not permitted"),
    "term-too-long": _("The term is longer than permitted"),
    "below-minimum": _("Less than the plan's minimum"),
    "over-price-limit": _("The price is over your limit"),
    "insufficient-funds": _("Not enough money in custody"),
    "no-fee-schedule": _("The venue has set no fees"),
    "buyer-not-admitted": _("Your organisation is not admitted to buy"),
    "vendor-suspended": _("The vendor is suspended"),
    "supplier-suspended": _("The supplier is suspended"),
    "version-not-listed": _("The version is not on the market"),
    "seats-taken": _("All seats of this plan are taken"),
    "unknown-fact": _("A fact that decides it is not known"),
    "prohibited-item": _("The checklist prohibits it"),
    "restricted-item": _("It needs evidence that is not given"),
    "confirmation-missed": _("The vendor did not answer in time"),
    "declaration-withdrawn": _("Declaration withdrawn"),
    "declaration-breached": _("Declaration breached"),
    "checklist-superseded": _("Cleared under an earlier checklist"),
    "clearance-changed": _("Its clearance has just changed"),
    "allocation-not-payable": _("The price cannot pay what its allocation promises"),
    "fee-not-chargeable": _("The venue's fee cannot be taken of this price"),
    "illegality": _("Found to be unlawful"),
    "official-order": _("Stopped by a court or an authority"),
    "consent-withdrawn": _("Consent withdrawn"),
    "right-expired": _("The right it rests on has run out"),
    "right-withdrawn": _("The right it rests on was withdrawn"),
    "mandate-ended": _("The supplier's mandate has ended"),
    "evidence-expired": _("The evidence it rests on has run out"),
    "evidence-withdrawn": _("The evidence it rests on was withdrawn"),
    "organisation-suspended": _("An organisation behind it is suspended"),
    "organisation-closed": _("An organisation behind it has closed"),
    "delisted": _("Taken off the market"),
    "buyer-not-permitted": _("Not offered to buyers of your kind"),
    "buyer-type-not-permitted": _("Not offered to buyers of your kind"),
    "confirmation-needed": _("The vendor must confirm each buyer"),
    "export-not-cleared": _("Leaving the country is not cleared"),
    "operator-redevelopment": _("An operator may not develop its own product again"),
    "personal-data-resale": _("Personal data may not be sold on"),
    "price-not-equal": _("Equal buyers get equal prices"),
    "public-data-must-be-free": _("Public data is free for this purpose"),
    "self-dealing": _("Nobody trades with itself"),
    "venue-cannot-trade": _("The venue cannot trade"),
    "another-form": _("Another form than asked for"),
    "another-currency": _("Another currency than asked for"),
    "inspection-window-passed": _("The inspection window passed without objection"),
}
# Reasons that the venue's own machinery gives; what people typed stays as it is.
REASONS: Words = CAUSES | {
    "blocked_prohibited": _("A prohibited item speaks against it"),
    "needs_evidence": _("A restricted item needs evidence"),
    "unknown": _("A fact is not known"),
    "caution": _("A senior reviewer has to look at it"),
    "cleared": _("No item speaks against it"),
    "expired": _("Its time ran out"),
    "replaced": _("A newer one took its place"),
    "venue": _("Suspended by the venue"),
    "caution-item": _("The checklist asks for a closer look"),
}
ROLES: Words = dict(ROLE_NAMES)
CAPACITIES: Words = dict(CAPACITY_NAMES)
ACTS: Words = dict(ACT_NAMES)
STAGES: Words = {"maker": _("To propose"), "checker": _("To confirm")}
DEADLINES: Words = {
    "confirm": _("Confirm by"),
    "inspect": _("Inspect by"),
    "delete": _("Prove by"),
    "review": _("Decide by"),
    "declaration": _("Declaration ends"),
    "clearance": _("Clearance ends"),
    "quote": _("Quote stands until"),
    "evidence": _("Evidence by"),
    "end": _("Ends"),
}
VERDICTS: Words = {
    "approve": _("Approve"),
    "refuse": _("Refuse"),
    "return": _("Ask for changes"),
}
DIFFERENCES: Words = {
    "added": _("added"),
    "removed": _("removed"),
    "changed": _("changed"),
    "widened": _("widened"),
    "narrowed": _("narrowed"),
}
# Why a reviewer cannot decide on a case.
CLOSED_TO: Words = {
    "four-eyes": _("You proposed this decision; a colleague has to confirm it."),
    "interested-party": _("You belong, or belonged, to a party to this: ask a colleague."),
    "senior-reviewer-needed": _("A senior reviewer has to confirm it: the checklist cautions."),
    "case-of-another": _(
        "This case is with another reviewer: ask for it, or let a senior reviewer reassign it."
    ),
}
AUDIENCES: Words = {
    "venue": _("Venue alone"),
    "vendor": _("Vendor too"),
}
# How an attestation of the venue stands.
ATTESTED: Words = {
    "missing": _("Missing"),
    "expired": _("Expired"),
    "denied": _("Does not hold"),
    "attested": _("Attested"),
}
# What a run of the checklist was over, and how it ended.
DECISION_KINDS: Words = {
    "listing": _("Screening of a version"),
    "review": _("Decision of two reviewers"),
    "rerun": _("Re-run under another list"),
    "order": _("Check of an order"),
}
DECIDED: Words = {
    "cleared": _("Cleared"),
    "caution": _("Cleared with caution"),
    "needs_evidence": _("Needs evidence"),
    "unknown": _("Cannot be decided"),
    "blocked_prohibited": _("Prohibited"),
    "refused": _("Refused"),
}
CHECKS: Words = {
    "record": _("The venue has a record of it"),
    "hash": _("The content matches its hash"),
    "signature": _("The venue's signature is valid"),
    "log": _("It is in the audit log"),
    "state": _("It is in force"),
}
DOCUMENTS: Words = {
    "certificate": _("Transaction certificate"),
    "contract": _("Contract"),
    "declaration": _("Declaration and commitment"),
    "clearance": _("Clearance"),
    "statement": _("Settlement statement"),
    "receipt": _("Receipt"),
}
ORIGINS_OF_FACTS: Words = {
    "vendor": _("stated by the vendor"),
    "scan": _("found by the scan"),
    "text": _("read in the text"),
    "register": _("from a register"),
    "order": _("stated in the order"),
    "buyer": _("stated by the buyer"),
    "venue": _("known to the venue"),
    "derived": _("worked out by the venue"),
}
LEDGER: Words = {
    "deposit": _("Deposit"),
    "hold": _("Held for a trade"),
    "release": _("Refunded from a hold"),
    "settle": _("Settlement of a trade"),
    "payout": _("Payout"),
    "reversal": _("Entry reversed"),
    # What the same posting is on one account: its kind, its code, and in or out.
    "custody-release-in": _("Refund of a trade"),
    "custody-settle-in": _("Fee given back after a refund"),
    "held-release-out": _("Refund of a trade"),
    "held-settle-out": _("Payment for a trade"),
    "payable-settle-in": _("Share of a trade"),
    "payable-payout-out": _("Payout sent to your bank"),
    "payout-payout-in": _("Payout sent to your bank"),
    "payout-payout-out": _("Payout confirmed by your bank"),
}
TERRITORIES: Words = {
    "*": _("Anywhere"),
    "CN": _("Mainland China"),
    "HK": _("Hong Kong SAR"),
    "MO": _("Macao SAR"),
    "TW": _("Taiwan"),
    "CN-BJ": _("Beijing"),
    "CN-TJ": _("Tianjin"),
    "CN-HE": _("Hebei"),
    "CN-SX": _("Shanxi"),
    "CN-NM": _("Inner Mongolia"),
    "CN-LN": _("Liaoning"),
    "CN-JL": _("Jilin"),
    "CN-HL": _("Heilongjiang"),
    "CN-SH": _("Shanghai"),
    "CN-JS": _("Jiangsu"),
    "CN-ZJ": _("Zhejiang"),
    "CN-AH": _("Anhui"),
    "CN-FJ": _("Fujian"),
    "CN-JX": _("Jiangxi"),
    "CN-SD": _("Shandong"),
    "CN-HA": _("Henan"),
    "CN-HB": _("Hubei"),
    "CN-HN": _("Hunan"),
    "CN-GD": _("Guangdong"),
    "CN-GX": _("Guangxi"),
    "CN-HI": _("Hainan"),
    "CN-CQ": _("Chongqing"),
    "CN-SC": _("Sichuan"),
    "CN-GZ": _("Guizhou"),
    "CN-YN": _("Yunnan"),
    "CN-XZ": _("Tibet"),
    "CN-SN": _("Shaanxi"),
    "CN-GS": _("Gansu"),
    "CN-QH": _("Qinghai"),
    "CN-NX": _("Ningxia"),
    "CN-XJ": _("Xinjiang"),
    "SG": _("Singapore"),
    "JP": _("Japan"),
    "US": _("United States"),
    "GB": _("United Kingdom"),
    "DE": _("Germany"),
    "FR": _("France"),
}

PRICE_REASONS: Words = {
    "actual_need_custom": _("Made to this buyer's needs, as is usual in the trade"),
    "new_user_promo": _("An offer to new users, for a reasonable time"),
    "random_fair": _("A random offer by fair rules"),
    "law_other": _("Another case the law allows"),
}
ACCOUNTS: Words = {
    "custody": _("Money in custody"),
    "held": _("Held for trades"),
    "payable": _("Earned, to be paid out"),
    "payout": _("On its way to your bank"),
}
ORGANISATION_KINDS: Words = {
    "enterprise": _("Enterprise"),
    "financial_institution": _("Financial institution"),
    "government": _("Party or government organ"),
    "public_institution": _("Public institution"),
    "research_institute": _("Research institute"),
    "social_organisation": _("Social organisation"),
}
DUTIES: Words = {
    "protect-as-graded": _("protect the data as its grade asks"),
    "report-incidents": _("report incidents at once"),
    "delete-at-end-of-term": _("delete the data at the end of the term"),
    "no-disclosure": _("disclose it to nobody"),
    "no-re-identification": _("identify nobody in it"),
}
SHORTLIST_REASONS: Words = {
    "industry": _("your industry"),
    "form": _("the form you want"),
    "within-price-limit": _("within your price limit"),
    "negotiated": _("its price can be negotiated"),
    "standing-offer": _("it can be ordered at once"),
}
# The seven bases of PIPL art. 13(1).
PROCESSING_BASES: Words = {
    "consent": _("Consent of the persons (1)"),
    "contract": _("Contract with the persons, or staff matters (2)"),
    "statutory_duty": _("Duty by law (3)"),
    "emergency": _("Public-health emergency, or to save life or property (4)"),
    "public_interest": _("News and supervision in the public interest (5)"),
    "disclosed": _("Made public by the persons, or lawfully (6)"),
    "other_law": _("Another provision of law (7)"),
}
CONSENT_CHANNELS: Words = {
    "app": _("In an app"),
    "website": _("On a website"),
    "paper": _("On paper"),
    "counter": _("At a counter"),
    "telephone": _("By telephone"),
    "other": _("Otherwise"),
}
RISKS: Words = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
ANONYMISATIONS: Words = {
    "aggregation": _("Aggregation"),
    "generalisation": _("Generalisation"),
    "suppression": _("Suppression"),
    "k_anonymity": _("k-anonymity"),
    "differential_privacy": _("Differential privacy"),
    "synthetic": _("Synthetic data"),
    "other": _("Another method"),
}
RECORD_KINDS: Words = {
    "basis": _("Consent or other basis"),
    "assessment": _("Impact assessment"),
    "anonymisation": _("Anonymisation claim"),
}
NEW_RECORDS: Words = {
    "basis": _("Record a consent or basis"),
    "assessment": _("Record an impact assessment"),
    "anonymisation": _("Record an anonymisation claim"),
}
WHY_RECORDS: Words = {
    "basis": _(
        "Per purpose and kind of recipient, and of a class of persons: nobody's own data are kept. "
        "A consent to everything, or one that nobody could refuse, is none and is not recorded."
    ),
    "assessment": _(
        "It has to be made before data are provided to others (PIPL art. 55 and 56), and its "
        "report is kept for three years."
    ),
    "anonymisation": _(
        "How it was made sure that nobody can be identified any more, and the test that bears it "
        "out. Without a test the claim is kept and does not count."
    ),
}
# What is looked at when a declaration is checked (compliance.seals).
SEAL_CHECKS: Words = {
    "readable": _("It is a declaration as the venue shows it"),
    "venue-key-known": _("Its seal names a key that the venue has published"),
    "venue-key-in-use": _("That key was in use when it was sealed"),
    "seal": _("The seal is the venue's, and nothing was altered since"),
    "receipt": _("The venue received the signature for exactly this document"),
    "signature": _("The signature is by the organisation's own key, over exactly this document"),
    "content": _("It is about what you hold"),
}
ATTESTATIONS: Words = {
    "platform": _("A member assented; the venue attests it"),
    "organisation": _("Signed with the organisation's own key"),
}
PROOFS: Words = {"password": _("by password"), "mfa": _("by second factor")}
