from django.apps import AppConfig


class RadioConfig(AppConfig):
    name = "maillage.radio"
    verbose_name = "Radio"

    def ready(self) -> None:
        from maillage.radio import actions, feeds, panels, receivers, search  # noqa: F401
        from maillage.radio.registry import personal  # noqa: F401
