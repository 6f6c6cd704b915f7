from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "maillage.activity"
    verbose_name = "Activité"

    def ready(self) -> None:
        from maillage.activity import notices, panels, receivers  # noqa: F401
