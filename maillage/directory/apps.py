from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "maillage.directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from maillage.directory import exchange, panels, receivers, registry, search  # noqa: F401
