from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "maillage.agenda"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from maillage.agenda import actions, exchange, notices, panels, receivers, search  # noqa: F401
        from maillage.agenda.queries import persons  # noqa: F401
        from maillage.agenda.registry import personal  # noqa: F401
