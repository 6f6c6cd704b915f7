from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "maillage.exchange"
    verbose_name = "Imports et exports"

    def ready(self) -> None:
        from maillage.exchange import actions  # noqa: F401 (declares the background tasks)
