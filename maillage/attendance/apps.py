from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "maillage.attendance"
    verbose_name = "Inscriptions"

    def ready(self) -> None:
        from maillage.attendance import actions, notices, panels, receivers  # noqa: F401
        from maillage.attendance.registry import personal  # noqa: F401
