"""Addresses of the pages. Invariant: a verb has the same name here as in its table."""

from django.urls import include, path

from exchange.portal import (
    absences,
    breaches,
    buyer,
    checklists,
    contracts,
    declarations,
    deletions,
    demands,
    drafts,
    explanations,
    exports,
    fees,
    gallery,
    gradings,
    items,
    members,
    money,
    public,
    records,
    reports,
    reviewer,
    rights,
    signing_keys,
    sponsorships,
    statistics,
    theme,
    tokens,
    trades,
    trials,
    vendor,
    venue,
    versions,
    watch,
)
from exchange.portal.draft_forms import SECTIONS

_VERSION_VERBS = ("submit", "revise", "abandon", "delist")
_REVIEW_VERBS = ("approve", "refuse", "return", "confirm", "reject")
_ORDER_VERBS = ("confirm", "decline", "cancel", "accept")
_TRADE_VERBS = ("accept", "dispute", "refund")
_ORGANISATION_VERBS = ("verify", "refuse", "suspend", "reinstate", "close")
_CAPACITY_VERBS = ("admit", "refuse", "suspend", "reinstate", "withdraw")
_LIST = "checklists/<uuid:checklist_id>"
_APPLICATION = "applications/<uuid:organisation_id>"
_RECORD = "personal-records/<uuid:record_id>"

