"""Every address of the venue. Invariant: the API stands under /api/v1/, pages stand beside it."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from compliance.urls import api_urls as compliance_urls
from core.api import urls_for
from core.api.problems import unknown_address
from core.urls import api_urls as core_urls
from delivery.urls import api_urls as delivery_urls
from delivery.urls import page_urls
from exchange.api import decisions, demands, ends, orders, samples, start, statistics, trades
from exchange.api.keys import jwks
from exchange.health import health
from listings.urls import api_urls as listings_urls
from settlement.urls import api_urls as settlement_urls

handler400 = "exchange.portal.edge.unreadable"

# Importing them is what declares the roof's own endpoints.
API_ROOMS = (start, orders, trades, demands, samples, ends, statistics, decisions)

urlpatterns = [
    path("api/v1/", include(core_urls)),
    path("api/v1/", include(listings_urls)),
    path("api/v1/", include(compliance_urls)),
    path("api/v1/", include(settlement_urls)),
    path("api/v1/", include(delivery_urls)),
    path("api/v1/", include(urls_for("exchange"))),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
    re_path(r"^api/", unknown_address),
    path("health", health),
    path(".well-known/jwks.json", jwks),
    path("accounts/", include("allauth.urls")),
    path("", include(page_urls)),
    path("", include("exchange.portal.urls")),
]
