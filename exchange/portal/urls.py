"""Addresses of the pages. Invariant: a verb has the same name here as in its table."""

from django.urls import include, path

from exchange.portal import buyer, gallery, money, public, reviewer, theme, vendor

_VERSION_VERBS = ("submit", "revise", "delist", "sign")
_REVIEW_VERBS = ("approve", "refuse", "return", "confirm", "reject")
_ORDER_VERBS = ("confirm", "decline", "cancel", "accept", "quote")
_TRADE_VERBS = ("accept", "dispute", "refund", "dismiss")

urlpatterns = [
    path("", public.home, name="home"),
    path("catalogue", public.catalogue, name="catalogue"),
    path("catalogue/<uuid:product_id>", public.product, name="product"),
    path("problems/<slug:code>", public.problem, name="problem"),
    path("verify", public.verify, name="verify"),
    path("products", vendor.products, name="products"),
    path("versions/<uuid:version_id>", vendor.version, name="version"),
    *(
        path(f"versions/<uuid:version_id>/{verb}", vendor.act_on_version, {"verb": verb})
        for verb in _VERSION_VERBS
    ),
    path("reviews", reviewer.queue, name="reviews"),
    path("reviews/<uuid:review_id>", reviewer.review, name="review"),
    *(
        path(f"reviews/<uuid:review_id>/{verb}", reviewer.decide, {"verb": verb})
        for verb in _REVIEW_VERBS
    ),
    path("order/<uuid:plan_id>", buyer.order_form, name="order_form"),
    path("order/<uuid:plan_id>/check", buyer.check_order, name="order_check"),
    path("orders", buyer.list_orders, name="orders"),
    path("orders/<uuid:order_id>", buyer.order, name="order"),
    path("orders/<uuid:order_id>/negotiation", buyer.negotiation, name="negotiation"),
    *(
        path(f"orders/<uuid:order_id>/{verb}", buyer.act_on_order, {"verb": verb})
        for verb in _ORDER_VERBS
    ),
    path("trades", buyer.list_trades, name="trades"),
    path("trades/<uuid:trade_id>", buyer.trade, name="trade"),
    path("trades/<uuid:trade_id>/contract", buyer.contract, name="contract"),
    path(
        "trades/<uuid:trade_id>/download/<uuid:release_id>", buyer.download, name="trade_download"
    ),
    *(
        path(f"trades/<uuid:trade_id>/{verb}", buyer.act_on_trade, {"verb": verb})
        for verb in _TRADE_VERBS
    ),
    path("statement", money.statement, name="statement"),
    path("theme", theme.set_theme, name="set_theme"),
    path("language/", include("django.conf.urls.i18n")),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/<slug:name>", gallery.gallery, name="gallery_page"),
]
