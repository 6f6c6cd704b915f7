from django.apps import AppConfig


class LoansConfig(AppConfig):
    name = "maillage.loans"
    verbose_name = "Prêts"

    def ready(self) -> None:
        from maillage.loans import actions, notices, panels, receivers  # noqa: F401
        from maillage.loans.registry import personal  # noqa: F401