urlpatterns = [
    path("", public.home, name="home"),
    path("catalogue", public.catalogue, name="catalogue"),
    path("catalogue/<uuid:product_id>", public.product, name="product"),
    path("problems/<slug:code>", public.problem, name="problem"),
    path("verify", public.verify, name="verify"),
    path("products", vendor.products, name="products"),
    path("products/new", drafts.new_product, name="new_product"),
    path("products/<uuid:product_id>/draft", drafts.next_version, name="next_version"),
    path("versions/<uuid:version_id>", versions.version, name="version"),
    *(
        path(f"versions/<uuid:version_id>/{verb}", versions.act_on_version, {"verb": verb})
        for verb in _VERSION_VERBS
    ),
    path("versions/<uuid:version_id>/draft", drafts.draft, name="draft"),
    *(
        path(f"versions/<uuid:version_id>/draft/{name}", drafts.save, {"section": name})
        for name in SECTIONS
    ),
    path("versions/<uuid:version_id>/files", drafts.upload, name="release_file"),
    path(
        "versions/<uuid:version_id>/files/<uuid:release_id>/remove",
        drafts.remove_file,
        name="remove_release",
    ),
    path("versions/<uuid:version_id>/grading", gradings.grading, name="grading"),
    path("versions/<uuid:version_id>/grade", gradings.grade, name="grade_version"),
    path("versions/<uuid:version_id>/sign", versions.sign, name="sign_declaration"),
    path(
        "versions/<uuid:version_id>/declarations/<uuid:declaration_id>/withdraw",
        versions.withdraw_declaration,
        name="withdraw_declaration",
    ),
    path("declarations", declarations.declarations, name="declarations"),
    path("declarations/<uuid:declaration_id>", declarations.declaration, name="declaration"),
    path("declarations/<uuid:declaration_id>/withdraw", declarations.withdraw),
    path("declarations/<uuid:declaration_id>/breaches", breaches.open_breach, name="open_breach"),
    path("versions/<uuid:version_id>/declare", declarations.declare_version),
    path("versions/<uuid:version_id>/declare/document", declarations.version_document),
    path("versions/<uuid:version_id>/declare/signature", declarations.hand_in_version),
    path("reports", reports.reports, name="reports"),
    path("reports/hand-in", reports.hand_in, name="hand_in_report"),
    path("reports/<uuid:report_id>/declare", declarations.declare_report),
    path("reports/<uuid:report_id>/declare/document", declarations.report_document),
    path("reports/<uuid:report_id>/declare/signature", declarations.hand_in_report),
    path("keys", signing_keys.keys, name="signing_keys"),
    path("keys/propose", signing_keys.propose, name="propose_key"),
    *(
        path(f"keys/<uuid:key_id>/{verb}", signing_keys.decide, {"verb": verb})
        for verb in signing_keys.VERBS
    ),
    path("breaches", breaches.breaches, name="breaches"),
    path("breaches/<uuid:breach_id>", breaches.breach, name="breach"),
    path("breaches/<uuid:breach_id>/answer", breaches.answer, name="answer_breach"),
    *(
        path(f"breaches/<uuid:breach_id>/{verb}", breaches.decide, {"verb": verb})
        for verb in breaches.VERBS
    ),
    path("versions/<uuid:version_id>/evidence", versions.give_evidence, name="give_evidence"),
    path(
        "versions/<uuid:version_id>/evidence/<uuid:evidence_id>/withdraw",
        versions.withdraw_evidence,
        name="withdraw_evidence",
    ),
    path("rights", rights.rights, name="rights"),
    path("rights/record", rights.record, name="record_right"),
    path("rights/<uuid:rights_record_id>/withdraw", rights.withdraw, name="withdraw_right"),
    path("sponsorships", sponsorships.list_sponsorships, name="sponsorships"),
    path("sponsorships/propose", sponsorships.propose, name="propose_sponsorship"),
    *(
        path(
            f"sponsorships/<uuid:sponsorship_id>/{verb}",
            sponsorships.act_on_sponsorship,
            {"verb": verb},
        )
        for verb in sponsorships.VERBS
    ),
    path("personal-records", records.records, name="personal_records"),
    *(path(f"personal-records/new/{kind}", records.new, {"kind": kind}) for kind in records.KINDS),
    path(_RECORD, records.record, name="personal_record"),
    path(f"{_RECORD}/bind", records.bind, name="bind_record"),
    path(f"{_RECORD}/narrow", records.narrow, name="narrow_record"),
    path(f"{_RECORD}/withdraw", records.withdraw, name="withdraw_record"),
    path("reviews", reviewer.queue, name="reviews"),
    path("reviews/<uuid:review_id>", reviewer.review, name="review"),
    *(
        path(f"reviews/<uuid:review_id>/{verb}", reviewer.decide, {"verb": verb})
        for verb in _REVIEW_VERBS
    ),
    path("reviews/<uuid:review_id>/take", reviewer.take, name="take_review"),
    *(
        path(f"reviews/<uuid:review_id>/{verb}", reviewer.hand, {"verb": verb})
        for verb in ("delegate", "reassign")
    ),
    path("reviews/<uuid:review_id>/notes", reviewer.write, name="note_review"),
    path("decisions/<uuid:decision_id>", explanations.decision, name="decision"),
    path("laws/<str:instrument>/<str:version>", explanations.law, name="law"),
    path("statistics", statistics.statistics_page, name="statistics"),
    path("statistics.csv", statistics.statistics_csv, name="statistics_csv"),
    path("statistics.json", statistics.statistics_json, name="statistics_json"),
    path("ends", watch.ends, name="ends"),
    path("attestations", watch.attestations, name="attestations"),
    path("attestations/attest", watch.attest, name="attest_venue"),
    path("absences", absences.absences, name="absences"),
    path("absences/note", absences.note_absence, name="note_absence"),
    path("absences/<uuid:absence_id>/cancel", absences.cancel_absence, name="cancel_absence"),
    path("checklists", checklists.list_checklists, name="checklists"),
    path("checklists/import", checklists.import_checklist, name="import_checklist"),
    path(_LIST, checklists.checklist, name="checklist"),
    *(
        path(f"{_LIST}/{verb}", checklists.act_on_checklist, {"verb": verb})
        for verb in checklists.VERBS
    ),
    path(f"{_LIST}/schedule", checklists.schedule, name="schedule_checklist"),
    path(f"{_LIST}/copy", checklists.copy, name="copy_checklist"),
    path(f"{_LIST}/evidence", checklists.save_evidence_kind, name="save_evidence_kind"),
    path(f"{_LIST}/export", checklists.export, name="export_checklist"),
    path(f"{_LIST}/compare", checklists.compare, name="compare_checklists"),
    path(f"{_LIST}/items/<str:item_code>", items.item, name="checklist_item"),
    path(f"{_LIST}/items/<str:item_code>/save", items.save_item, name="save_item"),
    path(f"{_LIST}/items/<str:item_code>/check", items.check, name="check_item"),
    path(f"{_LIST}/items/<str:item_code>/remove", items.remove_item, name="remove_item"),
    path(f"{_LIST}/trials/begin", trials.begin, name="begin_trial"),
    path(f"{_LIST}/trials/<uuid:trial_id>", trials.trial, name="trial"),
    path(f"{_LIST}/trials/<uuid:trial_id>/progress", trials.progress, name="trial_progress"),
    *(
        path(f"{_LIST}/trials/<uuid:trial_id>/{verb}", trials.act_on_trial, {"verb": verb})
        for verb in ("interrupt", "resume")
    ),
    path("applications", venue.list_applications, name="applications"),
    path(_APPLICATION, venue.application, name="application"),
    path(f"{_APPLICATION}/code", venue.give_code, name="give_code"),
    *(path(f"{_APPLICATION}/{verb}", venue.decide, {"verb": verb}) for verb in _ORGANISATION_VERBS),
    *(
        path(f"{_APPLICATION}/capacities/<slug:kind>/{verb}", venue.decide_capacity, {"verb": verb})
        for verb in _CAPACITY_VERBS
    ),
    path("exports", exports.exports, name="exports"),
    path("exports/<uuid:organisation_id>", exports.exporter, name="exporter"),
    path("exports/<uuid:organisation_id>/register", exports.record, name="record_register_entry"),
    path("order/<uuid:plan_id>", buyer.order_form, name="order_form"),
    path("order/<uuid:plan_id>/check", buyer.check_order, name="order_check"),
    path("orders", buyer.list_orders, name="orders"),
    path("orders/<uuid:order_id>", buyer.order, name="order"),
    path("orders/<uuid:order_id>/negotiation", buyer.negotiation, name="negotiation"),
    path("orders/<uuid:order_id>/quote", buyer.quote, name="quote"),
    *(
        path(f"orders/<uuid:order_id>/{verb}", buyer.act_on_order, {"verb": verb})
        for verb in _ORDER_VERBS
    ),
    path("trades", trades.list_trades, name="trades"),
    path("trades/<uuid:trade_id>", trades.trade, name="trade"),
    path("trades/<uuid:trade_id>/contract", contracts.contract, name="contract"),
    path("trades/<uuid:trade_id>/contract.json", contracts.contract_json, name="contract_json"),
    path(
        "trades/<uuid:trade_id>/contract-proof.json",
        contracts.contract_proof_json,
        name="contract_proof_json",
    ),
    path(
        "trades/<uuid:trade_id>/download/<uuid:release_id>", trades.download, name="trade_download"
    ),
    path("trades/<uuid:trade_id>/decide", trades.decide, name="decide_dispute"),
    *(
        path(
            f"trades/<uuid:trade_id>/deletions/<uuid:deletion_id>/{verb}",
            deletions.act_on_deletion,
            {"verb": verb},
        )
        for verb in deletions.VERBS
    ),
    *(
        path(f"trades/<uuid:trade_id>/{verb}", trades.act_on_trade, {"verb": verb})
        for verb in _TRADE_VERBS
    ),
    path("demands", demands.list_demands, name="demands"),
    path("demands/new", demands.publish, name="publish_demand"),
    path("demands/<uuid:demand_id>", demands.demand, name="demand"),
    path("demands/<uuid:demand_id>/close", demands.close, name="close_demand"),
    path("demands/<uuid:demand_id>/quotes", demands.answer, name="answer_demand"),
    path("demands/<uuid:demand_id>/pick/<uuid:quote_id>", demands.pick, name="pick_quote"),
    path("fees", fees.fees, name="fees"),
    path("fees/<str:currency>/set", fees.set_fees, name="set_fees"),
    path("statement", money.statement, name="statement"),
    path("statement.csv", money.statement_csv, name="statement_csv"),
    path("organisation", members.organisation, name="organisation"),
    path("organisation/choose", members.choose, name="choose_organisation"),
    path("organisation/apply", members.apply, name="apply_for_organisation"),
    path("organisation/capacity", members.apply_for_capacity, name="apply_for_capacity"),
    path("organisation/invite", members.invite, name="invite_member"),
    path("organisation/members/<uuid:membership_id>/end", members.end, name="end_membership"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/make", tokens.make, name="make_token"),
    path("tokens/<uuid:token_id>/revoke", tokens.revoke, name="revoke_token"),
    path("invitations/<str:key>", members.invitation, name="invitation"),
    path("theme", theme.set_theme, name="set_theme"),
    path("language/", include("django.conf.urls.i18n")),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/<slug:name>", gallery.gallery, name="gallery_page"),
]
