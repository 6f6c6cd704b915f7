from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "maillage.publications"
    verbose_name = "Publications"

    def ready(self) -> None:
        from maillage.publications import actions, notices, panels, receivers, search  # noqa: F401
        from maillage.publications.queries import persons  # noqa: F401
        from maillage.publications.registry import personal  # noqa: F401
