"""How the API's authentication reads in its OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class MemberAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A bearer token; the portal's session does the same with its CSRF token."""

    target_class = "core.api.authentication.MemberAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        """Return the security scheme (OpenAPI 3, RFC 6750)."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "dbt_…"}
