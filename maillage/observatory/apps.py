from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "maillage.observatory"
    verbose_name = "Observatoire"

    def ready(self) -> None:
        from maillage.observatory import panels  # noqa: F401  (adds itself to the menu)
