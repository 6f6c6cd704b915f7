from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "maillage.directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from maillage.directory import exchange, notices, panels, receivers, registry, search  # noqa: F401
        from maillage.directory.actions import judging, minding, reminding, unmerging  # noqa: F401 (declare the tasks of each night)
        from maillage.directory.registry import personal  # noqa: F401
