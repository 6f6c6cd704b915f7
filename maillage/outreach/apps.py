from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "maillage.outreach"
    verbose_name = "Relations"

    def ready(self) -> None:
        from maillage.outreach import actions, notices, panels, receivers, registry  # noqa: F401
