from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "maillage.catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from maillage.catalogue import actions, exchange, notices, panels, receivers, search  # noqa: F401
        from maillage.catalogue.registry import personal  # noqa: F401
