from django.apps import AppConfig


class ToursConfig(AppConfig):
    name = "maillage.tours"
    verbose_name = "Tournées"

    def ready(self) -> None:
        from maillage.tours import actions, notices, panels, receivers  # noqa: F401
        from maillage.tours.registry import personal  # noqa: F401
