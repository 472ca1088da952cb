"""Addresses of the pages. Invariant: a verb has the same name here as in its table."""

from django.urls import include, path

from exchange.portal import (
    buyer,
    contracts,
    deletions,
    demands,
    drafts,
    fees,
    gallery,
    members,
    money,
    public,
    reviewer,
    rights,
    sponsorships,
    theme,
    tokens,
    trades,
    vendor,
    venue,
    versions,
)
from exchange.portal.draft_forms import SECTIONS

_VERSION_VERBS = ("submit", "revise", "abandon", "delist")
_REVIEW_VERBS = ("approve", "refuse", "return", "confirm", "reject")
_ORDER_VERBS = ("confirm", "decline", "cancel", "accept")
_TRADE_VERBS = ("accept", "dispute", "refund")
_ORGANISATION_VERBS = ("verify", "refuse", "suspend", "reinstate", "close")
_CAPACITY_VERBS = ("admit", "refuse", "suspend", "reinstate", "withdraw")
_APPLICATION = "applications/<uuid:organisation_id>"

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
    path("versions/<uuid:version_id>/sign", versions.sign, name="sign_declaration"),
    path(
        "versions/<uuid:version_id>/declarations/<uuid:declaration_id>/withdraw",
        versions.withdraw_declaration,
        name="withdraw_declaration",
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
    path("reviews", reviewer.queue, name="reviews"),
    path("reviews/<uuid:review_id>", reviewer.review, name="review"),
    *(
        path(f"reviews/<uuid:review_id>/{verb}", reviewer.decide, {"verb": verb})
        for verb in _REVIEW_VERBS
    ),
    path("applications", venue.list_applications, name="applications"),
    path(_APPLICATION, venue.application, name="application"),
    path(f"{_APPLICATION}/code", venue.give_code, name="give_code"),
    *(path(f"{_APPLICATION}/{verb}", venue.decide, {"verb": verb}) for verb in _ORGANISATION_VERBS),
    *(
        path(f"{_APPLICATION}/capacities/<slug:kind>/{verb}", venue.decide_capacity, {"verb": verb})
        for verb in _CAPACITY_VERBS
    ),
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
