from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "maillage.communities"
    verbose_name = "Communautés"

    def ready(self) -> None:
        from maillage.communities import actions, feeds, notices, panels, receivers, search  # noqa: F401
        from maillage.communities.queries import persons  # noqa: F401
        from maillage.communities.registry import personal  # noqa: F401
