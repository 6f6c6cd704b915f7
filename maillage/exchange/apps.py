from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "maillage.exchange"
    verbose_name = "Imports et exports"

    def ready(self) -> None:
        from maillage.exchange import actions, panels  # noqa: F401 (declare background tasks and menus)
