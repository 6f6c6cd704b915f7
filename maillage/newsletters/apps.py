from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "maillage.newsletters"
    verbose_name = "Lettres"

    def ready(self) -> None:
        from maillage.newsletters import notices, panels, receivers, search  # noqa: F401
        from maillage.newsletters.actions import minding, sending, subscribing  # noqa: F401
        from maillage.newsletters.registry import personal  # noqa: F401
