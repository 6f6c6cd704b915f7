from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "maillage.portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        from maillage.portal import panels, registry  # noqa: F401 - registers the menu and the journal's words
