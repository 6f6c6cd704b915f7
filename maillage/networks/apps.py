from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "maillage.networks"
    verbose_name = "Réseaux"

    def ready(self) -> None:
        from maillage.networks import panels, receivers  # noqa: F401
