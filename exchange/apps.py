"""The roof's registration with Django: it alone joins the apps."""

from django.apps import AppConfig

from core.events import register_reactions


class ExchangeConfig(AppConfig):
    """Orders, matching, contracts and the portal."""

    name = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the ground floor which reactions follow which event."""
        from exchange.reactions import TABLE  # models are not loaded before this

        register_reactions({key: [f.__name__ for f in fs] for key, fs in TABLE.items()})
