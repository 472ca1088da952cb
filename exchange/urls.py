"""Every address of the venue. Invariant: the API stands under /api/v1/, pages stand beside it."""

import importlib
import importlib.util

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.api.problems import unknown_address
from delivery.urls import page_urls
from exchange.health import health

_apis = [
    path("", include(importlib.import_module(f"{app}.urls").api_urls))
    for app in ("core", "listings", "compliance", "settlement", "delivery", "exchange")
    if importlib.util.find_spec(f"{app}.urls") and app != "exchange"
]

urlpatterns = [
    path("api/v1/", include(_apis)),
    path("api/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api"),
    re_path(r"^api/.*$", unknown_address),
    path("health", health),
    path("accounts/", include("allauth.urls")),
    path("", include(page_urls)),
]
