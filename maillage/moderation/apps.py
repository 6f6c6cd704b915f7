from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "maillage.moderation"
    verbose_name = "Signalements"

    def ready(self) -> None:
        from maillage.moderation import notices, panels, registry  # noqa: F401
        from maillage.moderation.actions import minding  # noqa: F401 (declares the task of each night)
        from maillage.moderation.queries import persons  # noqa: F401
        from maillage.moderation.registry import personal  # noqa: F401
