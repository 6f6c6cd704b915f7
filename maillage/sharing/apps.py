from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "maillage.sharing"
    verbose_name = "Partages entre réseaux"

    def ready(self) -> None:
        from maillage.sharing import actions, notices, panels, receivers, registry  # noqa: F401
